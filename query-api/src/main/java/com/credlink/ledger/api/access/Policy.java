package com.credlink.ledger.api.access;

import com.credlink.ledger.event.Decision;
import com.credlink.ledger.event.PolicyReference;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The one policy: a table of roles and actions, and the rule that who is bound to a shop sees no
 * other. Deny by default.
 */
public final class Policy {

  /** Id and version, recorded with each decision. */
  public static final PolicyReference REFERENCE = new PolicyReference("ledger-api", "1");

  private static final Set<Action> READS =
      EnumSet.of(
          Action.SIGNING_REQUEST_READ,
          Action.SIGNING_REQUEST_LIST,
          Action.EVENT_LIST,
          Action.EVENT_READ);

  private static final Map<Role, Set<Action>> ALLOWED =
      Map.of(
          Role.MERCHANT,
          with(
              READS,
              Action.SIGNING_REQUEST_CREATE,
              Action.SIGNING_REQUEST_CANCEL,
              Action.ASSET_WRITE),
          Role.OPERATOR,
          with(
              READS,
              Action.EVENT_LIST_ALL,
              Action.SIGNING_REQUEST_CREATE,
              Action.SIGNING_REQUEST_APPROVE,
              Action.SIGNING_REQUEST_CANCEL,
              Action.SIGNING_REQUEST_REDRIVE,
              Action.ASSET_WRITE),
          Role.AUDITOR,
          with(READS, Action.EVENT_LIST_ALL, Action.KEY_READ),
          Role.PRIVACY_OFFICER,
          with(READS, Action.EVENT_LIST_ALL),
          Role.ADMIN,
          with(
              READS,
              Action.EVENT_LIST_ALL,
              Action.SHOP_INSTALL,
              Action.TOKEN_MANAGE,
              Action.KEY_READ,
              Action.KEY_MANAGE),
          Role.PRODUCER,
          EnumSet.of(Action.DECISION_APPEND));

  private Policy() {}

  /**
   * The outcome.
   *
   * @param decision allow or deny
   * @param reason in a fixed vocabulary
   * @param policies what decided; empty for a deny by default
   */
  public record Verdict(Decision decision, String reason, List<PolicyReference> policies) {}

  /**
   * Whether {@code who} may do {@code action} for {@code tenant}, or for no tenant in particular.
   */
  public static Verdict decide(Principal who, Action action, Optional<String> tenant) {
    if (!ALLOWED.getOrDefault(who.role(), Set.of()).contains(action)) {
      return new Verdict(Decision.DENY, "role_lacks_permission", List.of());
    }
    boolean bound = who.tenant().isPresent() || who.role() == Role.MERCHANT;
    if (bound && !(tenant.isPresent() && who.tenant().equals(tenant))) {
      return new Verdict(Decision.DENY, "other_shop", List.of(REFERENCE));
    }
    return new Verdict(Decision.ALLOW, "role_has_permission", List.of(REFERENCE));
  }

  private static Set<Action> with(Set<Action> base, Action... more) {
    Set<Action> all = EnumSet.copyOf(base);
    all.addAll(List.of(more));
    return all;
  }
}
