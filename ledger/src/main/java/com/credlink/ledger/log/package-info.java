/**
 * The log: the one declaration of its topics, the append with its typed failures, the replay that
 * refuses a gap. Facts are appended here and nowhere else.
 */
package com.credlink.ledger.log;
