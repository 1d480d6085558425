package com.credlink.ledger.log;

import com.credlink.ledger.log.CheckpointLog.Published;
import com.credlink.ledger.note.Checkpoint;
import com.credlink.ledger.note.SignedNote;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The newest checkpoints of a partition: a witness may answer when there are newer ones already.
 *
 * @param newestFirst as they were published, each with all the lines that are known
 */
record PublishedHeads(List<Published> newestFirst) {

  static final PublishedHeads NONE = new PublishedHeads(List.of());

  /** Checkpoints that wait for witnesses, and as many that some have cosigned. */
  static final int KEPT = 32;

  PublishedHeads {
    newestFirst = List.copyOf(newestFirst);
  }

  /** The newest that so many witnesses have cosigned at least. */
  Optional<Published> newest(int witnesses) {
    return newestFirst.stream().filter(head -> head.witnesses() >= witnesses).findFirst();
  }

  /** A new head, or more lines of one that is known. */
  PublishedHeads with(SignedNote note) {
    List<Published> heads = new ArrayList<>(newestFirst);
    for (int i = 0; i < heads.size(); i++) {
      Published known = heads.get(i);
      if (known.note().text().equals(note.text())) {
        heads.set(i, new Published(known.checkpoint(), known.note().with(note.signatures())));
        return new PublishedHeads(heads);
      }
    }
    Checkpoint checkpoint = Checkpoint.parse(note.text());
    if (heads.isEmpty() || checkpoint.size() >= heads.getFirst().checkpoint().size()) {
      heads.addFirst(new Published(checkpoint, note));
    }
    trim(heads, false);
    trim(heads, true);
    return new PublishedHeads(heads);
  }

  /** A log that grows must not push out what witnesses have cosigned, nor the other way round. */
  private static void trim(List<Published> heads, boolean cosigned) {
    long many = heads.stream().filter(head -> (head.witnesses() > 0) == cosigned).count();
    for (int i = heads.size() - 1; many > KEPT; i--) {
      if ((heads.get(i).witnesses() > 0) == cosigned) {
        heads.remove(i);
        many--;
      }
    }
  }
}
