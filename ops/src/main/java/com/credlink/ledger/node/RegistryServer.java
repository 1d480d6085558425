package com.credlink.ledger.node;

import com.credlink.ledger.log.Topics;
import com.credlink.ledger.log.Topics.Topic;
import com.credlink.ledger.node.SchemasLog.StoreException;
import com.credlink.ledger.registry.CompatibilityLevel;
import com.credlink.ledger.registry.HttpSchemaRegistry;
import com.credlink.ledger.registry.RegistryMode;
import com.credlink.ledger.registry.RegistryRecord.SchemaStored;
import com.credlink.ledger.registry.RegistryRecordFormat;
import com.credlink.ledger.registry.RegistryRefusal;
import com.credlink.ledger.registry.RegistryRules;
import com.credlink.ledger.registry.RegistryRules.Decision;
import com.credlink.ledger.registry.RegistryRules.Submission;
import com.credlink.ledger.registry.RegistryRules.Use;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded schema registry: {@link RegistryRules} behind Confluent's REST protocol, their log
 * in the topic {@code _schemas}. What it does not offer stands in {@code docs/registry.md}.
 */
public final class RegistryServer implements AutoCloseable {

  /** The largest request that is read; a schema in it must also fit into a Kafka record. */
  public static final long MAX_REQUEST_BYTES = 1L << 20;

  /** How long a change may take, unless the settings say otherwise. */
  public static final Duration DEADLINE = Duration.ofSeconds(10);

  private static final String LOOPBACK = "127.0.0.1";
  private static final String JSON = "application/json";
  private static final String ANY_CONTEXT = ":*:";
  private static final String DEFAULT_CONTEXT = ".";
  private static final int STORE_FAILED = 50001;
  private static final int STORE_TIMED_OUT = 50002;
  private static final int CODES_PER_STATUS = 100;
  private static final Logger LOG = LoggerFactory.getLogger(RegistryServer.class);

  /**
   * Where the registry listens and where it keeps its state.
   *
   * @param bootstrap {@code host:port} of the broker.
   * @param topic the topic of its state, made if it is missing.
   * @param host the address to bind.
   * @param port the port to bind; 0 picks a free one.
   * @param deadline how long a change may take until it is in the topic and read back.
   */
  public record Settings(String bootstrap, Topic topic, String host, int port, Duration deadline) {

    /** On 127.0.0.1, in the topic that {@code topics} declares. */
    public static Settings of(String bootstrap, Topics topics, int port) {
      Topic schemas =
          topics
              .topic(Topics.SCHEMAS)
              .orElseThrow(() -> new IllegalArgumentException("no topic " + Topics.SCHEMAS));
      return new Settings(bootstrap, schemas, LOOPBACK, port, DEADLINE);
    }

    /** The same, reachable from elsewhere. */
    public Settings listeningOn(String newHost) {
      return new Settings(bootstrap, topic, newHost, port, deadline);
    }

    /** The same with another patience. */
    public Settings within(Duration newDeadline) {
      return new Settings(bootstrap, topic, host, port, newDeadline);
    }
  }

  private final SchemasLog log;
  private final String host;
  private final Javalin http;
  private final ObjectMapper json = new ObjectMapper();

  private RegistryServer(SchemasLog log, Settings settings) {
    this.log = log;
    this.host = settings.host();
    this.http = Javalin.create(config -> configure(config, settings));
  }

  /** Starts the registry of an embedded node; see {@link #start(Settings)}. */
  public static RegistryServer start(String bootstrap, int port) {
    return start(Settings.of(bootstrap, Topics.embedded(), port));
  }

  /**
   * Replays the topic and serves.
   *
   * @throws org.apache.kafka.common.KafkaException if the broker does not answer.
   * @throws io.javalin.util.JavalinException if the port cannot be bound.
   */
  public static RegistryServer start(Settings settings) {
    SchemasLog log = SchemasLog.open(settings.bootstrap(), settings.topic(), settings.deadline());
    try {
      RegistryServer server = new RegistryServer(log, settings);
      server.http.start();
      return server;
    } catch (RuntimeException e) {
      log.close();
      throw e;
    }
  }

  /** The port that it listens on. */
  public int port() {
    return http.port();
  }

  /** Where clients find it. */
  public URI url() {
    return URI.create("http://" + host + ":" + port());
  }

  @Override
  public void close() {
    http.stop();
    log.close();
  }

