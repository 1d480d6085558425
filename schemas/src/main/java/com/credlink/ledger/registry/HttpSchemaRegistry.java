package com.credlink.ledger.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client of a Confluent-compatible registry. Every call has one deadline for everything in it:
 * fail-over to the next address, repeats after 429 and 5xx with jitter. What is found is kept,
 * because an id never changes its meaning; what is not found is asked for again.
 */
public final class HttpSchemaRegistry implements SchemaRegistry, AutoCloseable {

  /** The media type of the protocol. */
  public static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";

  /** How long a call may take, unless the builder says otherwise. */
  public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(10);

  /** Schemas that are remembered by id, and ids that are remembered by schema. */
  public static final int CACHE_CAPACITY = 10_000;

  /** The largest answer that is read. */
  public static final long MAX_ANSWER_BYTES = 16L << 20;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final int LARGEST_SHIFT = 10;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final Logger LOG = LoggerFactory.getLogger(HttpSchemaRegistry.class);

  private final List<URI> urls;
  private final Authentication authentication;
  private final Duration deadline;
  private final RandomGenerator random;
  private final HttpClient client;
  private final ObjectMapper json = new ObjectMapper();
  private final SharedCache<Integer, Schema> schemas = new SharedCache<>(CACHE_CAPACITY);
  private final SharedCache<Registered, Integer> ids = new SharedCache<>(CACHE_CAPACITY);

  /** Where the last call succeeded: the next one begins there. */
  private volatile int preferred;

  private HttpSchemaRegistry(Builder builder) {
    this.urls = builder.urls;
    this.authentication = builder.authentication;
    this.deadline = builder.deadline;
    this.random = builder.random;
    HttpClient.Builder http = HttpClient.newBuilder();
    builder.sslContext.ifPresent(http::sslContext);
    this.client =
        http.version(HttpClient.Version.HTTP_1_1)
            // A redirect would carry the credentials to who knows where.
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(min(CONNECT_TIMEOUT, deadline))
            .build();
  }

  /**
   * A client for the registry at {@code urls}, which are tried in this order.
   *
   * @throws IllegalArgumentException if there is none, or one is not http or https.
   */
  public static Builder builder(List<URI> urls, RandomGenerator random) {
    return new Builder(urls, random);
  }

  /** What a client needs to know. */
  public static final class Builder {
    private final List<URI> urls;
    private final RandomGenerator random;
    private Authentication authentication = Authentication.none();
    private Duration deadline = DEFAULT_DEADLINE;
    private Optional<SSLContext> sslContext = Optional.empty();

    private Builder(List<URI> urls, RandomGenerator random) {
      if (urls.isEmpty()) {
        throw new IllegalArgumentException("a schema registry needs at least one URL");
      }
      for (URI url : urls) {
        if (url.getHost() == null
            || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
          throw new IllegalArgumentException("'" + url + "' is no http or https URL of a registry");
        }
      }
      this.urls = List.copyOf(urls);
      this.random = random;
    }

    /** The credentials to send. */
    public Builder authentication(Authentication value) {
      this.authentication = value;
      return this;
    }

    /** How long a call may take, repeats included. */
    public Builder deadline(Duration value) {
      this.deadline = value;
      return this;
    }

    /** Which certificates to trust, and which to show. */
    public Builder sslContext(SSLContext value) {
      this.sslContext = Optional.of(value);
      return this;
    }

    /** The client. */
    public HttpSchemaRegistry build() {
      return new HttpSchemaRegistry(this);
    }
  }

  /** Key of the cache: a schema, documentation included, under a subject. */
  private record Registered(String subject, String fingerprint) {}

  @Override
  public int register(String subject, Schema schema) {
    return ids.get(
        key(subject, schema),
        () ->
            id(
                call(
                    "POST",
                    "/subjects/" + encode(subject) + "/versions",
                    Optional.of(body(schema)))));
  }

