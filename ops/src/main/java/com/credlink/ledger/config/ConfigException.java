package com.credlink.ledger.config;

/**
 * The configuration cannot be used. The message is one sentence for whoever wrote it: it names the
 * key and what to do.
 */
public final class ConfigException extends Exception {

  private static final long serialVersionUID = 1L;

  public ConfigException(String sentence) {
    super(sentence);
  }
}
