package com.credlink.ledger.worker;

import com.credlink.ledger.log.CheckpointLog;
import com.credlink.ledger.log.CheckpointLog.Published;
import com.credlink.ledger.log.IntegrityFaults;
import com.credlink.ledger.log.LogUnavailable;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.TileException;
import com.credlink.ledger.note.NoteSignature;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.tlog.witness.WitnessClient;
import com.credlink.ledger.tlog.witness.WitnessClient.Reply;
import com.credlink.ledger.topology.query.StoreQueries;
import com.credlink.ledger.topology.query.StoreQueries.NotServingException;
import com.credlink.ledger.topology.query.TreeView;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one witness to cosign the newest checkpoint of each partition of this process, and publishes
 * what it answers. It runs behind the signing of checkpoints and never holds it up: a witness that
 * is away or refuses is asked less and less often, and its lines are missing meanwhile.
 */
public final class WitnessSubmitter implements AutoCloseable {

  /** How often it looks for a newer checkpoint. */
  static final Duration PERIOD = Duration.ofMillis(100);

  /** Between two checkpoints of a partition that a witness is asked for. */
  static final Duration INTERVAL = Duration.ofSeconds(1);

  /** The longest wait after failures. */
  static final Duration MAX_BACK_OFF = Duration.ofMinutes(1);

  /** Requests in one turn: the first may be wrong about the size, and the log may grow. */
  private static final int ATTEMPTS = 3;

  private static final Logger LOG = LoggerFactory.getLogger(WitnessSubmitter.class);

  private final URI url;
  private final List<VerifierKey> keys;
  private final WitnessClient client;
  private final StoreQueries stores;
  private final TreeView trees;
  private final CheckpointLog checkpoints;
  private final IntegrityFaults faults;
  private final Random random;
  private final Map<Integer, Turn> turns = new HashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("witness-submitter").daemon().factory());

  /** What is known of a partition at the witness. */
  private static final class Turn {
    private long cosignedSize;
    private String cosignedText = "";
    private int failures;
    private long notBefore = System.nanoTime();
  }

  /**
   * A submitter that has not begun.
   *
   * @param url the submission prefix of the witness
   * @param keys what its cosignatures are verified with
   */
  public WitnessSubmitter(
      URI url,
      List<VerifierKey> keys,
      StoreQueries stores,
      CheckpointLog checkpoints,
      IntegrityFaults faults,
      Random random) {
    this.url = url;
    this.keys = List.copyOf(keys);
    this.client = new WitnessClient(url, keys);
    this.stores = stores;
    this.trees = new TreeView(stores);
    this.checkpoints = checkpoints;
    this.faults = faults;
    this.random = random;
  }

  /** Begins to submit. */
  public WitnessSubmitter start() {
    var _ =
        timer.scheduleWithFixedDelay(
            this::submitAll, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    return this;
  }

  private void submitAll() {
    try {
      for (int partition : stores.owned()) {
        Turn turn = turns.computeIfAbsent(partition, _ -> new Turn());
        if (faults.of(partition).isEmpty() && System.nanoTime() - turn.notBefore >= 0) {
          submit(partition, turn);
        }
      }
    } catch (NotServingException notNow) {
      LOG.debug("The trees are not there yet", notNow);
    } catch (LogUnavailable | TileException e) {
      LOG.atWarn().setCause(e).log("Cosignatures were not published; they are asked for again");
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("A checkpoint was not submitted; it is tried again");
    }
  }

  private void submit(int partition, Turn turn) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<Published> newest = checkpoints.latest(partition).filter(head -> isOpen(head, turn));
      // After a crash the tree is grown again from the log, and may be behind.
      if (newest.isEmpty() || trees.size(partition) < newest.get().checkpoint().size()) {
        return;
      }
      if (settle(partition, turn, newest.get(), ask(partition, turn, newest.get()))) {
        return;
      }
    }
  }

  private boolean isOpen(Published head, Turn turn) {
    return !head.note().text().equals(turn.cosignedText)
        && head.note().signatures().stream().noneMatch(this::isOfWitness);
  }

  private boolean isOfWitness(NoteSignature line) {
    return keys.stream().anyMatch(line::isOf);
  }

  private Reply ask(int partition, Turn turn, Published head) {
    long size = head.checkpoint().size();
    List<Hash> path = trees.tree(partition).consistency(turn.cosignedSize, size).path();
    return client.submit(turn.cosignedSize, path, head.note());
  }

  /** Whether this turn is over. */
  private boolean settle(int partition, Turn turn, Published head, Reply reply) {
    switch (reply) {
      case Reply.Cosigned(List<NoteSignature> lines) -> {
        turn.cosignedSize = head.checkpoint().size();
        checkpoints.cosign(partition, head.note().text(), lines);
        turn.cosignedText = head.note().text();
        succeeded(turn);
        return true;
      }
      case Reply.AnotherSize(long size) when size <= head.checkpoint().size() -> {
        boolean isNews = size != turn.cosignedSize;
        turn.cosignedSize = size;
        if (isNews) {
          return false;
        }
        failed(partition, turn, "it contradicts itself about size " + size);
      }
      case Reply.AnotherSize(long size) ->
          failed(
              partition,
              turn,
              "it has cosigned a tree of %d leaves, and the newest checkpoint has %d: either checkpoints were lost here, or another log signs with these keys"
                  .formatted(size, head.checkpoint().size()));
      case Reply.Refused(String why) -> failed(partition, turn, why);
      case Reply.Away(String why) -> failed(partition, turn, why);
    }
    return true;
  }

  private void succeeded(Turn turn) {
    if (turn.failures > 0) {
      LOG.atInfo().addKeyValue("witness", url).log("The witness cosigns again");
    }
    turn.failures = 0;
    turn.notBefore = System.nanoTime() + INTERVAL.toNanos();
  }

  private void failed(int partition, Turn turn, String why) {
    if (turn.failures == 0) {
      LOG.atWarn()
          .addKeyValue("witness", url)
          .addKeyValue("partition", partition)
          .log("A checkpoint was not cosigned: {}", why);
    }
    turn.notBefore = System.nanoTime() + backOff(turn.failures, random).toNanos();
    turn.failures++;
  }

  /** Twice as long after each failure, and half of it by chance. */
  static Duration backOff(int failures, Random random) {
    long most =
        Math.min(MAX_BACK_OFF.toMillis(), INTERVAL.toMillis() << Math.min(failures, Short.SIZE));
    return Duration.ofMillis(most / 2 + random.nextLong(most / 2 + 1));
  }

  @Override
  public void close() {
    timer.shutdownNow();
    client.close();
  }
}
