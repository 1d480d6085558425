package com.credlink.ledger.merkle;

/** A proof does not prove what it claims. */
public abstract sealed class ProofException extends RuntimeException {

  private ProofException(String message) {
    super(message);
  }

  /** The proof is about a leaf or a tree that cannot be: no path could prove it. */
  public static final class OutOfRange extends ProofException {
    private OutOfRange(String message) {
      super(message);
    }

    static OutOfRange index(long index, long size) {
      return new OutOfRange("a tree of %d leaves has no leaf %d".formatted(size, index));
    }

    static OutOfRange sizes(long from, long to) {
      return new OutOfRange("a tree of %d leaves continues none of %d".formatted(to, from));
    }
  }

  /** The path has not the length that follows from the proof's numbers. */
  public static final class WrongLength extends ProofException {
    WrongLength(int expected, int actual) {
      super("the path has %d hashes, not %d".formatted(actual, expected));
    }
  }

  /** The path leads to another root than the one that is to be proven. */
  public static final class WrongRoot extends ProofException {
    private final long size;

    WrongRoot(long size, Hash expected, Hash actual) {
      super("the path leads to root %s at size %d, not to %s".formatted(actual, size, expected));
      this.size = size;
    }

    /** The size of the tree with this root. */
    public long size() {
      return size;
    }
  }
}
