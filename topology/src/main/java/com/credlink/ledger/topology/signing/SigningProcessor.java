package com.credlink.ledger.topology.signing;

import com.credlink.ledger.event.AssetFetchFailed;
import com.credlink.ledger.event.AssetSigned;
import com.credlink.ledger.event.AssetStored;
import com.credlink.ledger.event.ImageOrigin;
import com.credlink.ledger.event.ImageReference;
import com.credlink.ledger.event.Lane;
import com.credlink.ledger.event.LedgerEvent;
import com.credlink.ledger.event.SigningApproved;
import com.credlink.ledger.event.SigningRequested;
import com.credlink.ledger.event.WebhookReceived;
import com.credlink.ledger.event.WebhookReplaySuspected;
import com.credlink.ledger.log.Position;
import com.credlink.ledger.projections.intake.DeliveryVerdict;
import com.credlink.ledger.projections.signing.ImageRequests;
import com.credlink.ledger.projections.signing.ImageState;
import com.credlink.ledger.projections.signing.NextStep;
import com.credlink.ledger.projections.signing.NextSteps;
import com.credlink.ledger.projections.signing.SigningFold;
import com.credlink.ledger.projections.signing.SigningRequest;
import com.credlink.ledger.projections.signing.SigningState;
import com.credlink.ledger.projections.signing.StoredSigning;
import com.credlink.ledger.projections.signing.Transition;
import com.credlink.ledger.queue.FetchJob;
import com.credlink.ledger.queue.SignJob;
import com.credlink.ledger.queue.SigningStatus;
import com.credlink.ledger.queue.StampJob;
import com.credlink.ledger.topology.intake.IntakeKeys;
import com.credlink.ledger.topology.signing.DueTimes.Reminder;
import com.credlink.ledger.topology.streams.Fact;
import com.credlink.ledger.topology.streams.Keys;
import com.credlink.ledger.topology.streams.Lanes;
import com.credlink.ledger.topology.streams.Names;
import com.credlink.ledger.topology.streams.StateChanges;
import com.credlink.ledger.topology.streams.StoreCodecs;
import com.credlink.ledger.topology.streams.Stores;
import com.credlink.ledger.topology.streams.Table;
import com.credlink.ledger.topology.streams.Table.Kind;
import com.credlink.ledger.wire.EventSerde;
import com.credlink.ledger.wire.StoredEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Carries out what the fold decides: keeps the state of each request and image, sends jobs out
 * within each tenant's share, and reminds itself of what time will decide. It makes no decision of
 * its own.
 */
public final class SigningProcessor implements Processor<byte[], Object, byte[], byte[]> {

  /** How often due reminders are looked for. */
  static final Duration TICK = Duration.ofMillis(100);

  private static final String SIGN = "sign:";
  private static final String FETCH = "fetch:";
  private static final String IMAGE_LEASE = "IMAGE_LEASE";
  private static final String IMAGE_RETRY = "IMAGE_RETRY";

  private final EventSerde serde;
  private final StoreCodecs codecs;
  private final SigningSettings settings;
  private final StateChanges changes;
  private ProcessorContext<byte[], byte[]> context;
  private PromptCommit prompt;
  private Table requests;
  private KeyValueStore<byte[], byte[]> order;
  private Table images;
  private Admission admission;
  private Disputes disputes;
  private Results results;
  private OpenStarts starts;
  private Table verdicts;
  private LaneQueue lanes;
  private DueTimes dueTimes;

