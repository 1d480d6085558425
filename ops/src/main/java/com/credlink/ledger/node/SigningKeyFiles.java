package com.credlink.ledger.node;

import com.credlink.ledger.config.Config;
import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.keys.KeyChange;
import com.credlink.ledger.keys.KeyException;
import com.credlink.ledger.keys.KeyRing;
import com.credlink.ledger.keys.KeySource;
import com.credlink.ledger.keys.Password;
import com.credlink.ledger.keys.Pkcs11Keys;
import com.credlink.ledger.trust.Authority;
import com.credlink.ledger.trust.DevelopmentAuthority;
import com.credlink.ledger.trust.ExternalAuthority;
import com.credlink.ledger.trust.Pem;
import com.credlink.ledger.trust.SigningKeys;
import com.credlink.ledger.trust.TrustException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Opens the asset-signing keys of a node and whoever vouches for them. */
final class SigningKeyFiles {

  /** What the start does by itself. */
  private static final KeyChange.Cause THE_NODE =
      new KeyChange.Cause(new Actor(ActorType.SYSTEM, "node"), "node", Optional.empty());

  private SigningKeyFiles() {}

  static SigningKeys open(NodeContext node) throws NodeStartException {
    Config.Signing settings = node.config().signing();
    Authority authority = authority(node, settings.keys().certificates());
    KeyRing ring =
        KeyRing.open(
            node.path("keys/signing.p12"),
            new Password.FromFile(node.path("keys/signing.password")),
            settings.algorithms(),
            source(node, settings.keys().token()),
            node.random(),
            node.clock());
    SigningKeys keys = new SigningKeys(ring, authority, node.clock());
    keys.certifyAll(THE_NODE);
    return keys;
  }

  /** Where new keys are made. */
  private static KeySource source(NodeContext node, Optional<Config.Token> token)
      throws NodeStartException {
    if (token.isEmpty()) {
      return KeySource.ofThisProcess(node.random());
    }
    Config.Token of = token.get();
    try {
      String pin = Files.readString(of.pinFile()).strip();
      if (pin.isEmpty()) {
        throw new NodeStartException(
            "'signing.keys.pkcs11.pin_file' names '%s', which is empty".formatted(of.pinFile()));
      }
      return Pkcs11Keys.open(
          of.library(), of.slot(), pin.toCharArray(), node.random(), node.clock());
    } catch (IOException e) {
      throw new NodeStartException(
          "'signing.keys.pkcs11.pin_file' names '%s', which cannot be read".formatted(of.pinFile()),
          e);
    } catch (KeyException e) {
      throw new NodeStartException("the signing keys: " + e.getMessage(), e);
    }
  }

  private static Authority authority(NodeContext node, Config.Certificates certificates)
      throws NodeStartException {
    return switch (certificates.issuer()) {
      case Config.OwnIssuer(var validity, var intermediate) ->
          DevelopmentAuthority.open(
              node.path("keys/authority.p12"),
              new Password.FromFile(node.path("keys/authority.password")),
              new DevelopmentAuthority.Settings(
                  certificates.organization(), validity, intermediate),
              node.random(),
              node.clock());
      case Config.OtherIssuer(Path roots) -> external(roots, certificates.organization());
    };
  }

  private static ExternalAuthority external(Path roots, String organization)
      throws NodeStartException {
    try {
      return new ExternalAuthority(Pem.certificates(Files.readAllBytes(roots)), organization);
    } catch (IOException e) {
      throw new NodeStartException(
          "'signing.certificates.root_file' names '%s', which cannot be read".formatted(roots), e);
    } catch (TrustException e) {
      throw new NodeStartException(
          "'signing.certificates.root_file' names '%s', but %s".formatted(roots, e.getMessage()),
          e);
    }
  }
}
