package com.credlink.ledger.trust;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.keys.Algorithm;
import com.credlink.ledger.keys.KeyFile;
import com.credlink.ledger.keys.LocalKeys;
import com.credlink.ledger.keys.Password;
import com.credlink.ledger.keys.PublicKeyInfo;
import com.credlink.ledger.keys.Signer;
import com.credlink.ledger.keys.X509Signing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore.PrivateKeyEntry;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;

/**
 * A certificate authority of our own, so that content credentials work without a contract with
 * anybody. A verifier that was given its {@link #root} calls them trusted; a stranger calls them
 * valid and no more.
 */
public final class DevelopmentAuthority implements Authority {

  /** How long the root is valid. */
  public static final Duration ROOT_VALIDITY = Duration.ofDays(3650);

  /** How long the intermediate is valid; it is renewed before a leaf would outlive it. */
  public static final Duration INTERMEDIATE_VALIDITY = Duration.ofDays(1825);

  /** Certificates begin this much earlier, for verifiers whose clock is behind ours. */
  public static final Duration BACKDATED = Duration.ofMinutes(5);

  private static final String ROOT = "root";
  private static final String INTERMEDIATE = "intermediate";
  private static final int SERIAL_BITS = 127;

  private final Settings settings;
  private final SecureRandom random;
  private final InstantSource clock;
  private final Issuer root;
  private final Optional<Issuer> intermediate;

  private DevelopmentAuthority(
      Settings settings,
      SecureRandom random,
      InstantSource clock,
      Issuer root,
      Optional<Issuer> intermediate) {
    this.settings = settings;
    this.random = random;
    this.clock = clock;
    this.root = root;
    this.intermediate = intermediate;
  }

  /**
   * What it issues.
   *
   * @param organization the organization (O) of every subject.
   * @param validity how long a leaf is valid.
   * @param intermediate whether leaves are issued by an intermediate and not by the root.
   */
  public record Settings(String organization, Duration validity, boolean intermediate) {}

  /** A key that signs certificates, with its own. */
  private record Issuer(Signer signer, X509Certificate certificate) {}

  /**
   * Opens the authority, or makes it when there is no file.
   *
   * @throws com.credlink.ledger.keys.KeyException when the file cannot be opened or made; the type
   *     says why.
   */
  public static DevelopmentAuthority open(
      Path path, Password password, Settings settings, SecureRandom random, InstantSource clock) {
    Issuing issuing = new Issuing(settings.organization(), random, clock);
    KeyFile file =
        KeyFile.open(
            path,
            password,
            random,
            (empty, protection) -> {
              Issuer root = issuing.root();
              empty.setEntry(ROOT, LocalKeys.entry(root.signer(), root.certificate()), protection);
            });
    Issuer root =
        read(file, ROOT).orElseThrow(() -> file.corrupt("it has no entry '" + ROOT + "'"));
    Optional<Issuer> intermediate =
        settings.intermediate()
            ? Optional.of(intermediate(file, issuing, root, settings.validity()))
            : Optional.empty();
    return new DevelopmentAuthority(settings, random, clock, root, intermediate);
  }

  private static Issuer intermediate(
      KeyFile file, Issuing issuing, Issuer root, Duration leafValidity) {
    Optional<Issuer> kept = read(file, INTERMEDIATE);
    Instant lastLeaf = issuing.clock().instant().plus(leafValidity);
    if (kept.isPresent()
        && (!end(kept.get()).isBefore(lastLeaf) || end(kept.get()).equals(end(root)))) {
      return kept.get();
    }
    Signer signer =
        kept.map(Issuer::signer)
            .orElseGet(() -> LocalKeys.generate(Algorithm.ES256, issuing.random()));
    Issuer made = issuing.intermediate(root, signer);
    try {
      file.entries()
          .setEntry(INTERMEDIATE, LocalKeys.entry(signer, made.certificate()), file.protection());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key store in memory takes every key", e);
    }
    file.save();
    return made;
  }

  private static Instant end(Issuer issuer) {
    return issuer.certificate().getNotAfter().toInstant();
  }

  private static Optional<Issuer> read(KeyFile file, String alias) {
    try {
      if (file.entries().getEntry(alias, file.protection()) instanceof PrivateKeyEntry entry
          && entry.getCertificate() instanceof X509Certificate certificate) {
        return Optional.of(new Issuer(LocalKeys.signer(entry), certificate));
      }
      return Optional.empty();
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw file.corrupt("it does not hold the keys of a certificate authority", e);
    }
  }

  /** The root certificate, which is in no chain. */
  public X509Certificate root() {
    return root.certificate();
  }

  @Override
  public List<X509Certificate> roots() {
    return List.of(root());
  }

  @Override
  public String organization() {
    return settings.organization();
  }

