package com.credlink.ledger.cli;

import com.credlink.ledger.note.NoteException;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.tlog.DirectoryLog;
import com.credlink.ledger.tlog.HttpLog;
import com.credlink.ledger.tlog.TiledLog;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The logs that {@code verify} is about, each with the keys that must have signed it. */
final class LogSubjects {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<VerifierKey> keys;
  private final List<Subject> found = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private final Set<String> empty = new HashSet<>();

  private LogSubjects(List<VerifierKey> keys) {
    this.keys = keys;
  }

  /**
   * A log.
   *
   * @param keys must have signed it
   * @param retired have signed it before, as its ledger says
   */
  record Subject(TiledLog log, List<VerifierKey> keys, List<VerifierKey> retired) {
    Subject(TiledLog log, List<VerifierKey> keys) {
      this(log, keys, List.of());
    }
  }

  /**
   * The logs at a place: one log, a ledger with its {@code /tlog}, a directory with one log or with
   * a directory for each.
   */
  static LogSubjects at(String place, List<String> vkeys) throws CommandException {
    LogSubjects subjects = new LogSubjects(keys(vkeys));
    if (place.matches("https?://.+")) {
      subjects.url(place.replaceAll("/+$", ""));
    } else {
      subjects.directory(Path.of(place));
    }
    if (subjects.found.isEmpty()) {
      throw new CommandException(
          subjects.remarks.isEmpty()
              ? "there is no log at " + place
              : String.join("; ", subjects.remarks));
    }
    return subjects;
  }

  List<Subject> all() {
    return List.copyOf(found);
  }

  /** Whether the ledger lists the log of that origin and says that nothing is in it. */
  boolean isEmpty(String origin) {
    return empty.contains(origin);
  }

  /** What whoever reads the result must know about the choice. */
  List<String> remarks() {
    return List.copyOf(remarks);
  }

  /** Reads verifier keys. */
  static List<VerifierKey> keys(List<String> vkeys) throws CommandException {
    List<VerifierKey> parsed = new ArrayList<>();
    for (String vkey : vkeys) {
      try {
        parsed.add(VerifierKey.parse(vkey));
      } catch (NoteException e) {
        throw new CommandException("--vkey '%s': %s".formatted(vkey, e.getMessage()), e);
      }
    }
    return parsed;
  }

  private void url(String url) throws CommandException {
    HttpLog log = new HttpLog(url);
    Optional<byte[]> list = log.get("tlog");
    if (list.isEmpty()) {
      one(log);
    } else {
      if (keys.isEmpty()) {
        remarks.add("the keys are those that the ledger names; --vkey makes sure whose they are");
      }
      for (JsonNode listed : json(url, list.get()).path("logs")) {
        listed(url, listed);
        for (JsonNode ended : listed.path("sealed")) {
          if (keys.isEmpty() || isOurs(ended)) {
            listed(url, ended);
          }
        }
      }
    }
  }

  /** A log that was ended is verified as far as it holds, for whoever has its keys. */
  private boolean isOurs(JsonNode ended) {
    return keys.stream().anyMatch(key -> key.name().equals(ended.path("origin").asText()));
  }

  private void listed(String url, JsonNode listed) throws CommandException {
    String origin = listed.path("origin").asText();
    List<VerifierKey> named = keys.isEmpty() ? vkeys(listed, "vkeys") : keys;
    List<VerifierKey> ours = named.stream().filter(key -> key.name().equals(origin)).toList();
    if (ours.isEmpty()) {
      remarks.add(origin + " is passed over: no --vkey is its");
    } else if (listed.path("size").asLong() == 0) {
      remarks.add(origin + " is passed over: it is empty");
      empty.add(origin);
    } else {
      found.add(
          new Subject(
              new HttpLog(url + listed.path("url").asText()),
              ours,
              vkeys(listed, "retired_vkeys")));
    }
  }

  private static List<VerifierKey> vkeys(JsonNode listed, String which) throws CommandException {
    List<String> vkeys = new ArrayList<>();
    listed.path(which).forEach(vkey -> vkeys.add(vkey.asText()));
    return keys(vkeys);
  }

  private void directory(Path directory) throws CommandException {
    if (!Files.isDirectory(directory)) {
      throw new CommandException("'%s' is neither a URL nor a directory".formatted(directory));
    }
    if (Files.exists(directory.resolve(DirectoryLog.CHECKPOINT))) {
      one(new DirectoryLog(directory));
      return;
    }
    try (Stream<Path> inside = Files.list(directory)) {
      for (Path each : inside.sorted().toList()) {
        if (Files.exists(each.resolve(DirectoryLog.CHECKPOINT))) {
          one(new DirectoryLog(each));
        }
      }
    } catch (IOException e) {
      throw new CommandException("'%s' cannot be read".formatted(directory), e);
    }
  }

  /** The first line of a checkpoint is the log's name, and so are its keys'. */
  private void one(TiledLog log) throws CommandException {
    String origin =
        new String(log.checkpoint(), StandardCharsets.UTF_8).lines().findFirst().orElse("");
    List<VerifierKey> ours = keys.stream().filter(key -> key.name().equals(origin)).toList();
    if (ours.isEmpty()) {
      throw new CommandException(
          "%s calls itself '%s', and no --vkey is that log's; its owner publishes the key"
              .formatted(log.place(), origin));
    }
    found.add(new Subject(log, ours));
  }

  private static JsonNode json(String url, byte[] body) throws CommandException {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new CommandException(url + "/tlog is no list of logs", e);
    }
  }
}
