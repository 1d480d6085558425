package com.credlink.ledger.worker;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Future.State;

/**
 * The jobs that the workers of a process have begun or have lately done. The same job comes more
 * than once when its lock was renewed or ran out, and when its lease ended while it waited for its
 * turn; it is worked off once, and whoever has it learns how it ended.
 */
final class JobsInHand implements AutoCloseable {

  /** Done jobs that are remembered, some 150 bytes each; more than are ever out with a worker. */
  static final int REMEMBERED = 20_000;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private final Map<String, Future<?>> jobs =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Future<?>> eldest) {
          return size() > REMEMBERED && eldest.getValue().isDone();
        }
      };

  /**
   * Begins a job, unless it is under way or done; one that failed is begun again.
   *
   * @param name the same for the same job
   * @param work returns when the outcome is durable, and throws when it is not
   */
  synchronized Future<?> begin(String name, Runnable work) {
    Future<?> known = jobs.remove(name);
    boolean isNew = known == null || (known.isDone() && known.state() != State.SUCCESS);
    Future<?> job = isNew ? threads.submit(work) : known;
    jobs.put(name, job);
    return job;
  }

  /** Waits until all jobs have ended. */
  @Override
  public void close() {
    threads.close();
  }
}
