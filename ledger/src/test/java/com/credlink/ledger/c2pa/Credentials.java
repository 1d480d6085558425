package com.credlink.ledger.c2pa;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.keys.Algorithm;
import com.credlink.ledger.keys.KeyChange;
import com.credlink.ledger.keys.KeyRing;
import com.credlink.ledger.keys.KeySource;
import com.credlink.ledger.keys.KeyState;
import com.credlink.ledger.keys.Password;
import com.credlink.ledger.keys.RingKey;
import com.credlink.ledger.trust.DevelopmentAuthority;
import com.credlink.ledger.trust.SigningKeys;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;

/** Keys with certificates, images and terms to sign them with. */
final class Credentials {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final List<Algorithm> ALGORITHMS =
      List.of(Algorithm.ES256, Algorithm.ES384, Algorithm.PS256, Algorithm.ED25519);

  private final DevelopmentAuthority authority;
  private final SigningKeys keys;

  private Credentials(DevelopmentAuthority authority, SigningKeys keys) {
    this.authority = authority;
    this.keys = keys;
  }

  static Credentials in(Path directory, boolean intermediate) {
    // The verifiers have clocks of their own.
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    InstantSource clock = InstantSource.fixed(now);
    DevelopmentAuthority authority =
        DevelopmentAuthority.open(
            directory.resolve("authority.p12"),
            new Password.Given("secret"),
            new DevelopmentAuthority.Settings(
                "Snowdevil Prints", Duration.ofDays(30), intermediate),
            RANDOM,
            clock);
    KeyRing ring =
        KeyRing.open(
            directory.resolve("ring.p12"),
            new Password.Given("secret"),
            ALGORITHMS,
            KeySource.ofThisProcess(RANDOM),
            RANDOM,
            clock);
    SigningKeys keys = new SigningKeys(ring, authority, clock);
    keys.certifyAll(
        new KeyChange.Cause(new Actor(ActorType.SYSTEM, "test"), "test", Optional.empty()));
    return new Credentials(authority, keys);
  }

  ClaimSigner key(Algorithm algorithm) {
    RingKey entry =
        keys.ring().entries().stream()
            .filter(each -> each.key().algorithm() == algorithm)
            .filter(each -> each.key().state() == KeyState.ACTIVE)
            .findFirst()
            .orElseThrow();
    return new ClaimSigner(keys.ring().signer(entry.keyId()), entry.certificateChain());
  }

  DevelopmentAuthority authority() {
    return authority;
  }

  List<X509Certificate> roots() {
    return authority.roots();
  }

  static ClaimTerms terms(int number) {
    return new ClaimTerms(
        "urn:c2pa:0192f5c0-0000-4000-8000-%012x".formatted(number),
        "xmp:iid:0192f5c0-1111-4000-8000-%012x".formatted(number),
        Instant.parse("2026-11-27T10:00:00Z"),
        Optional.of("A mug, from the left"),
        Optional.empty(),
        new ClaimTerms.Generator("CredLink", "1"));
  }

  /** A picture with noise in it, which does not compress. */
  static byte[] image(String format, int width, int seed) {
    BufferedImage image = new BufferedImage(width, width, BufferedImage.TYPE_INT_RGB);
    Random noise = new Random(seed);
    for (int x = 0; x < width; x++) {
      for (int y = 0; y < width; y++) {
        image.setRGB(x, y, noise.nextInt());
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, format, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