  /**
   * Issues a certificate for an asset-signing key.
   *
   * @return the chain, leaf first and without the root.
   * @throws IllegalArgumentException when C2PA does not admit the key's algorithm.
   */
  public List<X509Certificate> issue(PublicKeyInfo key) {
    if (!key.algorithm().signsContentCredentials()) {
      throw new IllegalArgumentException(key.algorithm().label() + " signs no content credentials");
    }
    Issuer issuer = intermediate.orElse(root);
    X509Certificate leaf =
        new Issuing(settings.organization(), random, clock)
            .certificate(
                issuer,
                CertificateRequests.subject(key, settings.organization()),
                key.publicKey(),
                settings.validity(),
                ClaimSigningProfile.extensions());
    return intermediate
        .map(Issuer::certificate)
        .map(own -> List.of(leaf, own))
        .orElseGet(() -> List.of(leaf));
  }

  /**
   * Issues a certificate for a key that signs time-stamps and nothing else (RFC 3161 section 2.3).
   *
   * @param publicKey DER of its SubjectPublicKeyInfo
   */
  public X509Certificate issueForTimestamps(Bytes publicKey) {
    Issuing issuing = new Issuing(settings.organization(), random, clock);
    return issuing.certificate(
        root, issuing.name("time-stamps"), publicKey, INTERMEDIATE_VALIDITY, timestamping());
  }

  private static ExtensionsGenerator timestamping() {
    ExtensionsGenerator extensions = new ExtensionsGenerator();
    try {
      extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      extensions.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      extensions.addExtension(
          Extension.extendedKeyUsage, true, new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping));
    } catch (IOException e) {
      throw new IllegalStateException("these extensions always have an encoding", e);
    }
    return extensions;
  }

  /** Makes certificates. */
  private record Issuing(String organization, SecureRandom random, InstantSource clock) {

    Issuer root() {
      Signer signer = LocalKeys.generate(Algorithm.ES256, random);
      X500Name name = name("root");
      X509Certificate certificate =
          certificate(
              signer,
              name,
              LocalKeys.publicKey(signer),
              end(ROOT_VALIDITY),
              name,
              LocalKeys.publicKey(signer),
              authority(Optional.empty()));
      return new Issuer(signer, certificate);
    }

    Issuer intermediate(Issuer root, Signer signer) {
      return new Issuer(
          signer,
          certificate(
              root,
              name("intermediate"),
              LocalKeys.publicKey(signer),
              INTERMEDIATE_VALIDITY,
              authority(Optional.of(0))));
    }

    private X500Name name(String what) {
      return new X500NameBuilder(BCStyle.INSTANCE)
          .addRDN(BCStyle.O, organization)
          .addRDN(BCStyle.CN, organization + " development " + what)
          .build();
    }

    private static ExtensionsGenerator authority(Optional<Integer> pathLength) {
      ExtensionsGenerator extensions = new ExtensionsGenerator();
      try {
        extensions.addExtension(
            Extension.basicConstraints,
            true,
            pathLength.map(BasicConstraints::new).orElseGet(() -> new BasicConstraints(true)));
        extensions.addExtension(
            Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      } catch (IOException e) {
        throw new IllegalStateException("these extensions always have an encoding", e);
      }
      return extensions;
    }

    X509Certificate certificate(
        Issuer issuer,
        X500Name subject,
        Bytes publicKey,
        Duration validity,
        ExtensionsGenerator extensions) {
      Instant end = end(validity);
      Instant last = issuer.certificate().getNotAfter().toInstant();
      return certificate(
          issuer.signer(),
          X500Name.getInstance(issuer.certificate().getSubjectX500Principal().getEncoded()),
          LocalKeys.publicKey(issuer.signer()),
          end.isBefore(last) ? end : last,
          subject,
          publicKey,
          extensions);
    }

    private Instant end(Duration validity) {
      return clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(validity);
    }

    private X509Certificate certificate(
        Signer issuer,
        X500Name issuerName,
        Bytes issuerKey,
        Instant end,
        X500Name subject,
        Bytes publicKey,
        ExtensionsGenerator extensions) {
      SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(publicKey.toArray());
      try {
        JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
        extensions.addExtension(
            Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(info));
        extensions.addExtension(
            Extension.authorityKeyIdentifier,
            false,
            identifiers.createAuthorityKeyIdentifier(
                SubjectPublicKeyInfo.getInstance(issuerKey.toArray())));
        X509v3CertificateBuilder builder =
            new X509v3CertificateBuilder(
                issuerName,
                new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
                Date.from(clock.instant().truncatedTo(ChronoUnit.SECONDS).minus(BACKDATED)),
                Date.from(end),
                subject,
                info);
        for (var oid : extensions.generate().getExtensionOIDs()) {
          builder.addExtension(extensions.generate().getExtension(oid));
        }
        byte[] encoded = builder.build(new X509Signing(issuer)).getEncoded();
        return (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(encoded));
      } catch (IOException | GeneralSecurityException e) {
        throw new IllegalStateException("a certificate made here cannot be written", e);
      }
    }
  }
}
