package com.credlink.ledger.node;

import com.credlink.ledger.config.Config;
import com.credlink.ledger.timestamp.DevelopmentTsa;
import com.credlink.ledger.timestamp.FailoverAuthority;
import com.credlink.ledger.timestamp.HttpTimestampAuthority;
import com.credlink.ledger.timestamp.TimestampAuthority;
import com.credlink.ledger.timestamp.TimestampVerifier;
import com.credlink.ledger.trust.Authority;
import com.credlink.ledger.trust.DevelopmentAuthority;
import com.credlink.ledger.trust.ExternalAuthority;
import com.credlink.ledger.trust.Pem;
import com.credlink.ledger.trust.TrustException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The time-stamping authorities that the configuration names. */
final class TimestampAuthorities {

  private TimestampAuthorities() {}

  /** All of them as one; none if signed files are not stamped. */
  static Optional<TimestampAuthority> open(NodeContext node, Authority issuer)
      throws NodeStartException {
    Config.Timestamps settings = node.config().signing().timestamps();
    TimestampVerifier verifier = new TimestampVerifier(roots(settings.roots()));
    List<TimestampAuthority> all = new ArrayList<>();
    for (String name : settings.authorities()) {
      all.add(
          name.equals(Config.Timestamps.DEVELOPMENT)
              ? development(node, issuer)
              : node.closing()
                  .add(
                      new HttpTimestampAuthority(
                          URI.create(name), verifier, node.random(), node.clock())));
    }
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(new FailoverAuthority(all, settings.gap(), node.clock()));
  }

  /** These roots, and those of the authorities: what a verifier should trust altogether. */
  static List<X509Certificate> andTheirs(NodeContext node, List<X509Certificate> roots)
      throws NodeStartException {
    Set<X509Certificate> all = new LinkedHashSet<>(roots);
    all.addAll(roots(node.config().signing().timestamps().roots()));
    return List.copyOf(all);
  }

  private static TimestampAuthority development(NodeContext node, Authority issuer)
      throws NodeStartException {
    return switch (issuer) {
      case DevelopmentAuthority root -> new DevelopmentTsa(root, node.random(), node.clock());
      case ExternalAuthority elsewhere ->
          throw new NodeStartException(
              "there is no development authority that could vouch for time-stamps");
    };
  }

  private static List<X509Certificate> roots(Optional<Path> file) throws NodeStartException {
    if (file.isEmpty()) {
      return List.of();
    }
    try {
      return Pem.certificates(Files.readAllBytes(file.get()));
    } catch (IOException e) {
      throw new NodeStartException(
          "'signing.timestamps.root_file' names '%s', which cannot be read".formatted(file.get()),
          e);
    } catch (TrustException e) {
      throw new NodeStartException(
          "'signing.timestamps.root_file' names '%s', but %s".formatted(file.get(), e.getMessage()),
          e);
    }
  }
}
