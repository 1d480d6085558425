package com.credlink.ledger.event;

/**
 * The closed list of facts. Adding a type here without handling it in every exhaustive {@code
 * switch} does not compile; a test proves that each record mirrors the Avro record of the same name
 * in {@code /avro/*.avdl}.
 */
public sealed interface LedgerEvent
    permits ShopInstalled,
        ShopUninstalled,
        WebhookReceived,
        RefusalsCounted,
        WebhookReplaySuspected,
        GapDetected,
        GapFilled,
        AuthDecided,
        DecisionVoided,
        TokenCreated,
        TokenRevoked,
        RoleGranted,
        RoleRevoked,
        FactorEnrolled,
        AssetStored,
        AssetFetchFailed,
        SigningRequested,
        SigningRejected,
        SigningApproved,
        SigningQueued,
        SigningStarted,
        SigningAttemptFailed,
        AssetSigned,
        TimestampAttached,
        SigningDeadLettered,
        SigningCancelled,
        SigningExpired,
        SigningRedriven,
        SignatureSuppressed,
        KeyCreated,
        KeyCertified,
        KeyActivated,
        KeyRetired,
        KeyDestroyed,
        NodeStarted,
        NodeStopped,
        ConfigChanged,
        LogAccessed,
        LogVerified,
        LogSealed,
        AlertRaised {

  /** The tenant id of what belongs to no shop. */
  String PLATFORM = "platform";

  /** The first field of every event. */
  EventHeader header();

  /** The record's name, which is also its type in every interface. */
  default String type() {
    return getClass().getSimpleName();
  }

  /** Id of this event. */
  default String eventId() {
    return header().eventId();
  }

  /** Tenant that it belongs to. */
  default String tenant() {
    return header().tenant();
  }
}