  private void configure(JavalinConfig config, Settings settings) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.jetty.host = settings.host();
    config.jetty.port = settings.port();
    config.concurrency.useVirtualThreads = true;
    config.http.maxRequestSize = MAX_REQUEST_BYTES;
    config.http.prefer405over404 = true;
    routes(config.routes);
    errors(config.routes);
  }

  private void routes(RoutesConfig routes) {
    routes.get("/", ctx -> answer(ctx, json.createObjectNode()));
    routes.get("/contexts", ctx -> answer(ctx, json.createArrayNode().add(DEFAULT_CONTEXT)));

    routes.get("/subjects", this::subjects);
    routes.post("/subjects/{subject}", this::lookup);
    routes.delete("/subjects/{subject}", this::deleteSubject);
    routes.get("/subjects/{subject}/versions", this::versions);
    routes.post("/subjects/{subject}/versions", this::register);
    routes.get("/subjects/{subject}/versions/{version}", ctx -> answer(ctx, full(version(ctx))));
    routes.delete("/subjects/{subject}/versions/{version}", this::deleteVersion);
    routes.get(
        "/subjects/{subject}/versions/{version}/schema", ctx -> answer(ctx, version(ctx).schema()));
    routes.get(
        "/subjects/{subject}/versions/{version}/referencedby",
        ctx -> {
          version(ctx);
          answer(ctx, json.createArrayNode());
        });

    routes.get("/schemas", this::schemas);
    routes.get(
        "/schemas/types",
        ctx -> answer(ctx, json.createArrayNode().add(RegistryRecordFormat.AVRO)));
    routes.get("/schemas/ids/{id}", this::byId);
    routes.get("/schemas/ids/{id}/schema", ctx -> answer(ctx, stored(ctx).schema()));
    routes.get("/schemas/ids/{id}/subjects", this::subjectsOfId);
    routes.get("/schemas/ids/{id}/versions", this::versionsOfId);

    routes.post("/compatibility/subjects/{subject}/versions", this::testAll);
    routes.post("/compatibility/subjects/{subject}/versions/{version}", this::testOne);

    for (String path : List.of("/config", "/config/{subject}")) {
      routes.get(path, this::level);
      routes.put(path, this::setLevel);
      routes.delete(path, this::removeLevel);
    }
    for (String path : List.of("/mode", "/mode/{subject}")) {
      routes.get(path, this::mode);
      routes.put(path, this::setMode);
      routes.delete(path, this::removeMode);
    }
  }

  private void errors(RoutesConfig routes) {
    routes.exception(
        RegistryRefusal.class, (e, ctx) -> error(ctx, e.status(), e.errorCode(), e.getMessage()));
    routes.exception(
        StoreException.class,
        (e, ctx) -> {
          LOG.atWarn()
              .setMessage("The registry's log could not be written")
              .addKeyValue("reason", e.getMessage())
              .setCause(e)
              .log();
          int code = e.timeout() ? STORE_TIMED_OUT : STORE_FAILED;
          error(ctx, code / CODES_PER_STATUS, code, "Error in the backend Kafka store");
        });
    routes.exception(
        HttpResponseException.class,
        (e, ctx) ->
            error(
                ctx, e.getStatus(), e.getStatus(), "HTTP " + e.getStatus() + " " + e.getMessage()));
    routes.exception(
        Exception.class,
        (e, ctx) -> {
          LOG.atError()
              .setMessage("A request to the registry failed")
              .addKeyValue("method", ctx.method())
              .addKeyValue("path", ctx.path())
              .setCause(e)
              .log();
          error(ctx, 500, 500, "Internal Server Error");
        });
  }

  // ---- subjects and versions

  private void subjects(Context ctx) {
    List<String> names = log.ask(rules -> rules.subjects(prefix(ctx), flag(ctx, "deleted")));
    answer(ctx, array(page(ctx, names)));
  }

  private void register(Context ctx) throws StoreException {
    Submission submission = submission(ctx);
    SchemaStored stored = log.change(rules -> rules.register(ctx.pathParam("subject"), submission));
    answer(ctx, json.createObjectNode().put("id", stored.id()));
  }

  private void lookup(Context ctx) {
    Submission submission = submission(ctx);
    boolean deleted = flag(ctx, "deleted");
    answer(
        ctx, full(log.ask(rules -> rules.lookup(ctx.pathParam("subject"), submission, deleted))));
  }

  private void versions(Context ctx) {
    boolean deleted = flag(ctx, "deleted");
    List<Integer> versions = log.ask(rules -> rules.versions(ctx.pathParam("subject"), deleted));
    answer(ctx, array(page(ctx, versions)));
  }

  private SchemaStored version(Context ctx) {
    boolean deleted = flag(ctx, "deleted");
    return log.ask(
        rules -> rules.version(ctx.pathParam("subject"), ctx.pathParam("version"), deleted));
  }

  private void deleteSubject(Context ctx) throws StoreException {
    boolean permanent = flag(ctx, "permanent");
    answer(
        ctx, array(log.change(rules -> rules.deleteSubject(ctx.pathParam("subject"), permanent))));
  }

  private void deleteVersion(Context ctx) throws StoreException {
    boolean permanent = flag(ctx, "permanent");
    int version =
        log.change(
            rules ->
                rules.deleteVersion(ctx.pathParam("subject"), ctx.pathParam("version"), permanent));
    answer(ctx, Integer.toString(version));
  }

  // ---- schemas

  private void schemas(Context ctx) {
    List<SchemaStored> all = log.ask(rules -> rules.all(prefix(ctx), flag(ctx, "deleted")));
    if (flag(ctx, "latestOnly")) {
      Map<String, SchemaStored> latest = new LinkedHashMap<>();
      all.forEach(stored -> latest.put(stored.subject(), stored));
      all = List.copyOf(latest.values());
    }
    ArrayNode array = json.createArrayNode();
    page(ctx, all).forEach(stored -> array.add(full(stored)));
    answer(ctx, array);
  }

  private void byId(Context ctx) {
    SchemaStored stored = stored(ctx);
    ObjectNode node = json.createObjectNode().put("schema", stored.schema());
    if (!stored.schemaType().equals(RegistryRecordFormat.AVRO)) {
      node.put("schemaType", stored.schemaType());
    }
    Optional.ofNullable(stored.others().get("references"))
        .ifPresent(references -> node.set("references", references));
    if (flag(ctx, "fetchMaxId")) {
      node.put("maxId", log.ask(RegistryRules::highestId));
    }
    answer(ctx, node);
  }

  private void subjectsOfId(Context ctx) {
    answer(ctx, array(uses(ctx).stream().map(Use::subject).distinct().toList()));
  }

  private void versionsOfId(Context ctx) {
    ArrayNode array = json.createArrayNode();
    for (Use use : uses(ctx)) {
      array.addObject().put("subject", use.subject()).put("version", use.version());
    }
    answer(ctx, array);
  }

  private List<Use> uses(Context ctx) {
    int id = id(ctx);
    boolean deleted = flag(ctx, "deleted");
    return log.ask(rules -> rules.uses(id, deleted));
  }

  private SchemaStored stored(Context ctx) {
    int id = id(ctx);
    return log.ask(rules -> rules.byId(id));
  }

  // ---- compatibility

  private void testOne(Context ctx) {
    Submission submission = submission(ctx);
    tested(
        ctx, rules -> rules.test(ctx.pathParam("subject"), ctx.pathParam("version"), submission));
  }

  private void testAll(Context ctx) {
    Submission submission = submission(ctx);
    tested(ctx, rules -> rules.test(ctx.pathParam("subject"), submission));
  }

  private void tested(Context ctx, Function<RegistryRules, List<String>> test) {
    List<String> problems = log.ask(test);
    ObjectNode node = json.createObjectNode().put("is_compatible", problems.isEmpty());
    if (flag(ctx, "verbose")) {
      node.set("messages", array(problems));
    }
    answer(ctx, node);
  }

  // ---- levels and modes

  private void level(Context ctx) {
    boolean inherit = flag(ctx, "defaultToGlobal");
    CompatibilityLevel level = log.ask(rules -> rules.level(subject(ctx), inherit));
    answer(ctx, json.createObjectNode().put("compatibilityLevel", level.name()));
  }

  private void setLevel(Context ctx) throws StoreException {
    String name = body(ctx).path("compatibility").asText();
    changed(ctx, "compatibility", rules -> rules.setLevel(subject(ctx), name));
  }

  private void removeLevel(Context ctx) throws StoreException {
    changed(ctx, "compatibilityLevel", rules -> rules.removeLevel(subject(ctx)));
  }

  private void mode(Context ctx) {
    boolean inherit = flag(ctx, "defaultToGlobal");
    RegistryMode mode = log.ask(rules -> rules.mode(subject(ctx), inherit));
    answer(ctx, json.createObjectNode().put("mode", mode.name()));
  }

  private void setMode(Context ctx) throws StoreException {
    String name = body(ctx).path("mode").asText();
    changed(ctx, "mode", rules -> rules.setMode(subject(ctx), name));
  }

  private void removeMode(Context ctx) throws StoreException {
    changed(ctx, "mode", rules -> rules.removeMode(subject(ctx)));
  }

  private <E extends Enum<E>> void changed(
      Context ctx, String property, Function<RegistryRules, Decision<E>> command)
      throws StoreException {
    answer(ctx, json.createObjectNode().put(property, log.change(command).name()));
  }

  // ---- requests

  private Submission submission(Context ctx) {
    JsonNode body = body(ctx);
    return new Submission(
        body.path("schema").asText(),
        body.path("schemaType").asText(RegistryRecordFormat.AVRO),
        !body.path("references").isEmpty(),
        number(body, "id"),
        number(body, "version"));
  }

  /** Clients write -1 or 0 for what they leave to the registry. */
  private static OptionalInt number(JsonNode body, String name) {
    int value = body.path(name).asInt(-1);
    return value > 0 ? OptionalInt.of(value) : OptionalInt.empty();
  }

  private JsonNode body(Context ctx) {
    byte[] bytes = ctx.bodyAsBytes();
    if (bytes.length == 0) {
      return json.createObjectNode();
    }
    try {
      JsonNode body = json.readTree(bytes);
      if (body.isObject()) {
        return body;
      }
    } catch (JsonProcessingException e) {
      throw new RegistryRefusal(400, "The request is no JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new RegistryRefusal(400, "The request could not be read");
    }
    throw new RegistryRefusal(400, "The request must be a JSON object");
  }

  private static Optional<String> subject(Context ctx) {
    return Optional.ofNullable(ctx.pathParamMap().get("subject"));
  }

  private static int id(Context ctx) {
    String id = ctx.pathParam("id");
    try {
      return Integer.parseInt(id);
    } catch (NumberFormatException e) {
      throw new RegistryRefusal(404, "HTTP 404 Not Found: '" + id + "' is no schema id");
    }
  }

  private static String prefix(Context ctx) {
    String prefix = Optional.ofNullable(ctx.queryParam("subjectPrefix")).orElse("");
    return prefix.startsWith(ANY_CONTEXT) ? prefix.substring(ANY_CONTEXT.length()) : prefix;
  }

  private static boolean flag(Context ctx, String name) {
    return Boolean.parseBoolean(ctx.queryParam(name));
  }

  private static <T> List<T> page(Context ctx, List<T> all) {
    int from = Math.clamp(count(ctx, "offset", 0), 0, all.size());
    int limit = count(ctx, "limit", -1);
    return limit < 0
        ? all.subList(from, all.size())
        : all.subList(from, (int) Math.min((long) from + limit, all.size()));
  }

  private static int count(Context ctx, String name, int otherwise) {
    String value = ctx.queryParam(name);
    if (value == null) {
      return otherwise;
    }
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new RegistryRefusal(400, "'" + value + "' is no number for '" + name + "'");
    }
  }

  // ---- answers

  private ObjectNode full(SchemaStored stored) {
    ObjectNode node =
        json.createObjectNode()
            .put("subject", stored.subject())
            .put("version", stored.version())
            .put("id", stored.id());
    if (!stored.schemaType().equals(RegistryRecordFormat.AVRO)) {
      node.put("schemaType", stored.schemaType());
    }
    Optional.ofNullable(stored.others().get("references"))
        .ifPresent(references -> node.set("references", references));
    return node.put("schema", stored.schema());
  }

  private ArrayNode array(List<?> values) {
    return json.valueToTree(values);
  }

  private static void answer(Context ctx, JsonNode body) {
    answer(ctx, body.toString());
  }

  private static void answer(Context ctx, String body) {
    String accept = Optional.ofNullable(ctx.header("Accept")).orElse("");
    boolean plain = accept.contains(JSON) && !accept.contains("vnd.schemaregistry");
    // Bytes: a text would be written in the media type's charset, which it does not name.
    ctx.contentType(plain ? JSON : HttpSchemaRegistry.CONTENT_TYPE)
        .result(body.getBytes(StandardCharsets.UTF_8));
  }

  private void error(Context ctx, int status, int code, String message) {
    ctx.status(status);
    answer(ctx, json.createObjectNode().put("error_code", code).put("message", message));
  }
}