  /** A processor; one for each task. */
  public SigningProcessor(
      EventSerde serde, StoreCodecs codecs, SigningSettings settings, StateChanges changes) {
    this.serde = serde;
    this.codecs = codecs;
    this.settings = settings;
    this.changes = changes;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    this.context = context;
    this.prompt = new PromptCommit(context);
    KeyValueStore<byte[], byte[]> state = context.getStateStore(Stores.STATE);
    this.requests = new Table(state, Kind.SIGNING);
    this.order = context.getStateStore(Stores.SIGNING_BY_TENANT);
    this.images = new Table(state, Kind.IMAGES);
    this.admission = new Admission(new Table(state, Kind.ADMISSION), codecs);
    this.disputes = new Disputes(new Table(state, Kind.DISPUTES));
    this.results = new Results(new Table(state, Kind.RESULTS));
    this.starts = new OpenStarts(new Table(state, Kind.STARTS), codecs);
    this.verdicts = new Table(state, Kind.INTAKE);
    this.lanes = new LaneQueue(new Table(state, Kind.LANES));
    this.dueTimes = new DueTimes(new Table(state, Kind.DUE));
    context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, now -> tick(Instant.ofEpochMilli(now)));
  }

  @Override
  public void process(Record<byte[], Object> message) {
    Fact fact = (Fact) message.value();
    switch (fact.event()) {
      case WebhookReceived e when fact.verdict().isBusinessEvent() && !e.test() -> named(e);
      case AssetStored e when e.origin().isPresent() -> stored(e);
      case AssetFetchFailed e -> fetchFailed(e);
      case SigningRequested e -> requested(e, fact.position());
      case WebhookReplaySuspected e -> suspected(e);
      case SigningApproved e -> {
        disputes.decided(e);
        moved(e.requestId(), e, fact.position());
      }
      case LedgerEvent e -> SigningFold.requestId(e).ifPresent(id -> moved(id, e, fact.position()));
    }
  }

  // ---- requests

  private void requested(SigningRequested event, Position position) {
    byte[] key = requestKey(event.tenant(), event.requestId());
    if (requests.get(key) != null) {
      return;
    }
    Optional<String> turnedAway = admission.turnAway(event);
    if (turnedAway.isPresent()) {
      verdicts.put(
          IntakeKeys.verdict(position.offset()),
          codecs.verdict().serialize(DeliveryVerdict.turnedAway(turnedAway.get())));
      return;
    }
    order.put(orderKey(event.tenant(), position.offset()), utf8(event.requestId()));
    Optional<SigningState> first = firstResult(SigningRequest.of(event));
    SigningState state =
        first.map(made -> SigningFold.begin(event, made)).orElseGet(() -> SigningFold.begin(event));
    if (state.isSettled()) {
      admission.settled(event.tenant(), -1);
      requestWaiting(event.tenant());
    }
    accept(new Transition(state, Transition.Outcome.APPLIED), event, position);
    if (event.origin().isPresent()) {
      cancelIfDisputed(state);
    }
  }

  /**
   * The request that made what {@code request} asks for. One that needs approvals is for itself,
   * and what may be another shop's is not handed on.
   */
  private Optional<SigningState> firstResult(SigningRequest request) {
    return request.approvals() > 0
        ? Optional.empty()
        : results
            .first(request)
            .filter(id -> !disputes.isDisputed(request.tenant(), id))
            .flatMap(id -> request(request.tenant(), id));
  }

  private void moved(String requestId, LedgerEvent event, Position position) {
    Optional<SigningState> before = request(event.tenant(), requestId);
    if (before.isEmpty()) {
      return;
    }
    starts.record(event);
    Transition transition = SigningFold.apply(before.get(), event);
    if (transition.applied()) {
      int change = Boolean.compare(before.get().isSettled(), transition.state().isSettled());
      if (change != 0) {
        admission.settled(event.tenant(), change);
      }
      if (event instanceof AssetSigned) {
        results.signed(transition.state().request());
      }
    }
    accept(transition, event, position);
    if (transition.applied() && transition.state() instanceof SigningState.RetryScheduled state) {
      cancelIfDisputed(state);
    }
    if (transition.state().isSettled()) {
      requestWaiting(event.tenant());
    }
  }

  /** Requests for stored images that waited for a place among the pending. */
  private void requestWaiting(String tenant) {
    Optional<byte[]> stored = admission.next(tenant);
    while (stored.isPresent()) {
      if (serde.deserialize(stored.get()) instanceof StoredEvent.Known known
          && known.event() instanceof AssetStored image) {
        propose(ImageRequests.propose(image, now()));
      }
      stored = admission.next(tenant);
    }
  }

  // ---- disputes

  /**
   * Each image that the suspected delivery named: its request is disputed, also one that is still
   * to come, and cancelled while nothing was signed.
   */
  private void suspected(WebhookReplaySuspected event) {
    byte[] ofTenant = Keys.of(event.tenant());
    List<String> sources = new ArrayList<>();
    try (KeyValueIterator<byte[], byte[]> rows = images.range(ofTenant, Keys.last(ofTenant))) {
      while (rows.hasNext()) {
        ImageOrigin origin = codecs.image().deserialize(rows.next().value).origin();
        if (origin.webhookEventId().equals(event.webhookEventId())) {
          sources.add(origin.source());
        }
      }
    }
    for (String source : sources) {
      String requestId = ImageRequests.requestId(event.tenant(), source);
      disputes.open(event, requestId);
      request(event.tenant(), requestId).ifPresent(this::cancelIfDisputed);
      changes.changed(event.tenant(), requestId);
    }
  }

  private void cancelIfDisputed(SigningState state) {
    if (disputes.isDisputed(state.request().tenant(), state.request().requestId())) {
      NextSteps.cancel(state, Disputes.REASON, now()).ifPresent(step -> propose(step.event()));
    }
  }

  private void accept(Transition transition, LedgerEvent event, Position position) {
    SigningState state = transition.state();
    if (transition.applied()) {
      requests.put(requestKey(state), codecs.signing().serialize(StoredSigning.of(state)));
      publish(state, position);
      changes.changed(state.request().tenant(), state.request().requestId());
      if (!isWithWorker(state)) {
        release(state.request().tenant(), SIGN + state.request().requestId());
      }
    }
    carryOut(state, NextSteps.after(transition, event, now()));
  }

  private static boolean isWithWorker(SigningState state) {
    return switch (state) {
      case SigningState.Queued s -> true;
      case SigningState.Signing s -> s.failure().isEmpty();
      default -> false;
    };
  }

  private void carryOut(SigningState state, List<NextStep> steps) {
    SigningRequest request = state.request();
    for (NextStep step : steps) {
      switch (step) {
        case NextStep.Propose proposal -> propose(proposal.event());
        case NextStep.Remind remind -> dueTimes.remind(remind.at(), reminder(remind.why(), state));
        case NextStep.Stamp stamp -> stamp(state);
        case NextStep.Dispatch dispatch -> {
          if (lanes.admit(request.tenant(), request.lane(), SIGN + request.requestId())) {
            send(state);
          }
        }
        case NextStep.DispatchAgain again -> {
          if (lanes.isOut(request.tenant(), SIGN + request.requestId())) {
            send(state);
          }
        }
      }
    }
  }

  private void send(SigningState state) {
    SigningRequest request = state.request();
    SignJob job =
        new SignJob(
            request.tenant(),
            request.requestId(),
            state.attempt(),
            request.digest(),
            request.formats(),
            request.keys(),
            request.createdAt(),
            request.correlationId(),
            state.course().last().eventId(),
            request.manifestId(),
            request.instanceId(),
            request.claimedAt(),
            request.remoteManifest(),
            state.course().history().getFirst().eventId(),
            request.title());
    sendJob(request.tenant(), request.requestId(), request.lane(), codecs.signJob().serialize(job));
    dueTimes.remind(now().plus(settings.lease()), reminder(NextStep.Reason.LEASE, state));
  }

  private void stamp(SigningState state) {
    SigningRequest request = state.request();
    StampJob job =
        new StampJob(
            request.tenant(),
            request.requestId(),
            state.signedSha256().orElseThrow(),
            request.correlationId(),
            state.course().last().eventId());
    context.forward(
        new Record<>(
            utf8(request.tenant() + '/' + request.requestId()),
            codecs.stampJob().serialize(job),
            context.currentSystemTimeMs()),
        Names.TIMESTAMPS);
    prompt.sent();
  }

  private static Reminder reminder(NextStep.Reason why, SigningState state) {
    return new Reminder(
        why.name(), state.request().tenant(), state.request().requestId(), state.attempt());
  }

  private void publish(SigningState state, Position position) {
    SigningRequest request = state.request();
    SigningStatus status =
        new SigningStatus(
            request.tenant(),
            request.requestId(),
            state.status(),
            state.attempt(),
            state instanceof SigningState.RetryScheduled s
                ? Optional.of(s.dueAt())
                : Optional.empty(),
            request.lane(),
            request.digest(),
            request.createdAt(),
            state.course().last().at(),
            state.course().last().eventId(),
            position.partition(),
            position.offset());
    context.forward(
        new Record<>(
            utf8(request.tenant() + '/' + request.requestId()),
            codecs.status().serialize(status),
            state.course().last().at().toEpochMilli()),
        Names.STATUS);
    prompt.sent();
  }

  // ---- images

  private void named(WebhookReceived webhook) {
    for (ImageReference image : webhook.extract().images()) {
      ImageOrigin origin = new ImageOrigin(webhook.eventId(), image.imageId(), image.source());
      byte[] key = imageKey(webhook.tenant(), image.source());
      if (images.get(key) == null) {
        ImageState state = ImageState.seen(webhook, origin);
        images.put(key, codecs.image().serialize(state));
        dispatch(webhook.tenant(), state);
      }
    }
  }

  private void stored(AssetStored event) {
    ImageOrigin origin = event.origin().orElseThrow();
    Optional<ImageState> before = image(event.tenant(), origin.source());
    if (before.isEmpty() || before.get().status() == ImageState.Status.STORED) {
      return;
    }
    put(event.tenant(), before.get().stored(event));
    release(event.tenant(), FETCH + origin.source());
    if (admission.reserve(event.tenant(), event.pendingLimit())) {
      propose(ImageRequests.propose(event, now()));
    } else {
      admission.await(event.tenant(), serde.serialize(event));
    }
  }

  private void fetchFailed(AssetFetchFailed event) {
    Optional<ImageState> before = image(event.tenant(), event.origin().source());
    if (before.isEmpty()) {
      return;
    }
    ImageState state = before.get().failed(event);
    put(event.tenant(), state);
    if (state.status() != ImageState.Status.FETCHING) {
      release(event.tenant(), FETCH + state.origin().source());
    }
    state
        .dueAt()
        .ifPresent(at -> dueTimes.remind(at, reminder(IMAGE_RETRY, event.tenant(), state)));
  }

  private static Reminder reminder(String kind, String tenant, ImageState state) {
    return new Reminder(kind, tenant, state.origin().source(), state.attempt());
  }

  private void dispatch(String tenant, ImageState state) {
    if (lanes.admit(tenant, Lane.STANDARD, FETCH + state.origin().source())) {
      send(tenant, state);
    }
  }

  private void send(String tenant, ImageState state) {
    FetchJob job = new FetchJob(tenant, state.origin(), state.attempt(), state.correlationId());
    sendJob(tenant, state.origin().imageId(), Lane.STANDARD, codecs.fetchJob().serialize(job));
    dueTimes.remind(now().plus(settings.lease()), reminder(IMAGE_LEASE, tenant, state));
  }

  // ---- lanes and time

  /** Takes a job back and sends the next one that still wants to go out. */
  private void release(String tenant, String job) {
    Optional<String> next = lanes.release(tenant, job);
    while (next.isPresent() && !sendWaiting(tenant, next.get())) {
      next = lanes.release(tenant, next.get());
    }
  }

  /** Sends a job that waited; false when its request was settled while it waited. */
  private boolean sendWaiting(String tenant, String job) {
    if (job.startsWith(SIGN)) {
      Optional<SigningState> state =
          request(tenant, job.substring(SIGN.length())).filter(SigningProcessor::isWithWorker);
      state.ifPresent(this::send);
      return state.isPresent();
    }
    Optional<ImageState> image =
        image(tenant, job.substring(FETCH.length()))
            .filter(state -> state.status() == ImageState.Status.FETCHING);
    image.ifPresent(state -> send(tenant, state));
    return image.isPresent();
  }

  private void tick(Instant now) {
    for (Reminder reminder : dueTimes.due(now)) {
      switch (reminder.kind()) {
        case IMAGE_LEASE ->
            image(reminder.tenant(), reminder.subject())
                .filter(state -> state.status() == ImageState.Status.FETCHING)
                .filter(state -> state.attempt() == reminder.attempt())
                .filter(state -> lanes.isOut(reminder.tenant(), FETCH + reminder.subject()))
                .ifPresent(state -> send(reminder.tenant(), state));
        case IMAGE_RETRY ->
            image(reminder.tenant(), reminder.subject())
                .filter(state -> state.status() == ImageState.Status.RETRY_SCHEDULED)
                .filter(state -> state.attempt() == reminder.attempt())
                .ifPresent(state -> retry(reminder.tenant(), state.retried()));
        default ->
            request(reminder.tenant(), reminder.subject())
                .ifPresent(state -> remind(state, reminder, now));
      }
    }
  }

  private void retry(String tenant, ImageState state) {
    put(tenant, state);
    dispatch(tenant, state);
  }

  private void remind(SigningState state, Reminder reminder, Instant now) {
    NextStep.Reason why = NextStep.Reason.valueOf(reminder.kind());
    if (why == NextStep.Reason.LEASE && state.attempt() != reminder.attempt()) {
      return;
    }
    carryOut(state, NextSteps.due(state, why, now));
  }

  // ---- stores and sinks

  private Optional<SigningState> request(String tenant, String requestId) {
    return Optional.ofNullable(requests.get(requestKey(tenant, requestId)))
        .map(codecs.signing()::deserialize)
        .map(StoredSigning::toState);
  }

  private Optional<ImageState> image(String tenant, String source) {
    return Optional.ofNullable(images.get(imageKey(tenant, source)))
        .map(codecs.image()::deserialize);
  }

  private void put(String tenant, ImageState state) {
    images.put(imageKey(tenant, state.origin().source()), codecs.image().serialize(state));
  }

  private void propose(LedgerEvent event) {
    context.forward(
        new Record<>(
            utf8(event.tenant()),
            serde.serialize(event),
            event.header().recordedAt().toEpochMilli()),
        Names.PROPOSALS);
    prompt.sent();
  }

  private void sendJob(String tenant, String id, Lane lane, byte[] job) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(Lanes.HEADER, utf8(Lanes.topic(lane)));
    context.forward(
        new Record<>(utf8(tenant + '/' + id), job, context.currentSystemTimeMs(), headers),
        Names.JOBS);
    prompt.sent();
  }

  private Instant now() {
    return Instant.ofEpochMilli(context.currentSystemTimeMs());
  }

  /** Key of a request in the store. */
  public static byte[] requestKey(String tenant, String requestId) {
    return Keys.of(tenant, requestId);
  }

  /** Key of a request by the offset of its fact. */
  public static byte[] orderKey(String tenant, long offset) {
    return Keys.of(offset, tenant);
  }

  private static byte[] requestKey(SigningState state) {
    return requestKey(state.request().tenant(), state.request().requestId());
  }

  private static byte[] imageKey(String tenant, String source) {
    return Keys.of(tenant, source);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
