package com.credlink.ledger.projections.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** That each state comes back from the store stands in {@link SigningFoldTest}. */
class StoredSigningTest {

  private final Facts facts = new Facts();
  private final Lives lives = new Lives(facts);

  @Test
  void shouldNameAStateThatItDoesNotKnow() {
    StoredSigning stored = withStatus(StoredSigning.of(lives.queued()), "PONDERING");

    assertThatThrownBy(stored::toState)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'PONDERING'");
  }

  @Test
  void shouldKeepNothingThatTheStateDoesNotHave() {
    StoredSigning stored = StoredSigning.of(lives.queued());

    assertThat(stored.starts()).isZero();
    assertThat(stored.dueAt()).isEmpty();
    assertThat(stored.failure()).isEmpty();
    assertThat(stored.signatures()).isEmpty();
    assertThat(stored.signedSha256()).isEmpty();
    assertThat(stored.tsa()).isEmpty();
    assertThat(stored.stampedAt()).isEmpty();
    assertThat(stored.timestampedSha256()).isEmpty();
  }

  @Test
  void shouldKeepTheReasonOfARejection() {
    assertThat(StoredSigning.of(lives.rejected()).failure())
        .isEqualTo(Optional.of(new Failure("rejected", "Policy.")));
  }

  @Test
  void shouldKeepTheBudgetOfARedrive() {
    SigningState redriven = Lives.then(lives.deadLettered(), facts.redriven(2));

    assertThat(redriven.course().budgetFrom()).isAfter(redriven.request().createdAt());
    assertThat(StateBytes.reread(redriven)).isEqualTo(redriven);
  }

  private static StoredSigning withStatus(StoredSigning of, String status) {
    return new StoredSigning(
        of.request(),
        of.budgetFrom(),
        of.startedAttempt(),
        of.history(),
        status,
        of.attempt(),
        of.starts(),
        of.dueAt(),
        of.failure(),
        of.signatures(),
        of.signedSha256(),
        of.tsa(),
        of.stampedAt(),
        of.timestampedSha256(),
        of.manifestSha256(),
        of.approvers(),
        of.sameAs());
  }
}
