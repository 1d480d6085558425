package com.credlink.ledger.c2pa;

import com.credlink.ledger.asset.ImageCheck;
import com.credlink.ledger.asset.ImageType;
import com.credlink.ledger.c2pa.C2paException.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An image around its credentials: what stands before the place where they belong and what stands
 * after it, as views of the image, so that nothing is copied. Credentials that it has are taken
 * out.
 */
final class Carrier {

  private final Format format;
  private final List<ByteBuffer> before;
  private final List<ByteBuffer> after;
  private final Optional<Found> found;

  /**
   * Credentials that an image had.
   *
   * @param store its store
   * @param from where what carries it began in the image
   * @param length of all that carries it
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed on, not compared.
  record Found(byte[] store, int from, int length) {}

  /** A kind of image: where its credentials are, and how they are put in. */
  sealed interface Format permits Jpeg, Png {
    /** The type. */
    ImageType type();

    /** What carries a store, to be inserted as it is. */
    byte[] wrap(byte[] store);

    /** How much {@link #wrap} makes of a store of that length. */
    int wrapped(int storeLength);

    /** What carries an XMP packet, to be inserted as it is. */
    byte[] wrapXmp(byte[] packet);
  }

  /** What a part of an image is. */
  enum Kind {
    CONTENT,
    CREDENTIALS,
    XMP
  }

  /** A part of an image, from one offset up to another. */
  record Part(Kind kind, int from, int to) {}

  /**
   * An image taken apart.
   *
   * @param parts in order, without a gap
   * @param place where credentials belong, which is where a part begins
   * @param store the store that it has
   * @param xmp the XMP packet that it has
   */
  record Parts(
      Format format, List<Part> parts, int place, Optional<byte[]> store, Optional<byte[]> xmp) {}

  private Carrier(
      Format format, List<ByteBuffer> before, List<ByteBuffer> after, Optional<Found> found) {
    this.format = format;
    this.before = List.copyOf(before);
    this.after = List.copyOf(after);
    this.found = found;
  }

  /**
   * Takes an image apart.
   *
   * @param provenance where its credentials can be fetched; goes into its XMP, before anything is
   *     hashed
   * @throws C2paException if it is no image that can carry credentials
   */
  static Carrier of(byte[] image, Optional<String> provenance) {
    Parts parts = parts(image);
    List<ByteBuffer> before = new ArrayList<>();
    List<ByteBuffer> after = new ArrayList<>();
    Optional<byte[]> packet =
        provenance.map(
            url ->
                parts
                    .format()
                    .wrapXmp(
                        parts.xmp().map(old -> Xmp.refer(old, url)).orElseGet(() -> Xmp.of(url))));
    if (packet.isPresent() && parts.xmp().isEmpty()) {
      after.add(ByteBuffer.wrap(packet.get()));
    }
    for (Part part : parts.parts()) {
      List<ByteBuffer> side = part.from() < parts.place() ? before : after;
      switch (part.kind()) {
        case CONTENT -> side.add(view(image, part));
        case XMP -> side.add(packet.map(ByteBuffer::wrap).orElseGet(() -> view(image, part)));
        case CREDENTIALS -> {}
      }
    }
    return new Carrier(parts.format(), before, after, found(parts));
  }

  private static Parts parts(byte[] image) {
    return switch (ImageCheck.inspect(image)) {
      case ImageCheck.Refused(var reason, String detail) ->
          throw new C2paException(Reason.NOT_AN_IMAGE, "the file is refused: " + detail);
      case ImageCheck.Accepted(ImageType type, int width, int height) ->
          switch (type) {
            case JPEG -> Jpeg.parts(image);
            case PNG -> Png.parts(image);
          };
    };
  }

  private static Optional<Found> found(Parts parts) {
    List<Part> carrying =
        parts.parts().stream().filter(part -> part.kind() == Kind.CREDENTIALS).toList();
    return parts
        .store()
        .map(
            store ->
                new Found(
                    store,
                    carrying.getFirst().from(),
                    carrying.getLast().to() - carrying.getFirst().from()));
  }

  private static ByteBuffer view(byte[] image, Part part) {
    return ByteBuffer.wrap(image, part.from(), part.to() - part.from()).asReadOnlyBuffer();
  }

  Format format() {
    return format;
  }

  /** The credentials that it had. */
  Optional<Found> found() {
    return found;
  }

  /** Where credentials begin that are put in now. */
  int place() {
    return before.stream().mapToInt(ByteBuffer::remaining).sum();
  }

  /** SHA-256 of the image without credentials. */
  byte[] digest() {
    return Sha256.of(with(new byte[0]));
  }

  /** The image with {@code insertion} in its place, as pieces. */
  List<ByteBuffer> with(byte[] insertion) {
    List<ByteBuffer> all = new ArrayList<>(before);
    if (insertion.length > 0) {
      all.add(ByteBuffer.wrap(insertion).asReadOnlyBuffer());
    }
    all.addAll(after);
    return all;
  }
}
