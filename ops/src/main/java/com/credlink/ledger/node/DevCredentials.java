package com.credlink.ledger.node;

import com.credlink.ledger.config.Secret;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What {@code ledger up} gives a developer: a token for each role, a client secret, two shops. Kept
 * in clear in {@code credentials.json} (0600) and made once, at the first start; a node keeps only
 * hashes of the tokens. {@code ledger serve} has none of this.
 */
public record DevCredentials(
    List<Token> tokens, List<ClientSecret> clientSecrets, List<Shop> shops) {

  /** The development shops. */
  public static final List<Shop> SHOPS =
      List.of(
          new Shop("954889", "snowdevil.myshopify.com"),
          new Shop("690933842", "acme-prints.myshopify.com"));

  /** Roles that see more than one shop, in the order in which the file lists them. */
  public static final List<String> GENERAL_ROLES =
      List.of("operator", "auditor", "privacy-officer", "admin", "producer");

  /** The role that belongs to one shop. */
  public static final String MERCHANT = "merchant";

  /** 256 bits: beyond guessing, and long enough that a hash of it needs no salt. */
  private static final int TOKEN_BYTES = 32;

  private static final int SECRET_BYTES = 16;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A bearer token; {@code shop} is the domain that it is bound to, if it is bound. */
  public record Token(String role, Optional<String> shop, Secret token) {}

  /** A client secret of the development app. */
  public record ClientSecret(String id, Secret secret) {}

  /** A shop, by Shopify's id (a string, always) and domain. */
  public record Shop(String shopId, String domain) {}

  /** The token of {@code role}, for {@code shop} if the role belongs to one. */
  public Optional<Secret> token(String role, Optional<String> shop) {
    return tokens.stream()
        .filter(token -> token.role().equals(role) && token.shop().equals(shop))
        .map(Token::token)
        .findFirst();
  }

  /** New credentials, all of them drawn from {@code random}. */
  static DevCredentials generate(SecureRandom random) {
    var tokens = new ArrayList<Token>();
    for (var shop : SHOPS) {
      tokens.add(new Token(MERCHANT, Optional.of(shop.domain()), randomToken(random)));
    }
    for (var role : GENERAL_ROLES) {
      tokens.add(new Token(role, Optional.empty(), randomToken(random)));
    }
    var secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return new DevCredentials(
        List.copyOf(tokens),
        List.of(new ClientSecret("development", Secret.of(HexFormat.of().formatHex(secret)))),
        SHOPS);
  }

  /**
   * Reads {@code file}, or makes and writes it if it is not there.
   *
   * @throws NodeStartException if it is damaged or cannot be read or written
   */
  public static DevCredentials loadOrCreate(Path file, SecureRandom random)
      throws NodeStartException {
    try {
      if (Files.exists(file)) {
        return read(file);
      }
      var made = generate(random);
      PrivateFiles.replace(file, made.toJson());
      return made;
    } catch (IOException | IllegalArgumentException e) {
      throw new NodeStartException(
          "'%s' cannot be used; restore it, or remove it to have new tokens made".formatted(file),
          e);
    }
  }

  /**
   * Reads {@code file}.
   *
   * @throws IOException if it is not there or not such a file
   */
  public static DevCredentials read(Path file) throws IOException {
    var root = JSON.readTree(file.toFile());
    var tokens = new ArrayList<Token>();
    for (var node : root.path("tokens")) {
      tokens.add(
          new Token(
              text(node, "role"),
              Optional.ofNullable(node.path("shop").textValue()),
              Secret.of(text(node, "token"))));
    }
    var shopify = root.path("shopify");
    var secrets =
        list(shopify.path("client_secrets"))
            .map(node -> new ClientSecret(text(node, "id"), Secret.of(text(node, "secret"))))
            .toList();
    var shops =
        list(shopify.path("shops"))
            .map(node -> new Shop(text(node, "shop_id"), text(node, "domain")))
            .toList();
    if (tokens.isEmpty() || secrets.isEmpty() || shops.isEmpty()) {
      throw new IOException("it holds no tokens, no client secrets or no shops");
    }
    return new DevCredentials(List.copyOf(tokens), secrets, shops);
  }

  /** One entry a line, so that a shell script can pick one with {@code sed}. */
  private byte[] toJson() throws IOException {
    var tokenLines = new ArrayList<JsonNode>();
    for (var token : tokens) {
      tokenLines.add(
          JSON.createObjectNode()
              .put("role", token.role())
              .put("shop", token.shop().orElse(null))
              .put("token", token.token().reveal()));
    }
    var secretLines = new ArrayList<JsonNode>();
    for (var secret : clientSecrets) {
      secretLines.add(
          JSON.createObjectNode().put("id", secret.id()).put("secret", secret.secret().reveal()));
    }
    var shopLines = new ArrayList<JsonNode>();
    for (var shop : shops) {
      shopLines.add(
          JSON.createObjectNode().put("shop_id", shop.shopId()).put("domain", shop.domain()));
    }
    var text =
        "{\"tokens\": [\n%s\n],\n\"shopify\": {\"client_secrets\": [\n%s\n],\n\"shops\": [\n%s\n]}}\n"
            .formatted(lines(tokenLines), lines(secretLines), lines(shopLines));
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String lines(List<JsonNode> entries) {
    return entries.stream().map(entry -> "  " + entry).collect(Collectors.joining(",\n"));
  }

  private static Stream<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static String text(JsonNode node, String field) {
    var text = node.path(field).textValue();
    if (text == null || text.isBlank()) {
      throw new IllegalArgumentException("'" + field + "' is missing");
    }
    return text;
  }

  private static Secret randomToken(SecureRandom random) {
    var bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }
}