  @Override
  public int lookup(String subject, Schema schema) {
    return ids.get(
        key(subject, schema),
        () -> id(call("POST", "/subjects/" + encode(subject), Optional.of(body(schema)))));
  }

  @Override
  public Schema byId(int id) {
    return schemas.get(id, () -> parse(call("GET", "/schemas/ids/" + id, Optional.empty())));
  }

  @Override
  public SubjectVersion latest(String subject) {
    JsonNode answer =
        call("GET", "/subjects/" + encode(subject) + "/versions/latest", Optional.empty());
    if (!answer.path("version").isInt()) {
      throw unreadable("no version in", answer);
    }
    return new SubjectVersion(subject, answer.get("version").asInt(), id(answer), parse(answer));
  }

  @Override
  public boolean compatible(String subject, Schema schema) {
    try {
      JsonNode answer =
          call(
              "POST",
              "/compatibility/subjects/" + encode(subject) + "/versions",
              Optional.of(body(schema)));
      if (!answer.path("is_compatible").isBoolean()) {
        throw unreadable("no verdict in", answer);
      }
      return answer.get("is_compatible").asBoolean();
    } catch (RegistryException.SubjectNotFound | RegistryException.VersionNotFound e) {
      return true;
    }
  }

  @Override
  public CompatibilityLevel level(String subject) {
    JsonNode answer = ownOrGlobal("/config", subject);
    return CompatibilityLevel.of(answer.path("compatibilityLevel").asText())
        .orElseThrow(() -> unreadable("no compatibility level in", answer));
  }

  @Override
  public void setLevel(String subject, CompatibilityLevel level) {
    ObjectNode body = json.createObjectNode().put("compatibility", level.name());
    call("PUT", "/config/" + encode(subject), Optional.of(body));
  }

  @Override
  public RegistryMode mode(String subject) {
    JsonNode answer = ownOrGlobal("/mode", subject);
    return RegistryMode.of(answer.path("mode").asText())
        .orElseThrow(() -> unreadable("no mode in", answer));
  }

  @Override
  public void setMode(String subject, RegistryMode mode) {
    ObjectNode body = json.createObjectNode().put("mode", mode.name());
    call("PUT", "/mode/" + encode(subject), Optional.of(body));
  }

  /** Ends all calls under way. */
  @Override
  public void close() {
    client.shutdownNow();
  }

  /** Not every registry knows {@code defaultToGlobal}, so a subject without its own is asked on. */
  private JsonNode ownOrGlobal(String path, String subject) {
    try {
      return call("GET", path + "/" + encode(subject) + "?defaultToGlobal=true", Optional.empty());
    } catch (RegistryException.SubjectNotFound e) {
      return call("GET", path, Optional.empty());
    } catch (RegistryException.Refused e) {
      if (e.status() != 404) {
        throw e;
      }
      return call("GET", path, Optional.empty());
    }
  }

  private JsonNode call(String method, String path, Optional<ObjectNode> body) {
    long start = System.nanoTime();
    RegistryException last = new RegistryException.Unreachable("no attempt was made", null);
    for (int round = 0; ; round++) {
      int first = preferred;
      for (int i = 0; i < urls.size(); i++) {
        Duration left = deadline.minusNanos(System.nanoTime() - start);
        if (left.isNegative() || left.isZero()) {
          throw last;
        }
        int index = (first + i) % urls.size();
        // A silent address must leave time for the others.
        Duration patience = left.dividedBy(urls.size() - i);
        try {
          HttpResponse<byte[]> response = send(urls.get(index), method, path, body, patience);
          if (response.statusCode() < 500 && response.statusCode() != TOO_MANY_REQUESTS) {
            preferred = index;
            return answer(response);
          }
          last = error(response);
        } catch (HttpTimeoutException e) {
          // What a server said before tells more than that time ran out.
          if (last instanceof RegistryException.Unreachable) {
            last = unreachable(e);
          }
        } catch (IOException e) {
          last = unreachable(e);
        }
        LOG.atDebug()
            .setMessage("A schema registry did not serve a call")
            .addKeyValue("url", urls.get(index))
            .addKeyValue("path", path)
            .addKeyValue("reason", last.getMessage())
            .log();
      }
      pause(round, deadline.minusNanos(System.nanoTime() - start), last);
    }
  }

