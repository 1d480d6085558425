package com.credlink.ledger.api.intake;

import com.credlink.ledger.api.intake.JsonObjects.NoJsonObjectException;
import com.credlink.ledger.api.problem.Problem;
import com.credlink.ledger.api.problem.ProblemException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Set;

/** JSON that callers send: one object, no field twice, nothing behind it, no field unheard of. */
public final class JsonBodies {

  private static final int MAX_SHOWN = 40;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

  private JsonBodies() {}

  /** The object that {@code json} spells, or the problem {@link Problem#MALFORMED}. */
  static ObjectNode object(byte[] json) {
    try {
      return JsonObjects.read(json);
    } catch (NoJsonObjectException e) {
      throw malformed("The request " + e.getMessage() + ".");
    }
  }

  /** The same, read from a request whose body may have {@code limit} bytes. */
  public static ObjectNode object(Context ctx, int limit) {
    byte[] body = Bodies.read(ctx, limit);
    if (body.length > limit) {
      throw new ProblemException(
          Problem.TOO_LARGE, "The request is larger than " + limit + " bytes.");
    }
    return object(body);
  }

  /** Refuses a field of {@code object} that is none of {@code known}: it may be a slip. */
  public static void refuseUnknown(JsonNode object, String where, Set<String> known) {
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw malformed("The field '" + where + shortened(name) + "' does not exist.");
      }
    }
  }

  /** One spelling for equal JSON, whatever the order of its fields and its white space. */
  static byte[] canonical(JsonNode json) {
    try {
      return JSON.writeValueAsString(json).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree can always be written", e);
    }
  }

  private static String shortened(String name) {
    return name.length() <= MAX_SHOWN ? name : name.substring(0, MAX_SHOWN) + "...";
  }

  static ProblemException malformed(String detail) {
    return new ProblemException(Problem.MALFORMED, detail);
  }
}
