/** Every way to say no, as RFC 9457 problem details. */
package com.credlink.ledger.api.problem;