  private RegistryException unreachable(IOException e) {
    return new RegistryException.Unreachable(
        "the schema registry at " + urls + " does not answer: " + describe(e), e);
  }

  private HttpResponse<byte[]> send(
      URI url, String method, String path, Optional<ObjectNode> body, Duration patience)
      throws IOException {
    String base = url.toString();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(
                    (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path))
            .timeout(patience)
            .header("Accept", CONTENT_TYPE + ", application/json")
            .method(
                method,
                body.map(node -> BodyPublishers.ofString(node.toString()))
                    .orElseGet(BodyPublishers::noBody));
    body.ifPresent(_ -> request.header("Content-Type", CONTENT_TYPE));
    authentication.header().ifPresent(value -> request.header("Authorization", value));
    try {
      return client.send(
          request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RegistryException.Unreachable("interrupted while asking the schema registry", e);
    }
  }

  private JsonNode answer(HttpResponse<byte[]> response) {
    if (response.statusCode() / 100 != 2) {
      throw error(response);
    }
    try {
      return json.readTree(response.body());
    } catch (IOException e) {
      throw new RegistryException.Unreadable(
          "the answer of " + response.uri() + " is no JSON: " + describe(e), e);
    }
  }

  private RegistryException error(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    String where = "HTTP " + status + " from " + response.uri();
    try {
      JsonNode body = json.readTree(response.body());
      return RegistryException.of(
          status, body.path("error_code").asInt(0), body.path("message").asText(where));
    } catch (IOException e) {
      return RegistryException.of(status, 0, where);
    }
  }

  /** Full jitter: somewhere between nothing and twice as long as the last time, up to a limit. */
  private void pause(int round, Duration left, RegistryException last) {
    Duration longest =
        min(LONGEST_PAUSE, FIRST_PAUSE.multipliedBy(1L << Math.min(round, LARGEST_SHIFT)));
    Duration pause = Duration.ofNanos(random.nextLong(longest.toNanos()));
    if (pause.compareTo(left) >= 0) {
      throw last;
    }
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw last;
    }
  }

  private static Schema parse(JsonNode answer) {
    String type = answer.path("schemaType").asText(RegistryRecordFormat.AVRO);
    if (!type.equals(RegistryRecordFormat.AVRO) || !answer.path("references").isEmpty()) {
      throw new RegistryException.Unreadable(
          "a schema of type " + type + " or with references is not read here", null);
    }
    try {
      return new Schema.Parser(NameValidator.NO_VALIDATION)
          .setValidateDefaults(false)
          .parse(answer.path("schema").asText());
    } catch (RuntimeException e) {
      throw new RegistryException.Unreadable("no Avro schema: " + describe(e), e);
    }
  }

  private static int id(JsonNode answer) {
    if (!answer.path("id").isInt()) {
      throw unreadable("no id in", answer);
    }
    return answer.get("id").asInt();
  }

  private static RegistryException unreadable(String what, JsonNode answer) {
    return new RegistryException.Unreadable(what + " the answer " + answer, null);
  }

  private ObjectNode body(Schema schema) {
    return json.createObjectNode().put("schema", schema.toString());
  }

  private static Registered key(String subject, Schema schema) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(schema.toString().getBytes(StandardCharsets.UTF_8));
      return new Registered(subject, HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String encode(String subject) {
    return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String describe(Exception e) {
    return e instanceof JsonProcessingException parse
        ? parse.getOriginalMessage()
        : Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
