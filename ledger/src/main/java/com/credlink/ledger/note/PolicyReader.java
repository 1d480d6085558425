package com.credlink.ledger.note;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringTokenizer;

/**
 * Reads the lines of a policy file. Octets from 0x80 on mean nothing in this format, so the file is
 * read as one character per octet; only a key's name is UTF-8.
 */
final class PolicyReader {

  private static final String KIND = "policy";
  private static final String SPACE = " \t";

  private final List<Policy.Log> logs = new ArrayList<>();
  private final List<Policy.Witness> witnesses = new ArrayList<>();
  private final List<Policy.Group> groups = new ArrayList<>();
  private final Set<String> defined = new HashSet<>();
  private final Set<String> members = new HashSet<>();
  private Optional<String> quorum = Optional.empty();

  private PolicyReader() {}

  static Policy read(byte[] file) {
    if (file.length > Policy.MAX_BYTES) {
      throw new NoteException.TooLarge(KIND, Policy.MAX_BYTES, "bytes");
    }
    PolicyReader reader = new PolicyReader();
    String[] lines = new String(file, StandardCharsets.ISO_8859_1).split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      try {
        reader.line(lines[i]);
      } catch (NoteException.Malformed | NoteException.UnsupportedType e) {
        throw new NoteException.Malformed(KIND, "in line %d: %s".formatted(i + 1, e.getMessage()));
      }
    }
    return new Policy(
        reader.logs,
        reader.witnesses,
        reader.groups,
        reader.quorum.orElseThrow(() -> malformed("it has no quorum line")));
  }

  private void line(String line) {
    require(
        line.chars().allMatch(c -> (c >= ' ' && c != 0x7F) || c == '\t'), "a control character");
    List<String> items = items(line);
    if (items.isEmpty() || items.getFirst().startsWith("#")) {
      return;
    }
    List<String> rest = items.subList(1, items.size());
    switch (items.getFirst()) {
      case "log" -> log(rest);
      case "witness" -> witness(rest);
      case "group" -> group(rest);
      case "quorum" -> quorum(rest);
      default -> throw malformed("it does not begin with log, witness, group or quorum");
    }
  }

  private void log(List<String> items) {
    require(items.size() == 1 || items.size() == 2, "a log has a key, and may have a URL");
    VerifierKey key = key(items.getFirst());
    require(
        logs.stream().noneMatch(log -> log.key().publicKey().equals(key.publicKey())),
        "this log's key is listed before");
    logs.add(new Policy.Log(key, url(items, 1)));
    requireRoom(logs, "logs");
  }

  private void witness(List<String> items) {
    require(
        items.size() == 2 || items.size() == 3,
        "a witness has a name and a key, and may have a URL");
    VerifierKey key = key(items.get(1));
    require(key.type().isTimed(), "a witness' key is not one of a cosigner");
    require(
        witnesses.stream().noneMatch(one -> one.key().publicKey().equals(key.publicKey())),
        "this witness' key is listed before");
    define(items.getFirst());
    witnesses.add(new Policy.Witness(items.getFirst(), key, url(items, 2)));
    requireRoom(witnesses, "witnesses");
  }

  private void group(List<String> items) {
    require(items.size() >= 3, "a group has a name, a threshold and members");
    List<String> of = List.copyOf(items.subList(2, items.size()));
    int threshold = threshold(items.get(1), of.size());
    for (String member : of) {
      require(defined.contains(member), "a member is not defined before");
      require(members.add(member), "a member is in a group already");
    }
    define(items.getFirst());
    groups.add(new Policy.Group(items.getFirst(), threshold, of));
    requireRoom(groups, "groups");
  }

  private static int threshold(String text, int size) {
    return switch (text) {
      case "any" -> 1;
      case "all" -> size;
      default -> {
        long k = Text.decimal("group", "its threshold", text);
        require(k >= 1 && k <= size, "a threshold is not between 1 and the number of members");
        yield (int) k;
      }
    };
  }

  private void quorum(List<String> items) {
    require(items.size() == 1, "a quorum is one name");
    require(quorum.isEmpty(), "it has a quorum line before");
    String name = items.getFirst();
    require(name.equals(Policy.NONE) || defined.contains(name), "the quorum is not defined before");
    quorum = Optional.of(name);
  }

  private void define(String name) {
    require(!name.equals(Policy.NONE), "nothing may be called none");
    require(defined.add(name), "the name is defined before");
  }

  private static VerifierKey key(String octets) {
    return VerifierKey.parse(Text.utf8(KIND, octets.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static Optional<String> url(List<String> items, int at) {
    return items.size() > at ? Optional.of(items.get(at)) : Optional.empty();
  }

  private static List<String> items(String line) {
    List<String> items = new ArrayList<>();
    StringTokenizer tokens = new StringTokenizer(line, SPACE);
    while (tokens.hasMoreTokens()) {
      items.add(tokens.nextToken());
    }
    return items;
  }

  private static void requireRoom(List<?> list, String what) {
    if (list.size() > Policy.MAX_OF_EACH) {
      throw new NoteException.TooLarge(KIND, Policy.MAX_OF_EACH, what);
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw malformed(otherwise);
    }
  }

  private static NoteException malformed(String what) {
    return new NoteException.Malformed(KIND, what);
  }
}
