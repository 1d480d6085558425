/**
 * The {@code ledger} command line: one class per command. Errors are one sentence on stderr; exit
 * codes are {@link com.credlink.ledger.cli.ExitCode}.
 */
package com.credlink.ledger.cli;
