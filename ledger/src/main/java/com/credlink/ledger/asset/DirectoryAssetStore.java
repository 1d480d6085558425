package com.credlink.ledger.asset;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.KeyWrap;
import com.credlink.ledger.keys.AesGcm;
import com.credlink.ledger.keys.LengthPrefixed;
import com.credlink.ledger.keys.PrivateFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.SecretKeySpec;

/**
 * An asset store in a directory: {@code <root>/<keyed hash of the tenant>/<keyed hash of the
 * digest>}.
 *
 * <p>A file is a header of fixed length and the content in pieces ({@link AesGcm}) under a key of
 * its own:
 *
 * <pre>
 * "CLA1" | key id, 26 ASCII | wrap nonce, 12 | wrapped content key, 48 | nonce, 12 | pieces
 * </pre>
 *
 * The wrap's context binds the file to tenant and digest. It is written last, when the digest is
 * known, into a file that has no name yet.
 */
public final class DirectoryAssetStore implements AssetStore {

  private static final byte[] MAGIC = "CLA1".getBytes(StandardCharsets.US_ASCII);
  private static final int KEY_ID_BYTES = 26;
  private static final int WRAPPED_BYTES = AesGcm.KEY_BYTES + AesGcm.TAG_BYTES;
  private static final int HEADER_BYTES =
      MAGIC.length + KEY_ID_BYTES + AesGcm.NONCE_BYTES + WRAPPED_BYTES + AesGcm.NONCE_BYTES;

  /** A file without a name that is older belongs to a process that died. */
  private static final Duration ABANDONED_AFTER = Duration.ofHours(1);

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final byte[] CONTENT_CONTEXT = LengthPrefixed.of("ledger.asset.content.v1");

  private final Path root;
  private final Path unnamed;
  private final AssetKeys keys;
  private final AesGcm cipher;
  private final SecureRandom random;
  private final long maxBytes;

  /**
   * Opens the directory, or makes it, and removes what a process that died left behind.
   *
   * @throws AssetException.Unavailable when it cannot be written.
   */
  public DirectoryAssetStore(
      Path root, AssetKeys keys, AesGcm cipher, SecureRandom random, InstantSource clock) {
    this(root, keys, cipher, random, clock, MAX_BYTES);
  }

  /** The same with another limit: the real one takes long to reach. */
  DirectoryAssetStore(
      Path root,
      AssetKeys keys,
      AesGcm cipher,
      SecureRandom random,
      InstantSource clock,
      long maxBytes) {
    this.root = root;
    this.maxBytes = maxBytes;
    this.unnamed = root.resolve("unnamed");
    this.keys = keys;
    this.cipher = cipher;
    this.random = random;
    try {
      PrivateFile.createDirectories(unnamed);
      sweep(clock.instant().minus(ABANDONED_AFTER));
    } catch (IOException e) {
      throw new AssetException.Unavailable("be opened at '%s'".formatted(root), e);
    }
  }

  @Override
  public String put(String tenant, byte[] plain) {
    return put(tenant, new ByteArrayInputStream(plain)).sha256();
  }

  @Override
  public Stored put(String tenant, InputStream plain) {
    Path directory = directory(tenant);
    Path temporary = unnamed.resolve(randomHex());
    try {
      PrivateFile.createDirectories(directory);
      Stored stored;
      try (FileChannel out = PrivateFile.openNew(temporary)) {
        stored = write(tenant, plain, out);
        if (isIntact(tenant, stored.sha256())) {
          return stored;
        }
        out.force(true);
      }
      Path file = file(tenant, stored.sha256());
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      PrivateFile.flushDirectory(file);
      return stored;
    } catch (IOException e) {
      throw new AssetException.Unavailable("be written", e);
    } finally {
      deleteQuietly(temporary);
    }
  }

  @Override
  public Optional<byte[]> get(String tenant, String sha256) {
    byte[] file;
    try {
      file = Files.readAllBytes(file(tenant, sha256));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new AssetException.Unavailable("be read", e);
    }
    return decrypt(tenant, sha256, file);
  }

  @Override
  public boolean contains(String tenant, String sha256) {
    return Files.exists(file(tenant, sha256));
  }

  @Override
  public void delete(String tenant, String sha256) {
    Path file = file(tenant, sha256);
    try {
      if (Files.deleteIfExists(file)) {
        PrivateFile.flushDirectory(file);
      }
    } catch (IOException e) {
      throw new AssetException.Unavailable("delete an asset", e);
    }
  }

