package com.credlink.ledger.timestamp;

import com.credlink.ledger.timestamp.TimestampException.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Several authorities, the preferred one first. One that fails is left alone for a while that
 * grows, or for as long as it asks; the next one is asked instead. Each is asked at a limited rate.
 */
public final class FailoverAuthority implements TimestampAuthority {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  /** What an authority asks for counts up to here: it may have a bad clock. */
  private static final Duration LONGEST_ASKED = Duration.ofHours(1);

  private final List<Member> members;
  private final InstantSource clock;

  /**
   * The authorities in order of preference.
   *
   * @param gap shortest time from one request to the next, of each
   */
  public FailoverAuthority(
      List<TimestampAuthority> authorities, Duration gap, InstantSource clock) {
    if (authorities.isEmpty()) {
      throw new IllegalArgumentException("no authority");
    }
    this.members = authorities.stream().map(each -> new Member(each, gap)).toList();
    this.clock = clock;
  }

  @Override
  public String name() {
    return members.stream().map(each -> each.authority.name()).toList().toString();
  }

  @Override
  public Timestamp stamp(byte[] sha256) {
    TimestampException last = null;
    for (Member member : members) {
      if (member.begin(clock.instant())) {
        try {
          Timestamp stamp = member.authority.stamp(sha256);
          member.succeeded();
          return stamp;
        } catch (TimestampException e) {
          member.failed(e, clock.instant());
          last = e;
        }
      }
    }
    if (last != null && !(last instanceof Unavailable)) {
      throw last;
    }
    throw new Unavailable(
        last == null ? "every authority is to be left alone now" : last.getMessage(),
        Optional.of(wait(clock.instant())),
        last);
  }

  /** Until the first of them may be asked again. */
  private Duration wait(Instant now) {
    return members.stream()
        .map(member -> Duration.between(now, member.free()))
        .min(Duration::compareTo)
        .filter(left -> !left.isNegative())
        .orElse(Duration.ZERO);
  }

  /** An authority with what was seen of it. */
  private static final class Member {
    private final TimestampAuthority authority;
    private final Duration gap;
    private Instant free = Instant.MIN;
    private Duration pause = FIRST_PAUSE;

    Member(TimestampAuthority authority, Duration gap) {
      this.authority = authority;
      this.gap = gap;
    }

    synchronized Instant free() {
      return free;
    }

    /** Whether it may be asked now; then nobody else asks it before the gap is over. */
    synchronized boolean begin(Instant now) {
      if (now.isBefore(free)) {
        return false;
      }
      free = now.plus(gap);
      return true;
    }

    synchronized void succeeded() {
      pause = FIRST_PAUSE;
    }

    synchronized void failed(TimestampException failure, Instant now) {
      Duration asked =
          failure instanceof Unavailable e ? e.retryAfter().orElse(Duration.ZERO) : Duration.ZERO;
      Duration longer = asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
      Duration left = longer.compareTo(pause) > 0 ? longer : pause;
      free = now.plus(left);
      Duration next = pause.multipliedBy(2);
      pause = next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    }
  }
}
