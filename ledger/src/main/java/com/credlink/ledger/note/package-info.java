/**
 * Signed statements about a log, as C2SP specifies them: signed notes (c2sp.org/signed-note),
 * checkpoints (tlog-checkpoint), cosignatures (tlog-cosignature), trust policies (tlog-policy) and
 * proof files (tlog-proof).
 *
 * <p>Invariants: each of them has one written form, and what is read gives the same bytes when it
 * is written again; what is not in that form is refused with a {@link
 * com.credlink.ledger.note.NoteException}. Nothing in a note is believed before {@link
 * com.credlink.ledger.note.SignedNote#verify} or {@link com.credlink.ledger.note.Policy#accept}.
 */
package com.credlink.ledger.note;
