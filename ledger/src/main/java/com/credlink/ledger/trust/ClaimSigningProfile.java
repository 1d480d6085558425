package com.credlink.ledger.trust;

import java.io.IOException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/** What C2PA 2.2 section 14.5.1 asks of the certificate of a key that signs claims. */
final class ClaimSigningProfile {

  /** c2pa-kp-claimSigning. */
  private static final String CLAIM_SIGNING = "1.3.6.1.4.1.62558.2.1";

  private static final String EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
  private static final String DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36";
  private static final String ANY = "2.5.29.37.0";
  private static final Set<String> EXCLUSIVE = Set.of("1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9");
  private static final Set<String> ADMITTED =
      Set.of(CLAIM_SIGNING, EMAIL_PROTECTION, DOCUMENT_SIGNING);

  private static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
  private static final String KEY_USAGE = "2.5.29.15";
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int KEY_CERT_SIGN = 5;
  private static final int VERSION = 3;

  /** Signature algorithms of the certificate itself, as the JDK names them. */
  private static final Set<String> SIGNATURES =
      Set.of(
          "SHA256withECDSA",
          "SHA384withECDSA",
          "SHA512withECDSA",
          "SHA256withRSA",
          "SHA384withRSA",
          "SHA512withRSA",
          "RSASSA-PSS",
          "Ed25519",
          "EdDSA");

  private ClaimSigningProfile() {}

  /** The extensions that say what the key is for; those about other keys are the issuer's. */
  static ExtensionsGenerator extensions() {
    ExtensionsGenerator extensions = new ExtensionsGenerator();
    try {
      extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      extensions.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      // emailProtection for validators that are older than the purpose of C2PA's own.
      extensions.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(
              new KeyPurposeId[] {
                KeyPurposeId.getInstance(new ASN1ObjectIdentifier(CLAIM_SIGNING)),
                KeyPurposeId.id_kp_emailProtection
              }));
    } catch (IOException e) {
      throw new IllegalStateException("these extensions always have an encoding", e);
    }
    return extensions;
  }

  /**
   * Checks a leaf.
   *
   * @throws TrustException.OutsideProfile with the first thing that is wrong.
   */
  static void require(X509Certificate leaf) {
    require(leaf, leaf.getVersion() == VERSION, "is not of version 3");
    require(leaf, leaf.getBasicConstraints() < 0, "is that of a certificate authority");
    require(
        leaf,
        !leaf.getIssuerX500Principal().equals(leaf.getSubjectX500Principal()),
        "is self-signed");
    require(
        leaf,
        SIGNATURES.contains(leaf.getSigAlgName()),
        "is signed with " + leaf.getSigAlgName() + ", which is not admitted");
    require(
        leaf,
        leaf.getExtensionValue(AUTHORITY_KEY_IDENTIFIER) != null,
        "has no authority key identifier");
    requireKeyUsage(leaf);
    requirePurpose(leaf);
    require(leaf, hasOrganization(leaf), "has no organization (O) in its subject");
  }

  private static void requireKeyUsage(X509Certificate leaf) {
    boolean[] usage = leaf.getKeyUsage();
    require(leaf, usage != null, "has no key usage");
    require(
        leaf,
        leaf.getCriticalExtensionOIDs().contains(KEY_USAGE),
        "has a key usage that is not critical");
    require(leaf, usage[DIGITAL_SIGNATURE], "has a key usage without digitalSignature");
    require(leaf, !usage[KEY_CERT_SIGN], "has a key usage with keyCertSign");
  }

  private static void requirePurpose(X509Certificate leaf) {
    List<String> purposes;
    try {
      purposes = leaf.getExtendedKeyUsage();
    } catch (CertificateParsingException e) {
      throw new TrustException.Unreadable("the extended key usage cannot be read", e);
    }
    require(leaf, purposes != null, "has no extended key usage");
    require(leaf, !purposes.contains(ANY), "has the extended key usage anyExtendedKeyUsage");
    require(
        leaf,
        purposes.stream().noneMatch(EXCLUSIVE::contains),
        "has the extended key usage timeStamping or OCSPSigning");
    require(
        leaf,
        purposes.stream().anyMatch(ADMITTED::contains),
        "has none of the extended key usages %s (claim signing), emailProtection and documentSigning"
            .formatted(CLAIM_SIGNING));
  }

  private static boolean hasOrganization(X509Certificate leaf) {
    try {
      return new LdapName(leaf.getSubjectX500Principal().getName())
          .getRdns().stream().anyMatch(part -> part.getType().equalsIgnoreCase("O"));
    } catch (InvalidNameException e) {
      return false;
    }
  }

  private static void require(X509Certificate leaf, boolean holds, String otherwise) {
    if (!holds) {
      throw new TrustException.OutsideProfile(leaf.getSubjectX500Principal().getName(), otherwise);
    }
  }
}
