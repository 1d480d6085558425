package com.credlink.ledger.projections.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.credlink.ledger.event.Actor;
import com.credlink.ledger.event.ActorType;
import com.credlink.ledger.event.AssetStored;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.EventHeader;
import com.credlink.ledger.event.ImageOrigin;
import com.credlink.ledger.event.Lane;
import com.credlink.ledger.event.SignatureFormat;
import com.credlink.ledger.event.SigningRequested;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ImageRequestsTest {

  private static final Instant NOW = Facts.BEGIN.plusSeconds(600);

  private final Facts facts = new Facts();

  @Test
  void shouldAskForSignaturesOverTheStoredImage() {
    AssetStored stored = Images.stored(facts.header(), Images.ORIGIN, Images.SHA256);

    SigningRequested request = ImageRequests.propose(stored, NOW);

    assertThat(request.digest()).isEqualTo(Images.SHA256);
    assertThat(request.requestHash()).isEqualTo(Bytes.ofHex(Images.SHA256));
    assertThat(request.assetStored()).isTrue();
    assertThat(request.formats())
        .containsExactly(SignatureFormat.C2PA, SignatureFormat.COSE, SignatureFormat.JWS);
    assertThat(request.lane()).isEqualTo(Lane.STANDARD);
    assertThat(request.keys()).isEqualTo(Images.KEYS);
    assertThat(request.origin()).contains(Images.ORIGIN);
    assertThat(request.claimedAt()).isEqualTo(stored.header().recordedAt());
    assertThat(request.remoteManifest()).isFalse();
    assertThat(request.title()).isEmpty();
    assertThat(request.expiresAt()).isEmpty();
    assertThat(request.idempotencyKeyHash()).isEmpty();
  }

  @Test
  void shouldBeAFactOfTheClerkThatFollowsFromTheImage() {
    AssetStored stored = Images.stored(facts.header(), Images.ORIGIN, Images.SHA256);

    EventHeader header = ImageRequests.propose(stored, NOW).header();

    assertThat(header)
        .isEqualTo(
            new EventHeader(
                header.eventId(),
                Facts.TENANT,
                NOW,
                NOW,
                new Actor(ActorType.SYSTEM, "clerk"),
                "clerk",
                stored.header().correlationId(),
                Optional.of(stored.eventId()),
                Optional.empty()));
  }

  @Test
  void shouldMakeOneRequestOfOneSourceHoweverOftenItIsStored() {
    AssetStored first = Images.stored(facts.header(), Images.ORIGIN, Images.SHA256);
    ImageOrigin otherDelivery = new ImageOrigin("delivery-2", "850703190", Images.ORIGIN.source());
    AssetStored second = Images.stored(facts.header(), otherDelivery, "34".repeat(32));

    assertThat(ids(ImageRequests.propose(second, NOW.plusSeconds(9))))
        .isEqualTo(ids(ImageRequests.propose(first, NOW)));
  }

  @Test
  void shouldMakeAnotherRequestOfAnotherSourceOrTenant() {
    SigningRequested one =
        ImageRequests.propose(Images.stored(facts.header(), Images.ORIGIN, Images.SHA256), NOW);
    ImageOrigin changed =
        new ImageOrigin("delivery-1", "850703190", "https://cdn.example/a.png?v=2");
    SigningRequested otherSource =
        ImageRequests.propose(Images.stored(facts.header(), changed, Images.SHA256), NOW);
    SigningRequested otherTenant =
        ImageRequests.propose(
            Images.stored(of("nbswy3dpo5xxe3denbswy3dpo4"), Images.ORIGIN, Images.SHA256), NOW);

    assertThat(otherTenant.tenant()).isEqualTo("nbswy3dpo5xxe3denbswy3dpo4");
    assertThat(Stream.of(one, otherSource, otherTenant).flatMap(request -> ids(request).stream()))
        .doesNotHaveDuplicates()
        .hasSize(12)
        .allSatisfy(id -> assertThat(UUID.fromString(id).version()).isEqualTo(8));
  }

  @Test
  void shouldNotMakeARequestOfAnUpload() {
    AssetStored upload =
        new AssetStored(
            facts.header(),
            Images.SHA256,
            1,
            "image/png",
            Optional.empty(),
            Images.KEYS,
            0,
            false,
            0);

    assertThatThrownBy(() -> ImageRequests.propose(upload, NOW))
        .isInstanceOf(NoSuchElementException.class);
  }

  private static List<String> ids(SigningRequested request) {
    return List.of(
        request.eventId(), request.requestId(), request.manifestId(), request.instanceId());
  }

  private EventHeader of(String tenant) {
    EventHeader header = facts.header();
    return new EventHeader(
        header.eventId(),
        tenant,
        header.occurredAt(),
        header.recordedAt(),
        header.actor(),
        header.source(),
        header.correlationId(),
        header.causationId(),
        header.traceparent());
  }
}
