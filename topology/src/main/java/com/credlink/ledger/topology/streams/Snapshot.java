package com.credlink.ledger.topology.streams;

import java.time.Instant;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * The stores of one partition as they were between two records. Taking one costs next to nothing;
 * it is read once, by any one thread, while the stores go on, and closed soon.
 *
 * @param size records of the log that the stores are the fold of
 * @param logTime timestamp of the last of them
 * @param state rows of the store {@code state}, in order
 * @param signingByTenant rows of the store of that name, in order
 * @param trail rows of the trail, in order
 */
public record Snapshot(
    long size,
    Instant logTime,
    KeyValueIterator<byte[], byte[]> state,
    KeyValueIterator<byte[], byte[]> signingByTenant,
    KeyValueIterator<byte[], byte[]> trail)
    implements AutoCloseable {

  @Override
  public void close() {
    state.close();
    signingByTenant.close();
    trail.close();
  }
}
