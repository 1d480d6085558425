package com.credlink.ledger.topology.streams;

import com.credlink.ledger.event.Lane;
import com.credlink.ledger.log.Topics;

/** Each lane is a topic: Kafka has no priority inside one. */
public final class Lanes {

  /** Record header that names the lane's topic. */
  public static final String HEADER = "lane";

  private Lanes() {}

  /** The topic of {@code lane}. */
  public static String topic(Lane lane) {
    return switch (lane) {
      case INTERACTIVE -> Topics.JOBS_INTERACTIVE;
      case STANDARD, UNKNOWN -> Topics.JOBS_STANDARD;
      case BULK -> Topics.JOBS_BULK;
    };
  }
}
