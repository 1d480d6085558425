/**
 * Who may do what: authentication, one small policy, and the decision that is durable before the
 * answer.
 */
package com.credlink.ledger.api.access;
