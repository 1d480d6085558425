package com.credlink.ledger.note;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A text with signatures below it (c2sp.org/signed-note).
 *
 * @param text ends in a newline; what the signatures are about.
 * @param signatures in the order of their lines, at least one.
 */
public record SignedNote(String text, List<NoteSignature> signatures) {

  /** Bytes in the longest note that is read or made. */
  public static final int MAX_BYTES = 1 << 20;

  /** Lines in the note with the most signatures; the specification demands 16 at least. */
  public static final int MAX_SIGNATURES = 100;

  private static final String KIND = "signed note";

  /**
   * A known key's signature that was checked.
   *
   * @param time when it was made as it says, in POSIX seconds; empty if its type has no time.
   */
  public record Verified(VerifierKey key, OptionalLong time) {}

  /**
   * Checks the parts.
   *
   * @throws NoteException when they are not a note's.
   */
  public SignedNote {
    signatures = List.copyOf(signatures);
    if (!text.endsWith("\n") || !Text.isPlain(text)) {
      throw new NoteException.Malformed(
          KIND, "its text does not end in a newline or has a control character");
    }
    if (signatures.isEmpty()) {
      throw new NoteException.Malformed(KIND, "it has no signature");
    }
    if (signatures.size() > MAX_SIGNATURES) {
      throw new NoteException.TooLarge(KIND, MAX_SIGNATURES, "signatures");
    }
  }

  /**
   * Signs a text.
   *
   * @param time goes into signatures whose type is timed.
   * @param signers their lines stand in this order.
   * @throws NoteException when the text is none that these keys can sign.
   */
  public static SignedNote sign(String text, Instant time, List<NoteSigner> signers) {
    return new SignedNote(
        text, signers.stream().map(signer -> signer.signature(text, time)).toList());
  }

  /**
   * Reads a note.
   *
   * @throws NoteException.Malformed when it is not one.
   * @throws NoteException.TooLarge when it is longer or has more signatures than is read.
   */
  public static SignedNote parse(byte[] note) {
    if (note.length > MAX_BYTES) {
      throw new NoteException.TooLarge(KIND, MAX_BYTES, "bytes");
    }
    String all = Text.utf8(KIND, note);
    int empty = all.lastIndexOf("\n\n");
    if (empty < 0 || !all.endsWith("\n") || empty + 2 == all.length()) {
      throw new NoteException.Malformed(
          KIND, "it is not text, an empty line and lines with signatures");
    }
    String[] lines = all.substring(empty + 2, all.length() - 1).split("\n", -1);
    if (lines.length > MAX_SIGNATURES) {
      throw new NoteException.TooLarge(KIND, MAX_SIGNATURES, "signatures");
    }
    List<NoteSignature> signatures = new ArrayList<>(lines.length);
    for (String line : lines) {
      signatures.add(NoteSignature.parse(line));
    }
    return new SignedNote(all.substring(0, empty + 1), signatures);
  }

  /** The note as it is published. */
  public String format() {
    return text
        + signatures.stream()
            .map(signature -> signature.line() + "\n")
            .collect(Collectors.joining("", "\n", ""));
  }

  /** {@link #format} in UTF-8. */
  public byte[] toByteArray() {
    return format().getBytes(StandardCharsets.UTF_8);
  }

  /** The note with these signatures below its own; those that it has are not repeated. */
  public SignedNote with(Collection<NoteSignature> more) {
    Set<NoteSignature> all = new LinkedHashSet<>(signatures);
    all.addAll(more);
    return new SignedNote(text, List.copyOf(all));
  }

  /**
   * Checks the signatures of the keys that are known; all others say nothing.
   *
   * @return at least one, in the order of their lines.
   * @throws NoteException.BadSignature when one of a known key is not its signature.
   * @throws NoteException.NotSigned when there is none of a known key.
   */
  public List<Verified> verify(Collection<VerifierKey> known) {
    List<Verified> verified = verifyAny(known);
    if (verified.isEmpty()) {
      throw new NoteException.NotSigned("a known key");
    }
    return verified;
  }

  /**
   * The lines of the keys that are known, in their order, and no others.
   *
   * @throws NoteException as {@link #verify}.
   */
  public List<NoteSignature> linesOf(Collection<VerifierKey> known) {
    verify(known);
    return signatures.stream().filter(line -> known.stream().anyMatch(line::isOf)).toList();
  }

  /** As {@link #verify}, and there may be none. */
  List<Verified> verifyAny(Collection<VerifierKey> known) {
    List<Verified> verified = new ArrayList<>();
    Set<VerifierKey> keys = Set.copyOf(known);
    for (NoteSignature signature : signatures) {
      for (VerifierKey key : keys) {
        if (signature.isOf(key)) {
          if (!key.verifies(text, signature)) {
            throw new NoteException.BadSignature(key);
          }
          verified.add(new Verified(key, key.time(signature)));
        }
      }
    }
    return verified;
  }
}
