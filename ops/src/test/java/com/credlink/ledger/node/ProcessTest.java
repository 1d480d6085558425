package com.credlink.ledger.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.log.KafkaConnection;
import com.credlink.ledger.log.LedgerReader;
import com.credlink.ledger.node.LedgerClient.Caller;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the configuration makes of a process. */
class ProcessTest {

  @TempDir private Path directory;

  @Test
  void shouldAnswerForItsHealthAloneWithoutTheApi() throws Exception {
    try (var worker = TestNode.start(directory, "roles: [clerk, signer]\n")) {
      var client = worker.client();

      assertThat(client.get("/healthz/ready", Caller.NOBODY).expect(200).json().path("status"))
          .hasToString("\"UP\"");
      assertThat(client.get("/metrics", Caller.NOBODY).expect(200).text()).contains("jvm_memory");
      client.get("/v1/trust/keys.json", Caller.NOBODY).expect(200);
      client.get("/v1/events", client.role("auditor")).expect(404);
    }
  }

  @Test
  void shouldKeepItsNumberOfPartitionsForEver() throws Exception {
    try (var six = TestNode.start(directory, "ledger.partitions: 6\n");
        var reader = new LedgerReader(KafkaConnection.plain(six.node().kafka()))) {
      assertThat(reader.partitions()).isEqualTo(6);
    }

    assertThatThrownBy(() -> TestNode.start(directory, ""))
        .isInstanceOf(NodeStartException.class)
        .hasMessageContaining("ledger.events has 6 partitions")
        .hasMessageContaining("set 'ledger.partitions' to 6, not 4");
  }
}
