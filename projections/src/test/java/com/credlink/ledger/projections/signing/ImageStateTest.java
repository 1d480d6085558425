package com.credlink.ledger.projections.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.event.ImageOrigin;
import com.credlink.ledger.projections.signing.ImageState.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ImageStateTest {

  private static final Instant DUE = Facts.BEGIN.plusSeconds(60);
  private static final Instant BUDGET_END = Facts.BEGIN.plus(Duration.ofHours(24));

  private final Facts facts = new Facts();
  private final ImageState fetching = in(Status.FETCHING, 1, Optional.empty());

  @Test
  void shouldBeStoredWhenTheBytesArrive() {
    ImageState stored =
        fetching.stored(Images.stored(facts.header(), Images.ORIGIN, Images.SHA256));

    assertThat(stored).isEqualTo(in(Status.STORED, 1, Optional.empty()));
    assertThat(stored.stored(Images.stored(facts.header(), Images.ORIGIN, Images.SHA256)))
        .isEqualTo(stored);
  }

  @Test
  void shouldNotTakeAnotherImageForItself() {
    ImageOrigin other = new ImageOrigin("delivery-1", "1", "https://cdn.example/b.png");

    assertThat(fetching.stored(Images.stored(facts.header(), other, Images.SHA256)))
        .isSameAs(fetching);
  }

  @Test
  void shouldScheduleARetryAndBeginTheNextAttemptWithIt() {
    ImageState waiting = fetching.failed(Images.failed(facts.header(), 1, true, Optional.of(DUE)));

    assertThat(waiting).isEqualTo(in(Status.RETRY_SCHEDULED, 1, Optional.of(DUE)));
    assertThat(waiting.retried()).isEqualTo(in(Status.FETCHING, 2, Optional.empty()));
  }

  @Test
  void shouldFailForGoodWhereNoRetryHelpsOrNoneIsDueInTime() {
    ImageState failed = in(Status.FAILED, 1, Optional.empty());

    assertThat(fetching.failed(Images.failed(facts.header(), 1, false, Optional.of(DUE))))
        .isEqualTo(failed);
    assertThat(fetching.failed(Images.failed(facts.header(), 1, true, Optional.empty())))
        .isEqualTo(failed);
    assertThat(fetching.failed(Images.failed(facts.header(), 1, true, Optional.of(BUDGET_END))))
        .isEqualTo(failed);
    assertThat(
            fetching
                .failed(
                    Images.failed(
                        facts.header(), 1, true, Optional.of(BUDGET_END.minusNanos(1_000))))
                .status())
        .isEqualTo(Status.RETRY_SCHEDULED);
  }

  @Test
  void shouldIgnoreAFailureThatIsNotOfThePresentAttempt() {
    ImageState waiting = in(Status.RETRY_SCHEDULED, 1, Optional.of(DUE));
    ImageState stored = in(Status.STORED, 1, Optional.empty());

    assertThat(fetching.failed(Images.failed(facts.header(), 2, false, Optional.empty())))
        .isSameAs(fetching);
    assertThat(waiting.failed(Images.failed(facts.header(), 1, false, Optional.empty())))
        .isSameAs(waiting);
    assertThat(stored.failed(Images.failed(facts.header(), 1, false, Optional.empty())))
        .isSameAs(stored);
  }

  private static ImageState in(Status status, int attempt, Optional<Instant> dueAt) {
    return new ImageState(Images.ORIGIN, status, attempt, Facts.BEGIN, dueAt, "correlation");
  }
}
