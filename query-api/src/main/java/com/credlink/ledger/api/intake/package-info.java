/** The gateways: where a request from outside becomes a fact. */
package com.credlink.ledger.api.intake;
