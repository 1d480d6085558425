package com.credlink.ledger.verify;

import com.credlink.ledger.event.EventCatalogue;
import com.credlink.ledger.log.EntryHasher;
import com.credlink.ledger.log.EnvelopeCheck;
import com.credlink.ledger.log.LogOrigin;
import com.credlink.ledger.log.LogRecord;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.tlog.TiledLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * All that a verifier is given of a log, in memory, so that a test can change any of it.
 *
 * @param tiles what is served; a log need not be
 * @param kept checkpoints that somebody else has kept
 */
record LogCopy(
    List<LogRecord> records,
    List<LogRecord> checkpoints,
    Optional<MemoryTiles> tiles,
    Schemas schemas,
    List<Checkpoint> kept) {

  RecordCheck.Verified verify(EventCatalogue catalogue, List<VerifierKey> keys) {
    return verify(catalogue, keys, (record, entry) -> {});
  }

  RecordCheck.Verified verify(
      EventCatalogue catalogue, List<VerifierKey> keys, RecordCheck.Listener listener) {
    LogOrigin origin = LogOrigin.parse(RealLog.origin(), 0);
    return verify(catalogue, origin, CheckpointKeys.of(keys), listener);
  }

  RecordCheck.Verified verify(
      EventCatalogue catalogue,
      LogOrigin origin,
      CheckpointKeys keys,
      RecordCheck.Listener listener) {
    return new RecordCheck(new EntryHasher(schemas), new EnvelopeCheck(catalogue, schemas, 1))
        .run(
            new RecordCheck.Subject(
                origin,
                keys,
                new MemoryLog(0, records),
                new MemoryLog(0, checkpoints),
                tiles.map(TiledLog.class::cast),
                kept),
            Optional.empty(),
            listener,
            Progress.NONE);
  }

  LogCopy withRecord(int index, UnaryOperator<LogRecord> change) {
    List<LogRecord> changed = new ArrayList<>(records);
    changed.set(index, change.apply(changed.get(index)));
    return withRecords(changed);
  }

  LogCopy withRecords(List<LogRecord> changed) {
    return new LogCopy(changed, checkpoints, tiles, schemas, kept);
  }

  LogCopy withCheckpoint(int index, UnaryOperator<LogRecord> change) {
    List<LogRecord> changed = new ArrayList<>(checkpoints);
    changed.set(index, change.apply(changed.get(index)));
    return withCheckpoints(changed);
  }

  LogCopy withCheckpoints(List<LogRecord> changed) {
    return new LogCopy(records, changed, tiles, schemas, kept);
  }

  LogCopy withTiles(MemoryTiles changed) {
    return new LogCopy(records, checkpoints, Optional.of(changed), schemas, kept);
  }

  LogCopy withSchemas(Schemas changed) {
    return new LogCopy(records, checkpoints, tiles, changed, kept);
  }

  LogCopy unpublished() {
    return new LogCopy(records, checkpoints, Optional.empty(), schemas, kept);
  }

  LogCopy keeping(Checkpoint... checkpoint) {
    return new LogCopy(records, checkpoints, tiles, schemas, List.of(checkpoint));
  }
}
