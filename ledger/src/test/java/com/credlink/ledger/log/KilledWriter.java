package com.credlink.ledger.log;

import com.credlink.ledger.broker.KafkaNode;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;

/**
 * A process of its own, until it is killed: a broker, and a writer of so many events. Prints the
 * broker's address, then what was acknowledged.
 */
final class KilledWriter {

  private static final int UNDER_WAY = 500;

  private KilledWriter() {}

  public static void main(String[] arguments) throws Exception {
    KafkaNode node = KafkaNode.start(KafkaNode.Settings.in(Path.of(arguments[0])));
    KafkaConnection connection = KafkaConnection.plain(node.bootstrap());
    try (TopicAdmin admin = new TopicAdmin(connection)) {
      admin.create(node.topics());
    }
    Ledger ledger = new Ledger(LedgerConfig.of(connection, node.topics()), Events.ids());
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    Semaphore room = new Semaphore(UNDER_WAY);
    out.println(node.bootstrap());
    out.flush();
    long count = Long.parseLong(arguments[2]);
    for (long i = 0; i < count; i++) {
      room.acquire();
      String id = "%s-%d".formatted(arguments[1], i);
      var _ =
          ledger
              .append(Events.started("tenant-" + i % 23, id))
              .whenComplete(
                  (position, failure) -> {
                    if (failure == null) {
                      out.println(position + " " + id + " " + KillTest.END);
                      out.flush();
                    }
                    room.release();
                  });
    }
    Thread.currentThread().join();
  }
}
