package com.credlink.ledger.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.credlink.ledger.keys.LogKeys;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.Tile;
import com.credlink.ledger.merkle.TileTree;
import com.credlink.ledger.merkle.TileWriter;
import com.credlink.ledger.merkle.TreeHasher;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.NoteSigner;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.note.VerifierKey;
import com.credlink.ledger.tlog.witness.AddCheckpoint;
import com.credlink.ledger.worker.CheckpointSigner;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A log in memory that grows and signs what it is told to. */
final class GrowingLog {

  private final String origin;
  private final String kind;
  private final List<NoteSigner> signers;
  private final TreeHasher hasher = new TreeHasher();
  private final Map<Tile, byte[]> tiles = new HashMap<>();
  private final TileWriter writer = new TileWriter(tiles::put);

  /** A log; of two logs of one origin and another {@code kind} each is a fork of the other. */
  GrowingLog(String origin, String kind, LogKeys keys) {
    this.origin = origin;
    this.kind = kind;
    this.signers = CheckpointSigner.signers(origin, keys, new SecureRandom());
  }

  List<VerifierKey> keys() {
    return signers.stream().map(NoteSigner::key).toList();
  }

  /** Grows to {@code size} leaves; the first ten are those of every kind. */
  GrowingLog grow(long size) {
    for (long i = writer.size(); i < size; i++) {
      writer.append(hasher.leaf(((i < 10 ? "" : kind) + i).getBytes(UTF_8)));
    }
    writer.flush();
    return this;
  }

  SignedNote checkpoint() {
    return sign(new Checkpoint(origin, writer.size(), writer.root()));
  }

  SignedNote sign(Checkpoint checkpoint) {
    return checkpoint.sign(Instant.EPOCH, signers);
  }

  List<Hash> proof(long from) {
    return new TileTree(tile -> Optional.ofNullable(tiles.get(tile)))
        .consistency(from, writer.size())
        .path();
  }

  /** What it sends to a witness that has cosigned {@code from} leaves. */
  byte[] request(long from) {
    return new AddCheckpoint(from, proof(from), checkpoint()).toByteArray();
  }
}
