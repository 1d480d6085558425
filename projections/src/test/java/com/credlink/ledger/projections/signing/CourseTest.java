package com.credlink.ledger.projections.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.event.SigningStarted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CourseTest {

  private final Facts facts = new Facts();
  private final Course beginning = new Lives(facts).requested().course();

  @Test
  void shouldAddAFactWithWhatItSays() {
    SigningStarted event = facts.started(3);

    Course course = beginning.with(event, "SIGNING", 3, "worker-3");

    assertThat(course.history()).hasSize(2).startsWith(beginning.last());
    assertThat(course.last())
        .isEqualTo(
            new HistoryEntry(
                "SIGNING",
                event.header().recordedAt(),
                event.eventId(),
                "SigningStarted",
                3,
                "worker-3"));
    assertThat(beginning.history()).hasSize(1);
  }

  @Test
  void shouldKnowTheFactsThatItHas() {
    SigningStarted event = facts.started(1);

    Course course = beginning.with(event, "SIGNING", 1, "");

    assertThat(beginning.knows(event.eventId())).isFalse();
    assertThat(course.knows(event.eventId())).isTrue();
    assertThat(course.knows(beginning.last().eventId())).isTrue();
    assertThat(course.knows(event.eventId() + "0")).isFalse();
  }

  @Test
  void shouldKeepTheFirstAndTheNewestFactsUpToALimit() {
    Course full = grown(Course.MAX_HISTORY - 1);
    HistoryEntry second = full.history().get(1);

    Course over = full.with(facts.started(1), "SIGNING", 1, "");

    assertThat(full.history()).hasSize(200);
    assertThat(full.knows(second.eventId())).isTrue();
    assertThat(over.history()).hasSize(200);
    assertThat(over.history().getFirst()).isEqualTo(beginning.last());
    assertThat(over.knows(second.eventId())).isFalse();
    assertThat(over.history().subList(1, 199)).isEqualTo(full.history().subList(2, 200));
  }

  private Course grown(int facts) {
    Course course = beginning;
    for (int i = 0; i < facts; i++) {
      course = course.with(this.facts.started(1), "SIGNING", 1, "");
    }
    return course;
  }

  @Test
  void shouldEndTheBudgetADayAfterItsBeginning() {
    Course again = beginning.newBudget(Facts.BEGIN.plus(Duration.ofDays(3)));

    assertThat(beginning.budgetEnd())
        .isEqualTo(beginning.request().createdAt().plus(Duration.ofHours(24)));
    assertThat(again.budgetEnd()).isEqualTo(Facts.BEGIN.plus(Duration.ofDays(4)));
    assertThat(again.history()).isEqualTo(beginning.history());
  }

  @Test
  void shouldRememberTheHighestAttemptThatWasStarted() {
    Course course = beginning.started(3).started(2);

    assertThat(course.startedAttempt()).isEqualTo(3);
    assertThat(course.newBudget(Facts.BEGIN).startedAttempt()).isEqualTo(3);
    assertThat(course.with(facts.queued(4), "QUEUED", 4, "").startedAttempt()).isEqualTo(3);
  }

  @Test
  void shouldNotChangeWithTheListItWasMadeOf() {
    List<HistoryEntry> list = new ArrayList<>(beginning.history());
    Course course = new Course(beginning.request(), Facts.BEGIN, 0, list);

    list.clear();

    assertThat(course.history()).isEqualTo(beginning.history());
    assertThatThrownBy(() -> course.history().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
