package com.credlink.ledger.c2pa;

import com.credlink.ledger.event.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/**
 * An image with credentials, as views of the original around what was inserted: it takes no memory
 * of its own but the credentials. The original must not be changed meanwhile.
 */
public final class SignedImage {

  private final List<ByteBuffer> pieces;
  private final Bytes store;
  private final String contentSha256;

  SignedImage(List<ByteBuffer> pieces, byte[] store, byte[] contentDigest) {
    this.pieces = List.copyOf(pieces);
    this.store = Bytes.wrap(store);
    this.contentSha256 = HexFormat.of().formatHex(contentDigest);
  }

  /** Its length in bytes. */
  public long size() {
    return pieces.stream().mapToLong(ByteBuffer::remaining).sum();
  }

  /** SHA-256 of the file, lower-case hex. */
  public String sha256() {
    return HexFormat.of().formatHex(Sha256.of(pieces));
  }

  /** SHA-256 of the file without credentials, lower-case hex; what the credentials vouch for. */
  public String contentSha256() {
    return contentSha256;
  }

  /** The store of credentials, as it is served with the type {@code application/c2pa}. */
  public Bytes store() {
    return store;
  }

  /** SHA-256 of {@link #store}, lower-case hex. */
  public String storeSha256() {
    return HexFormat.of().formatHex(Sha256.of(store.toArray()));
  }

  /** The file as a stream, which takes no copy of it. */
  public InputStream stream() {
    return new SequenceInputStream(
        Collections.enumeration(pieces.stream().map(SignedImage::stream).toList()));
  }

  private static InputStream stream(ByteBuffer piece) {
    ByteBuffer rest = piece.duplicate();
    return new InputStream() {
      @Override
      public int read() {
        return rest.hasRemaining() ? rest.get() & 0xFF : -1;
      }

      @Override
      public int read(byte[] to, int from, int length) {
        if (!rest.hasRemaining()) {
          return length == 0 ? 0 : -1;
        }
        int some = Math.min(length, rest.remaining());
        rest.get(to, from, some);
        return some;
      }
    };
  }

  /** Writes the file. */
  public void writeTo(OutputStream out) throws IOException {
    WritableByteChannel channel = Channels.newChannel(out);
    for (ByteBuffer piece : pieces) {
      ByteBuffer rest = piece.duplicate();
      while (rest.hasRemaining()) {
        var _ = channel.write(rest);
      }
    }
  }

  /** The file in one array. */
  public byte[] toByteArray() {
    ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(size()));
    pieces.forEach(piece -> all.put(piece.duplicate()));
    return all.array();
  }
}
