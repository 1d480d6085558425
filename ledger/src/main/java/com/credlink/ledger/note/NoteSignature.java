package com.credlink.ledger.note;

import com.credlink.ledger.event.Bytes;
import java.nio.ByteBuffer;

/**
 * A signature line of a note (c2sp.org/signed-note).
 *
 * @param name the key's name.
 * @param keyId the key's id.
 * @param signature what follows the id, at least a byte.
 */
public record NoteSignature(String name, int keyId, Bytes signature) {

  private static final String KIND = "signature line";

  /** Em dash and space. */
  private static final String PREFIX = "\u2014 ";

  /**
   * Checks the parts.
   *
   * @throws NoteException.Malformed when the name cannot be a key's or there is no signature.
   */
  public NoteSignature {
    if (!Text.isKeyName(name)) {
      throw new NoteException.Malformed(KIND, "no key can have its name");
    }
    if (signature.length() == 0) {
      throw new NoteException.Malformed(KIND, "nothing follows the key's id");
    }
  }

  /**
   * Reads a line, without its newline.
   *
   * @throws NoteException.Malformed when it is not one.
   */
  static NoteSignature parse(String line) {
    int space = line.indexOf(' ', PREFIX.length());
    if (!line.startsWith(PREFIX) || space < 0) {
      throw new NoteException.Malformed(KIND, "it is not dash, key name and signature");
    }
    byte[] bytes = Text.base64(KIND, "its signature", line.substring(space + 1));
    if (bytes.length < Integer.BYTES) {
      throw new NoteException.Malformed(KIND, "it has no key id");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int keyId = in.getInt();
    byte[] signature = new byte[in.remaining()];
    in.get(signature);
    return new NoteSignature(line.substring(PREFIX.length(), space), keyId, Bytes.wrap(signature));
  }

  /** The line, without its newline. */
  public String line() {
    ByteBuffer out = ByteBuffer.allocate(Integer.BYTES + signature.length());
    out.putInt(keyId).put(signature.asBuffer());
    return PREFIX + name + " " + Text.base64(out.array());
  }

  /** Whether it claims to be this key's; that says nothing of whether it is. */
  public boolean isOf(VerifierKey key) {
    return keyId == key.id() && name.equals(key.name());
  }
}
