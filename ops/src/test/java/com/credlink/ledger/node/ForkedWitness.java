package com.credlink.ledger.node;

import com.credlink.ledger.note.VerifierKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code ledger witness} in a process of its own. */
record ForkedWitness(ForkedCommand command, URI url, List<VerifierKey> keys)
    implements AutoCloseable {

  static ForkedWitness start(Path data, String name, int port, List<VerifierKey> logs)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("witness", "--data=" + data, "--name=" + name, "--port=" + port));
    logs.forEach(key -> arguments.add("--log-key=" + key.format()));
    ForkedCommand command = ForkedCommand.start(arguments.toArray(String[]::new));
    List<String> said = command.readUntil("ready ");
    List<VerifierKey> keys =
        said.stream()
            .filter(line -> line.startsWith("vkey "))
            .map(line -> VerifierKey.parse(line.substring("vkey ".length()).strip()))
            .toList();
    return new ForkedWitness(
        command, URI.create(said.getLast().substring("ready ".length())), keys);
  }

  @Override
  public void close() {
    command.close();
  }
}
