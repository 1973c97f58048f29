package dev.weft.control.ads;

import dev.weft.translate.Changes;
import dev.weft.translate.ProxyNode;
import dev.weft.xds.Holding;
import dev.weft.xds.RequestOutcome;
import dev.weft.xds.ServerStream;
import dev.weft.xds.StreamResponse;
import dev.weft.xds.Subscriptions;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One proxy's stream. Everything but the mailbox and the published status is confined to the
 * virtual thread that {@link #run} runs on.
 *
 * <p>A slow proxy piles nothing up: a new snapshot is only a flag, and what is sent is made from
 * the newest one at the moment when the proxy can take it.
 */
final class AdsConnection implements Runnable, Onlooker {
  private static final Logger LOG = LoggerFactory.getLogger(AdsConnection.class);

  /** What happens to a connection. */
  private sealed interface Event {
    record Asked(DeltaDiscoveryRequest request) implements Event {}

    record AskedForWorld(DiscoveryRequest request) implements Event {}

    /** What is to be said to a debug question of this stream. */
    record Answered(DebugConversation.Reply reply) implements Event {}

    /** Somebody wants to know what the proxy holds. */
    record Questioned(CompletableFuture<Holding> answer) implements Event {}

    /** There is a new snapshot, or the client can take more. */
    record Wake() implements Event {}

    record Gone() implements Event {}

    /** We end it. */
    record End(Status status) implements Event {}
  }

  private final AdsCore core;
  private final Outlet outlet;
  private final Introduction introduction;
  private final DebugConversation debug;
  private final String peer;
  private final Instant connected;
  private final BlockingQueue<Event> mailbox = new LinkedBlockingQueue<>();
  private final AtomicBoolean waking = new AtomicBoolean();
  private final CompletableFuture<Holding> ended = new CompletableFuture<>();
  private final ServerStream stream;

  private final Sight sight;
  private final SendBudget.Share underWay;
  private final Progress progress;
  private volatile Subscriptions subscriptions = Subscriptions.NONE;
  private volatile @Nullable ProxyStatus status;
  private List<RefusedPart> refused = List.of();

  /**
   * @param encrypted whether nobody reads along
   */
  AdsConnection(AdsCore core, Outlet outlet, Peer caller, String peer, boolean encrypted) {
    this.core = core;
    this.outlet = outlet;
    this.stream = new ServerStream(outlet.form());
    this.introduction = new Introduction(core, caller, peer);
    this.peer = peer;
    this.connected = core.clock().instant();
    this.progress = new Progress(core.clock());
    this.underWay = core.budget().share();
    // Whoever has not proven who it is gets no keys, and no keys go where others can read them.
    this.sight = new Sight(core, this, caller instanceof Peer.Known && encrypted);
    this.debug = new DebugConversation(core.debug(), caller.proven());
  }

  void asked(DeltaDiscoveryRequest request) {
    mailbox.add(new Event.Asked(request));
  }

  void asked(DiscoveryRequest request) {
    mailbox.add(new Event.AskedForWorld(request));
  }

  /** Any number of calls before the connection looks are one event. */
  void wake() {
    if (waking.compareAndSet(false, true)) {
      mailbox.add(new Event.Wake());
    }
  }

  /** It looks if it asked for one of them. */
  @Override
  public void changed(Changes changes, long nanos) {
    Subscriptions asked = subscriptions;
    boolean concerned =
        changes.names().entrySet().stream()
            .anyMatch(e -> e.getValue().stream().anyMatch(name -> asked.wants(e.getKey(), name)));
    if (concerned) {
      sight.changed(changes, nanos);
      wake();
    }
  }

  @Override
  public void anythingChanged(long nanos) {
    sight.anythingChanged(nanos);
    wake();
  }

  @Override
  public void ownChanged() {
    sight.ownChanged();
    wake();
  }

  void gone() {
    mailbox.add(new Event.Gone());
  }

  void end(Status reason) {
    mailbox.add(new Event.End(reason));
  }

  /** Where the other side is. */
  String peer() {
    return peer;
  }

  /** Empty until the proxy has said who it is. */
  Optional<ProxyStatus> status() {
    return Optional.ofNullable(status);
  }

  /** Empty until the proxy has said who it is. */
  Optional<Watching> watching() {
    return status().map(proxy -> new Watching(proxy, subscriptions));
  }

  /** Waits for the connection to look; of one that has ended, nothing. */
  Holding holding() {
    CompletableFuture<Holding> answer = new CompletableFuture<>();
    mailbox.add(new Event.Questioned(answer));
    return answer.applyToEither(ended, Function.identity()).join();
  }

  @Override
  public void run() {
    try {
      serve();
    } finally {
      underWay.end();
      sight.leave(introduction.node());
      core.refusals().change(refused, List.of());
    }
  }

  private void serve() {
    try {
      while (true) {
        Event event = next();
        while (event != null) {
          if (!handle(event)) {
            return;
          }
          event = mailbox.poll();
        }
        // Before the look at the resources: what changes after it is then known to concern us.
        subscriptions = stream.subscriptions();
        if (!push()) {
          return;
        }
        publishStatus();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      outlet.end(Status.UNAVAILABLE.withDescription("the discovery server stops"));
    } catch (RuntimeException e) {
      failed(e);
    } catch (Error e) {
      // Without this the proxy would wait for a thread that is gone.
      failed(e);
      throw e;
    } finally {
      ended.complete(Holding.NOTHING);
    }
  }

  private void failed(Throwable e) {
    LOG.error("xDS stream of {} failed", introduction.name(), e);
    outlet.end(Status.INTERNAL.withDescription("the discovery server failed; see its log"));
  }

  private @Nullable Event next() throws InterruptedException {
    long wait = Math.min(introduction.nanosToWait(), underWay.nanosToWait());
    return core.clock().poll(mailbox, Duration.ofNanos(Math.max(0, wait)));
  }

  /** False ends the connection. */
  private boolean handle(Event event) {
    switch (event) {
      case Event.Asked asked -> {
        DeltaDiscoveryRequest request = asked.request();
        if (DebugConversation.concerns(request.getTypeUrl())) {
          return asked(debug.question(request));
        }
        return introduced(request.getNode()) && after(stream.on(request));
      }
      case Event.AskedForWorld asked -> {
        DiscoveryRequest request = asked.request();
        if (DebugConversation.concerns(request.getTypeUrl())) {
          return asked(debug.question(request));
        }
        return introduced(request.getNode()) && after(stream.on(request));
      }
      case Event.Answered(DebugConversation.Reply reply) -> {
        return debug.say(reply, outlet);
      }
      case Event.Questioned question -> {
        question.answer().complete(stream.holding());
        return true;
      }
      case Event.Wake wake -> {
        waking.set(false);
        debug.takeNext(outlet);
        return true;
      }
      case Event.Gone gone -> {
        return false;
      }
      case Event.End end -> {
        outlet.end(end.status());
        return false;
      }
    }
  }

  private boolean asked(Optional<DebugDesk.Question> question) {
    introduction.asks();
    if (question.isEmpty()) {
      outlet.observer().request(1);
    } else {
      // On a thread of its own: the answer may be what this very connection holds.
      Thread.ofVirtual()
          .name("xds-debug")
          .start(() -> mailbox.add(new Event.Answered(debug.answer(question.get()))));
    }
    return true;
  }

  /** Only the first request has to say who asks. */
  private boolean introduced(Node description) {
    if (introduction.node() != null) {
      return true;
    }
    Optional<Status> refusal = introduction.read(description);
    ProxyNode proxy = introduction.node();
    if (refusal.isPresent() || proxy == null) {
      refusal.ifPresent(outlet::end);
      return false;
    }
    core.views().introduce(this, proxy);
    LOG.info(
        "xDS {} stream of {} (cluster {}) from {} as {}",
        outlet.protocol(),
        introduction.name(),
        proxy.cluster(),
        peer,
        introduction.identity());
    return permitted(proxy);
  }

  private boolean permitted(ProxyNode proxy) {
    Optional<Status> refusal = introduction.refusal(proxy);
    refusal.ifPresent(outlet::end);
    return refusal.isEmpty();
  }

  private boolean after(RequestOutcome outcome) {
    outlet.observer().request(1);
    switch (outcome) {
      case RequestOutcome.Subscribed s ->
          LOG.debug("{} asks for {}", introduction.name(), s.type());
      case RequestOutcome.Acked a ->
          LOG.debug("{} took {} {}", introduction.name(), a.type(), a.nonce());
      case RequestOutcome.Nacked n -> {
        core.metrics().rejected(n.type());
        LOG.warn("{} refused {}: {}", introduction.name(), n.type().shortName(), n.message());
      }
      case RequestOutcome.Stale s -> LOG.debug("{} answers old {}", introduction.name(), s.type());
      case RequestOutcome.UnknownType u ->
          LOG.debug("{} asks for {}, which is not served", introduction.name(), u.url());
      case RequestOutcome.Excess e -> {
        LOG.warn(
            "xDS stream of {} from {} ended: {} {}",
            introduction.name(),
            peer,
            e.type().shortName(),
            e.what());
        outlet.end(Status.RESOURCE_EXHAUSTED.withDescription(e.type().url() + ": " + e.what()));
        return false;
      }
    }
    return true;
  }

  /** False ends the connection. */
  private boolean push() throws InterruptedException {
    ProxyNode proxy = introduction.node();
    Published now = core.views().latest();
    if (proxy == null) {
      if (introduction.overdue()) {
        outlet.end(Status.DEADLINE_EXCEEDED.withDescription("no request came that says who asks"));
        return false;
      }
      return true;
    }
    if (now == null) {
      return true;
    }
    if (!introduction.podKnown() && !permitted(proxy)) {
      return false;
    }
    if (introduction.waitsForPod()) {
      return true;
    }
    sight.look(proxy, stream);
    boolean ready = outlet.observer().isReady();
    underWay.settle(ready);
    if (!ready || !stream.pushDue()) {
      return true;
    }
    List<StreamResponse> responses = sight.push(stream);
    underWay.take(responses.stream().mapToLong(StreamResponse::size).sum());
    for (StreamResponse response : responses) {
      outlet.send(response);
      progress.sent(response.type());
      core.metrics().pushed(response.type());
    }
    return true;
  }

  private void publishStatus() {
    ProxyNode proxy = introduction.node();
    if (proxy == null) {
      return;
    }
    Subscriptions now = stream.subscriptions();
    subscriptions = now;
    ProxyStatus next =
        new ProxyStatus(
            introduction.name(),
            proxy.cluster(),
            proxy.id(),
            proxy.role().name().toLowerCase(Locale.ROOT),
            proxy.version(),
            introduction.identity(),
            peer,
            outlet.protocol(),
            connected,
            proxy.onDemand(),
            progress.of(now));
    status = next;
    List<RefusedPart> refusedNow = next.refused();
    if (!refusedNow.equals(refused)) {
      core.refusals().change(refused, refusedNow);
      refused = refusedNow;
    }
  }

  /** Empty until the proxy has said who it is. */
  Optional<ProxyNode> proxy() {
    return Optional.ofNullable(introduction.node());
  }
}
