package com.credlink.ledger.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.credlink.ledger.node.LedgerClient.Answer;
import com.credlink.ledger.node.LedgerClient.Caller;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * System calls that fail under a node, by strace. Whatever it makes of that, every checkpoint that
 * is stored or was handed out is of the records, and what was acknowledged is there, or the node
 * says that the log is not what it was and serves nothing of it. Also when a write is not made and
 * said to be: then facts may be lost that were acknowledged, never one that was signed.
 */
@Tag("contract")
class SystemCallFaultTest {

  private static final Duration UNDER_FAULTS = Duration.ofSeconds(25);
  private static final int ENOUGH = 150;
  private static final int BEFORE = 30;

  @TempDir private Path directory;

  @BeforeAll
  @SuppressWarnings("SystemOut")
  static void requireStrace() throws Exception {
    boolean works = works();
    if (!works) {
      System.out.println(
          "SystemCallFaultTest: SKIPPED, strace is not installed or may not trace (apt-get install"
              + " strace)");
    }
    assumeTrue(works, "strace is not installed or may not trace");
  }

  private static boolean works() throws InterruptedException {
    try {
      return new ProcessBuilder("strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "true")
          .redirectErrorStream(true)
          .start()
          .waitFor(20, TimeUnit.SECONDS);
    } catch (IOException notInstalled) {
      return false;
    }
  }

  @ParameterizedTest(name = "{0} gives {1} from call {2} on, in {3}; durability {4}")
  @CsvSource({
    "'fsync,fdatasync',        error=EIO,    3+,  events, power",
    "'fsync,fdatasync',        error=EIO,    1+,  all,    power",
    "'write,writev,pwrite64',  error=EIO,    5,   events, process",
    "'write,writev,pwrite64',  error=ENOSPC, 40+, events, power",
    "'write,writev,pwrite64',  error=EIO,    10,  checkpoints, process",
    "'write,writev,pwrite64',  error=ENOSPC, 20,  all,    process",
    "'ftruncate',              error=EIO,    1+,  all,    process",
    "'rename,renameat2',       error=EIO,    1+,  all,    process",
    "'write,writev,pwrite64',  retval=16,    30,  events, process",
  })
  void shouldNeverSignWhatIsNotInTheLog(
      String calls, String outcome, String when, String where, String durability) throws Exception {
    Path data = directory.resolve("data");
    LogLoad load = new LogLoad();
    try (var node = ForkedNode.start(data)) {
      run(node, load, BEFORE);
    }
    underFaults(data, load, injecting(calls, outcome, when), where, durability);

    Set<Integer> refused;
    try (var node = ForkedNode.start(data)) {
      refused = refused(node);
      node.stop();
    }
    LogOracle oracle = LogOracle.of(data, partition -> !refused.contains(partition));
    // A system that says "written" and has not cannot be found out before something is signed.
    boolean isTold = outcome.startsWith("error");
    load.acknowledged()
        .forEach(
            (position, id) -> {
              if (isTold && !refused.contains(position.partition())) {
                oracle.shouldHave(position, id);
              }
            });
    load.seen()
        .forEach(
            (partition, heads) -> {
              if (!refused.contains(partition)) {
                heads.stream()
                    .distinct()
                    .forEach(head -> oracle.shouldBeOfTheRecords(partition, head));
              }
            });
    print(calls, outcome, when, where, load, refused, oracle);
  }

  @Test
  void shouldAcknowledgeNothingThatIsNotOnTheDiskWithDurabilityPower() throws Exception {
    Path data = directory.resolve("data");
    LogLoad load = new LogLoad();
    try (var node = ForkedNode.start(data)) { // durability process: nothing is flushed yet
      run(node, load, BEFORE);
    }
    int before = load.acknowledged().size();
    List<String> everyFlush = injecting("fsync,fdatasync", "error=EIO", "1+");

    underFaults(data, load, everyFlush, "events", "power");
    assertThat(load.acknowledged()).hasSize(before);

    underFaults(data, load, everyFlush, "events", "process");
    assertThat(load.acknowledged()).hasSizeGreaterThan(before);
  }

  private static void run(ForkedNode node, LogLoad load, int more) throws InterruptedException {
    int enough = load.acknowledged().size() + more;
    ExecutorService senders = load.start(node);
    try {
      await()
          .atMost(UNDER_FAULTS)
          .until(() -> !node.isAlive() || load.acknowledged().size() >= enough);
    } catch (ConditionTimeoutException stuck) {
      // A node that only refuses is as good as one that ended.
    } finally {
      node.kill();
      load.stop(senders);
    }
  }

  /** Either from the launch on, on the files of one topic, or all of a node that runs already. */
  private static void underFaults(
      Path data, LogLoad load, List<String> inject, String where, String durability)
      throws Exception {
    List<String> options = List.of("--durability=" + durability);
    boolean everywhere = where.equals("all");
    ForkedNode node;
    try {
      node =
          ForkedNode.start(data, everywhere ? List.of() : launched(data, inject, where), options);
    } catch (AssertionError notReady) {
      return; // a node that does not start signs nothing
    }
    Optional<Process> tracer =
        everywhere ? Optional.of(attached(inject, node.pid())) : Optional.empty();
    try (node) {
      run(node, load, ENOUGH);
    } finally {
      tracer.ifPresent(Process::destroyForcibly);
    }
  }

  private static List<String> injecting(String calls, String outcome, String when) {
    return List.of(
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        "trace=" + calls,
        "-e",
        "inject=%s:%s:when=%s".formatted(calls, outcome, when));
  }

  private static List<String> launched(Path data, List<String> inject, String where)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("strace", "--seccomp-bpf"));
    command.addAll(inject);
    for (Path file : files(data, "ledger." + where + "-")) {
      command.add("-P");
      command.add(file.toString());
    }
    return command;
  }

  private static Process attached(List<String> inject, long pid) throws IOException {
    List<String> command = new ArrayList<>(List.of("strace"));
    command.addAll(inject);
    command.addAll(List.of("-p", Long.toString(pid)));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static List<Path> files(Path data, String topic) throws IOException {
    try (Stream<Path> found = Files.walk(data.resolve("kafka"))) {
      List<Path> files =
          found
              .filter(file -> file.getParent().getFileName().toString().startsWith(topic))
              .filter(file -> file.getFileName().toString().endsWith(".log"))
              .map(Path::toAbsolutePath)
              .toList();
      assertThat(files).isNotEmpty();
      return files;
    }
  }

  /** Partitions that the node names as faulty; it serves nothing of them. */
  private static Set<Integer> refused(ForkedNode node) {
    Set<Integer> refused = new HashSet<>();
    for (JsonNode log : node.client().get("/tlog", Caller.NOBODY).expect(200).json().path("logs")) {
      if (log.has("fault")) {
        int partition = log.path("partition").asInt();
        Answer answer = node.client().get("/tlog/" + partition + "/checkpoint", Caller.NOBODY);
        answer.expectProblem(503, "log_integrity");
        refused.add(partition);
      }
    }
    return refused;
  }

  @SuppressWarnings("SystemOut")
  private static void print(
      String calls,
      String outcome,
      String when,
      String where,
      LogLoad load,
      Set<Integer> refused,
      LogOracle oracle) {
    System.out.printf(
        "SystemCallFaultTest: %s %s when=%s in %s: %d acknowledged, %d checkpoints stored, refused"
            + " %s%n",
        calls, outcome, when, where, load.acknowledged().size(), oracle.checkpoints(), refused);
  }
}
