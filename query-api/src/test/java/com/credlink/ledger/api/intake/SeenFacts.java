package com.credlink.ledger.api.intake;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.WebhookReceived;
import com.credlink.ledger.topology.query.IntakeView;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the folds would know of the deliveries that a test has shown to it. */
final class SeenFacts implements IntakeView {

  private final Map<Bytes, String> resources = new ConcurrentHashMap<>();
  private final Map<Bytes, String> bodies = new ConcurrentHashMap<>();
  private final Set<String> gone = ConcurrentHashMap.newKeySet();

  /** The log has this. */
  void fold(WebhookReceived event) {
    String tenant = event.header().tenant();
    event.resourceHash().ifPresent(hash -> resources.putIfAbsent(hash, tenant));
    bodies.putIfAbsent(event.bodyHash(), tenant);
    if (event.topic().equals("app/uninstalled")) {
      gone.add(tenant);
    }
  }

  void forget() {
    resources.clear();
    bodies.clear();
    gone.clear();
  }

  @Override
  public boolean isInstalled(String tenant) {
    return !gone.contains(tenant);
  }

  @Override
  public boolean isBoundElsewhere(Bytes resourceHash, String tenant, Instant now) {
    return !resources.getOrDefault(resourceHash, tenant).equals(tenant);
  }

  @Override
  public boolean isBodySeenElsewhere(Bytes bodyHash, String tenant) {
    return !bodies.getOrDefault(bodyHash, tenant).equals(tenant);
  }
}
