package com.credlink.ledger.node;

import com.credlink.ledger.api.access.Role;
import com.credlink.ledger.api.access.TokenStore;
import com.credlink.ledger.api.admin.ShopInstallation;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.TokenCreated;
import com.credlink.ledger.log.Ledger;
import com.credlink.ledger.vault.TenantDirectory;
import com.credlink.ledger.vault.TenantDirectory.Shop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may come in when a node starts for the first time: shops, tokens, the first administrator.
 */
final class Admission {

  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

  private Admission() {}

  /** Installs the shops of development and gives the tokens that there are. */
  static TokenStore open(
      NodeContext node, LogAccess log, Secrets secrets, Optional<DevCredentials> development)
      throws NodeStartException {
    for (Shop shop : installShops(development, secrets.shops())) {
      log.ledger()
          .appendAndWait(ShopInstallation.event(node.header(shop.tenant()), shop, secrets.vault()));
    }
    TokenStore tokens = new TokenStore(node.path("tokens.json"), node.clock(), node.random());
    development.ifPresent(credentials -> importTokens(credentials, tokens, secrets.shops()));
    if (tokens.isEmpty()) {
      admitFirstAdministrator(node, tokens, log.ledger());
    }
    return tokens;
  }

  private static List<Shop> installShops(
      Optional<DevCredentials> development, TenantDirectory shops) {
    List<Shop> installed = new ArrayList<>();
    for (DevCredentials.Shop shop : development.map(DevCredentials::shops).orElse(List.of())) {
      if (shops.byDomain(shop.domain()).isEmpty()) {
        installed.add(shops.install(shop.domain(), Long.parseLong(shop.shopId())));
      }
    }
    return installed;
  }

  private static void importTokens(
      DevCredentials credentials, TokenStore tokens, TenantDirectory shops) {
    for (DevCredentials.Token token : credentials.tokens()) {
      Optional<String> tenant =
          token.shop().flatMap(domain -> shops.byDomain(domain).map(Shop::tenant));
      tokens.add(
          token.token().reveal(), Role.of(token.role()).orElseThrow(), tenant, Optional.empty());
    }
  }

  /**
   * Somebody has to make the first token: it lies in a file that only the node's owner can read.
   */
  private static void admitFirstAdministrator(NodeContext node, TokenStore tokens, Ledger ledger)
      throws NodeStartException {
    TokenStore.Created first = tokens.draw();
    Path file = node.path(Node.ADMIN_TOKEN);
    try {
      PrivateFiles.replace(file, (first.token() + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new NodeStartException("'" + file + "' cannot be written", e);
    }
    ledger.appendAndWait(
        new TokenCreated(
            node.header(LedgerEvent.PLATFORM),
            first.id(),
            Role.ADMIN.label(),
            Optional.empty(),
            Optional.empty()));
    tokens.keep(first, Role.ADMIN, Optional.empty(), Optional.empty());
    LOG.atInfo().addKeyValue("file", file).log("The first administrator's token was made");
  }
}
