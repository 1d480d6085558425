package com.credlink.ledger.api.access;

import com.credlink.ledger.event.ActorType;
import java.util.Arrays;
import java.util.Optional;

/** In which capacity somebody calls. */
public enum Role {
  /** A merchant's system; sees its own shop only. */
  MERCHANT("merchant", ActorType.MERCHANT),
  /** Runs the queue. */
  OPERATOR("operator", ActorType.OPERATOR),
  /** Reads everything, including proofs, without personal data. */
  AUDITOR("auditor", ActorType.AUDITOR),
  /** Decrypts and erases. */
  PRIVACY_OFFICER("privacy-officer", ActorType.PRIVACY_OFFICER),
  /** Keys, roles, retention. */
  ADMIN("admin", ActorType.ADMIN),
  /** An enforcement point outside that appends its decisions. */
  PRODUCER("producer", ActorType.PRODUCER);

  private final String label;
  private final ActorType actorType;

  Role(String label, ActorType actorType) {
    this.label = label;
    this.actorType = actorType;
  }

  /** Name in every interface. */
  public String label() {
    return label;
  }

  /** As an event's actor. */
  public ActorType actorType() {
    return actorType;
  }

  /** The role of that name. */
  public static Optional<Role> of(String label) {
    return Arrays.stream(values()).filter(role -> role.label.equals(label)).findFirst();
  }
}
