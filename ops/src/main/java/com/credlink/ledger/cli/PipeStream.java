package com.credlink.ledger.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * What is written to stdout as data. A {@link PrintStream} hides that nobody reads any more; this
 * says so, so that a pass over the whole log ends there.
 */
final class PipeStream extends OutputStream {

  /** The reader has gone away, as {@code head} does once it has enough. */
  static final class Closed extends IOException {
    private static final long serialVersionUID = 1L;

    private Closed() {
      super("nobody reads the output any more");
    }
  }

  private final PrintStream out;

  PipeStream(PrintStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    out.write(bytes, from, length);
    require();
  }

  @Override
  public void flush() throws IOException {
    out.flush();
    require();
  }

  /** Flushes too. */
  private void require() throws Closed {
    if (out.checkError()) {
      throw new Closed();
    }
  }
}
