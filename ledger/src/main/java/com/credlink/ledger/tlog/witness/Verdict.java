package com.credlink.ledger.tlog.witness;

import com.credlink.ledger.note.NoteSignature;
import java.util.List;

/** What a witness says to a request to cosign. */
public sealed interface Verdict {

  /** The HTTP status that tlog-witness gives it. */
  int status();

  /** The tree was cosigned, and that is on the disk. */
  record Cosigned(List<NoteSignature> lines) implements Verdict {
    public Cosigned {
      lines = List.copyOf(lines);
    }

    @Override
    public int status() {
      return 200;
    }
  }

  /** The request is not in its form. */
  record Malformed(String why) implements Verdict {
    @Override
    public int status() {
      return 400;
    }
  }

  /** None of the log's keys has signed, or one of its lines is not its signature. */
  record Untrusted(String why) implements Verdict {
    @Override
    public int status() {
      return 403;
    }
  }

  /** This witness does not watch that log. */
  record UnknownOrigin(String origin) implements Verdict {
    @Override
    public int status() {
      return 404;
    }
  }

  /** The log is wrong about what was cosigned last. */
  record AnotherSize(long size) implements Verdict {
    @Override
    public int status() {
      return 409;
    }
  }

  /** The tree does not continue what was cosigned last, or that is not proven. */
  record Inconsistent(String why) implements Verdict {
    @Override
    public int status() {
      return 422;
    }
  }
}
