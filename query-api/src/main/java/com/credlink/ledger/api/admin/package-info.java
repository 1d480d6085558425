/** What administrators do: each act is an event before it takes effect. */
package com.credlink.ledger.api.admin;
