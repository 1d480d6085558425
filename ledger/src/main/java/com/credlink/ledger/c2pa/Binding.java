package com.credlink.ledger.c2pa;

import com.credlink.ledger.c2pa.Carrier.Found;
import com.credlink.ledger.cbor.CborItem;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The image that a hard binding must fit (C2PA 2.2 section 15.12.1). */
sealed interface Binding {

  /** Why a {@code c2pa.hash.data} does not fit the image; empty if it does. */
  Optional<String> mismatch(CborItem dataHash);

  /** The credentials are in the image: the hash leaves them out, and nothing else. */
  @SuppressWarnings("ArrayRecordComponent") // Used once.
  record Embedded(byte[] image, Found found) implements Binding {
    @Override
    public Optional<String> mismatch(CborItem dataHash) {
      List<CborItem> exclusions =
          dataHash.get("exclusions").map(CborItem::elements).orElse(List.of());
      if (exclusions.size() != 1
          || !exclusions
              .getFirst()
              .get("start")
              .flatMap(CborItem::asInt)
              .equals(Optional.of((long) found.from()))
          || !exclusions
              .getFirst()
              .get("length")
              .flatMap(CborItem::asInt)
              .equals(Optional.of((long) found.length()))) {
        return Optional.of("the part that the hash leaves out is not where the credentials are");
      }
      int end = found.from() + found.length();
      return compare(
          dataHash,
          List.of(
              ByteBuffer.wrap(image, 0, found.from()),
              ByteBuffer.wrap(image, end, image.length - end)));
    }
  }

  /** The credentials are elsewhere: the hash leaves nothing out. */
  @SuppressWarnings("ArrayRecordComponent") // Used once.
  record Beside(byte[] image) implements Binding {
    @Override
    public Optional<String> mismatch(CborItem dataHash) {
      if (dataHash.get("exclusions").isPresent()) {
        return Optional.of("the hash leaves something out though the credentials are elsewhere");
      }
      return compare(dataHash, List.of(ByteBuffer.wrap(image)));
    }
  }

  private static Optional<String> compare(CborItem dataHash, List<ByteBuffer> hashed) {
    if (dataHash.get("alg").flatMap(CborItem::asText).filter(Sha256.NAME::equals).isEmpty()) {
      return Optional.of("the hash is none that this reader makes");
    }
    byte[] stated = dataHash.get("hash").flatMap(CborItem::asBytes).orElse(new byte[0]);
    return Arrays.equals(stated, Sha256.of(hashed))
        ? Optional.empty()
        : Optional.of("the image was changed after it was signed");
  }
}