  @Override
  public void deleteTenant(String tenant) {
    Path directory = directory(tenant);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
      PrivateFile.flushDirectory(directory);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return;
    } catch (IOException e) {
      throw new AssetException.Unavailable("delete a tenant's assets", e);
    }
  }

  /** Encrypts the stream piece by piece; the header comes last, into its place at the start. */
  private Stored write(String tenant, InputStream plain, FileChannel out) throws IOException {
    byte[] contentKey = new byte[AesGcm.KEY_BYTES];
    byte[] nonce = new byte[AesGcm.NONCE_BYTES];
    random.nextBytes(contentKey);
    random.nextBytes(nonce);
    SecretKeySpec key = new SecretKeySpec(contentKey, "AES");
    MessageDigest digest = sha256();
    byte[] sealed = new byte[AesGcm.PIECE_BYTES + AesGcm.TAG_BYTES];
    long size = 0;
    int index = 0;
    out.position(HEADER_BYTES);
    // One piece is read ahead: only then is it known which one is the last.
    byte[] piece = read(plain);
    while (true) {
      size += piece.length;
      if (size > maxBytes) {
        throw new AssetException.TooLarge(maxBytes);
      }
      byte[] next = piece.length < AesGcm.PIECE_BYTES ? new byte[0] : read(plain);
      boolean last = next.length == 0;
      digest.update(piece);
      int length =
          cipher.sealPiece(
              key, nonce, CONTENT_CONTEXT, index++, last, piece, 0, piece.length, sealed, 0);
      writeFully(out, ByteBuffer.wrap(sealed, 0, length));
      if (last) {
        break;
      }
      piece = next;
    }
    String sha256 = HexFormat.of().formatHex(digest.digest());
    KeyWrap wrap = keys.wrap(tenant, contentKey, wrapContext(tenant, sha256));
    Arrays.fill(contentKey, (byte) 0);
    ByteBuffer header =
        ByteBuffer.allocate(HEADER_BYTES)
            .put(MAGIC)
            .put(wrap.keyId().getBytes(StandardCharsets.US_ASCII))
            .put(wrap.nonce().asBuffer())
            .put(wrap.wrapped().asBuffer())
            .put(nonce)
            .flip();
    if (header.remaining() != HEADER_BYTES) {
      throw new IllegalStateException("a header has %d bytes".formatted(HEADER_BYTES));
    }
    out.position(0);
    writeFully(out, header);
    return new Stored(sha256, size);
  }

  private Optional<byte[]> decrypt(String tenant, String sha256, byte[] file) {
    if (file.length < HEADER_BYTES + AesGcm.TAG_BYTES
        || !Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new AssetException.Damaged(sha256);
    }
    ByteBuffer header = ByteBuffer.wrap(file).position(MAGIC.length);
    String keyId = new String(next(header, KEY_ID_BYTES), StandardCharsets.US_ASCII);
    Bytes wrapNonce = Bytes.wrap(next(header, AesGcm.NONCE_BYTES));
    Bytes wrapped = Bytes.wrap(next(header, WRAPPED_BYTES));
    byte[] nonce = next(header, AesGcm.NONCE_BYTES);
    KeyWrap wrap = new KeyWrap(keyId, wrapNonce, wrapped);
    return switch (keys.unwrap(tenant, wrap, wrapContext(tenant, sha256))) {
      case AssetKeys.Unwrapped.KeyGone _ -> Optional.empty();
      case AssetKeys.Unwrapped.NotAuthentic _ -> throw new AssetException.Damaged(sha256);
      case AssetKeys.Unwrapped.ContentKey(Bytes key) -> {
        byte[] plain;
        try {
          plain =
              cipher.open(
                  new SecretKeySpec(key.toArray(), "AES"),
                  nonce,
                  CONTENT_CONTEXT,
                  Arrays.copyOfRange(file, HEADER_BYTES, file.length));
        } catch (AEADBadTagException e) {
          throw new AssetException.Damaged(sha256, e);
        }
        if (!HexFormat.of().formatHex(sha256().digest(plain)).equals(sha256)) {
          throw new AssetException.Damaged(sha256);
        }
        yield Optional.of(plain);
      }
    };
  }

  /** Whether a put may keep what is there; a damaged file is replaced by the new one. */
  private boolean isIntact(String tenant, String sha256) {
    try {
      return get(tenant, sha256).isPresent();
    } catch (AssetException.Damaged e) {
      return false;
    }
  }

  private static byte[] read(InputStream plain) {
    try {
      return plain.readNBytes(AesGcm.PIECE_BYTES);
    } catch (IOException e) {
      throw new AssetException.SourceFailed(e);
    }
  }

  private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private static byte[] next(ByteBuffer from, int length) {
    byte[] bytes = new byte[length];
    from.get(bytes);
    return bytes;
  }

  private static byte[] wrapContext(String tenant, String sha256) {
    return LengthPrefixed.of("ledger.asset.wrap.v1", tenant, sha256);
  }

  private Path directory(String tenant) {
    return root.resolve(
        keys.lookupHash("ledger.asset.tenant", tenant.getBytes(StandardCharsets.UTF_8)).hex());
  }

  private Path file(String tenant, String sha256) {
    if (!SHA256.matcher(sha256).matches()) {
      throw new IllegalArgumentException("a digest is 64 characters of lower-case hex");
    }
    return directory(tenant)
        .resolve(
            keys.lookupHash(
                    "ledger.asset.name",
                    tenant.getBytes(StandardCharsets.UTF_8),
                    sha256.getBytes(StandardCharsets.US_ASCII))
                .hex());
  }

  private void sweep(Instant before) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(unnamed)) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private String randomHex() {
    byte[] name = new byte[16];
    random.nextBytes(name);
    return HexFormat.of().formatHex(name);
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The next start sweeps it.
      return;
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
