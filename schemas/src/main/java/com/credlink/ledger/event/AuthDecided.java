package com.credlink.ledger.event;

import java.util.List;

/**
 * An allow or deny decision. Durable before the caller learns of it.
 *
 * @param header common header; the actor is the subject.
 * @param decision the outcome.
 * @param role role in which the subject acted.
 * @param action what was asked for, such as {@code signing-request.read}.
 * @param resource on what.
 * @param policies the policies that decided; empty for a deny by default.
 * @param factors factors presented, such as {@code bearer}.
 * @param reason reason in a fixed vocabulary, such as {@code role_lacks_permission}.
 * @param maskedPaths paths of the answer that are masked for this role.
 * @param enforcementPoint the component that asked.
 * @param requestId id of the request, as in {@code Ledger-Request-Id} and problem {@code instance}.
 */
public record AuthDecided(
    EventHeader header,
    Decision decision,
    String role,
    String action,
    Resource resource,
    List<PolicyReference> policies,
    List<String> factors,
    String reason,
    List<String> maskedPaths,
    String enforcementPoint,
    String requestId)
    implements LedgerEvent {
  public AuthDecided {
    policies = List.copyOf(policies);
    factors = List.copyOf(factors);
    maskedPaths = List.copyOf(maskedPaths);
  }
}
