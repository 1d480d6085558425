package com.credlink.ledger.log;

import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.note.Checkpoint;
import java.time.Instant;
import java.util.Base64;

/**
 * What whoever ends a log after a loss states about it, for all who hold checkpoints of it. Signed
 * as a note with the ended log's own key, so that they need no other to believe it. Its first line
 * is no origin and its second no size: it cannot be taken for a checkpoint.
 *
 * @param origin of the log that was ended
 * @param kept the largest tree that was signed and that the records still have; size 0 if there is
 *     none
 * @param signed the tree that was signed last: what is behind {@code kept} is lost or changed
 * @param at when
 * @param reason why, one line
 */
public record LogSeal(
    LogOrigin origin, Checkpoint kept, Checkpoint signed, Instant at, String reason) {

  private static final String KIND = "ledger-log-seal/v1";

  /** The text of the note. */
  public String text() {
    return String.join(
        "\n",
        KIND,
        "origin " + origin,
        "size " + kept.size(),
        "root " + kept.root().base64(),
        "signed-size " + signed.size(),
        "signed-root " + signed.root().base64(),
        "successor " + origin.successor(),
        "sealed-at " + at,
        "reason " + reason,
        "");
  }

  /**
   * Reads the text of a note.
   *
   * @throws IllegalArgumentException if it is another's
   */
  public static LogSeal parse(String text, int partition) {
    String[] lines = text.split("\n", -1);
    if (lines.length != 10 || !lines[0].equals(KIND)) {
      throw new IllegalArgumentException("this is not the seal of a log");
    }
    String origin = value(lines[1], "origin");
    return new LogSeal(
        LogOrigin.parse(origin, partition),
        head(origin, value(lines[2], "size"), value(lines[3], "root")),
        head(origin, value(lines[4], "signed-size"), value(lines[5], "signed-root")),
        Instant.parse(value(lines[7], "sealed-at")),
        value(lines[8], "reason"));
  }

  private static Checkpoint head(String origin, String size, String root) {
    return new Checkpoint(origin, Long.parseLong(size), Hash.of(Base64.getDecoder().decode(root)));
  }

  private static String value(String line, String name) {
    if (!line.startsWith(name + " ")) {
      throw new IllegalArgumentException("the seal of a log has no '%s'".formatted(name));
    }
    return line.substring(name.length() + 1);
  }
}
