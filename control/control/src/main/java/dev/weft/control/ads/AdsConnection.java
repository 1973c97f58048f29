package dev.weft.control.ads;

import dev.weft.ca.Caller;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
final class AdsConnection implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(AdsConnection.class);

  /** What happens to a connection. */
  private sealed interface Event {
    record Asked(DeltaDiscoveryRequest request) implements Event {}

    record AskedForWorld(DiscoveryRequest request) implements Event {}

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
  private final @Nullable Caller caller;
  private final String peer;
  private final Instant connected;
  private final BlockingQueue<Event> mailbox = new LinkedBlockingQueue<>();
  private final AtomicBoolean waking = new AtomicBoolean();
  private final CompletableFuture<Holding> ended = new CompletableFuture<>();
  private final ServerStream stream;

  private volatile @Nullable ProxyNode node;
  private boolean podKnown;
  private long podDeadline;
  private final long introductionDeadline;
  private final Sight sight;
  // Of the budget for all, what this connection holds, and until when at most.
  private int held;
  private long heldUntil;
  private final Progress progress;
  private volatile Subscriptions subscriptions = Subscriptions.NONE;
  private volatile @Nullable ProxyStatus status;

  /**
   * @param caller null where nobody was asked: our own pod, on the plaintext port
   * @param encrypted whether nobody reads along
   */
  AdsConnection(
      AdsCore core,
      Outlet outlet,
      @Nullable Caller caller,
      String peer,
      boolean encrypted,
      InstantSource clock) {
    this.core = core;
    this.outlet = outlet;
    this.stream = new ServerStream(outlet.form());
    this.caller = caller;
    this.peer = peer;
    this.connected = clock.instant();
    this.progress = new Progress(clock);
    this.introductionDeadline = System.nanoTime() + core.settings().introduction().toNanos();
    // Whoever has not proven who it is gets no keys, and no keys go where others can read them.
    this.sight = new Sight(core, this, caller != null && encrypted);
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

  /** Resources of the mesh changed; the connection looks if it asked for one of them. */
  void changed(Changes changes, long nanos) {
    Subscriptions asked = subscriptions;
    boolean concerned =
        changes.names().entrySet().stream()
            .anyMatch(e -> e.getValue().stream().anyMatch(name -> asked.wants(e.getKey(), name)));
    if (concerned) {
      sight.changed(changes, nanos);
      wake();
    }
  }

  /** Any resource of the mesh may have changed. */
  void anythingChanged(long nanos) {
    sight.anythingChanged(nanos);
    wake();
  }

  /** The proxy's own pod, or where it looks from, may have changed. */
  void ownChanged() {
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
      core.budget().give(held);
      sight.leave(node);
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
    LOG.error("xDS stream of {} failed", name(), e);
    outlet.end(Status.INTERNAL.withDescription("the discovery server failed; see its log"));
  }

  private @Nullable Event next() throws InterruptedException {
    long wait = waitsForPod() ? podDeadline - System.nanoTime() : Long.MAX_VALUE;
    if (node == null) {
      wait = introductionDeadline - System.nanoTime();
    }
    if (held > 0) {
      wait = Math.min(wait, heldUntil - System.nanoTime());
    }
    return mailbox.poll(Math.max(0, wait), TimeUnit.NANOSECONDS);
  }

  /** False ends the connection. */
  private boolean handle(Event event) {
    switch (event) {
      case Event.Asked asked -> {
        DeltaDiscoveryRequest request = asked.request();
        return introduced(request.getNode()) && after(stream.on(request));
      }
      case Event.AskedForWorld asked -> {
        DiscoveryRequest request = asked.request();
        return introduced(request.getNode()) && after(stream.on(request));
      }
      case Event.Questioned question -> {
        question.answer().complete(stream.holding());
        return true;
      }
      case Event.Wake wake -> {
        waking.set(false);
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

  /** Only the first request has to say who asks. */
  private boolean introduced(Node description) {
    if (node != null) {
      return true;
    }
    ProxyNode parsed;
    try {
      parsed = ProxyNode.parse(description);
    } catch (IllegalArgumentException e) {
      LOG.warn("xDS stream from {} refused: {}", peer, e.getMessage());
      outlet.end(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
      return false;
    }
    node = parsed;
    core.views().introduce(this, parsed);
    podDeadline = System.nanoTime() + core.settings().podWait().toNanos();
    LOG.info(
        "xDS {} stream of {} (cluster {}) from {} as {}",
        outlet.protocol(),
        name(),
        parsed.cluster(),
        peer,
        identity());
    return permitted(parsed);
  }

  private boolean permitted(ProxyNode proxy) {
    Published now = core.views().latest();
    if (now == null) {
      return true;
    }
    boolean known =
        now.snapshot().workload(proxy.cluster(), proxy.namespace(), proxy.pod()).isPresent();
    // Once said and once seen: what a pod runs as does not change.
    if (podKnown && known) {
      return true;
    }
    podKnown = known;
    if (caller == null) {
      return true;
    }
    Optional<String> denial = IdentityCheck.denial(caller, proxy, now.snapshot());
    if (denial.isEmpty()) {
      return true;
    }
    core.metrics().denied();
    LOG.warn("xDS stream of {} from {} denied: {}", name(), peer, denial.get());
    outlet.end(Status.PERMISSION_DENIED.withDescription(denial.get()));
    return false;
  }

  private boolean after(RequestOutcome outcome) {
    outlet.observer().request(1);
    switch (outcome) {
      case RequestOutcome.Subscribed s -> LOG.debug("{} asks for {}", name(), s.type());
      case RequestOutcome.Acked a -> LOG.debug("{} took {} {}", name(), a.type(), a.nonce());
      case RequestOutcome.Nacked n -> {
        core.metrics().rejected(n.type());
        LOG.warn("{} refused {}: {}", name(), n.type().shortName(), n.message());
      }
      case RequestOutcome.Stale s -> LOG.debug("{} answers old {}", name(), s.type());
      case RequestOutcome.UnknownType u ->
          LOG.debug("{} asks for {}, which is not served", name(), u.url());
      case RequestOutcome.Excess e -> {
        LOG.warn(
            "xDS stream of {} from {} ended: {} {}", name(), peer, e.type().shortName(), e.what());
        outlet.end(Status.RESOURCE_EXHAUSTED.withDescription(e.type().url() + ": " + e.what()));
        return false;
      }
    }
    return true;
  }

  /** False ends the connection. */
  private boolean push() throws InterruptedException {
    ProxyNode proxy = node;
    Published now = core.views().latest();
    if (proxy == null) {
      return !silentForTooLong();
    }
    if (now == null) {
      return true;
    }
    if (!podKnown && !permitted(proxy)) {
      return false;
    }
    if (waitsForPod()) {
      return true;
    }
    sight.look(proxy, stream);
    boolean ready = outlet.observer().isReady();
    if (held > 0 && (ready || System.nanoTime() >= heldUntil)) {
      core.budget().give(held);
      held = 0;
    }
    if (!ready || !stream.pushDue()) {
      return true;
    }
    List<StreamResponse> responses = sight.push(stream);
    held += core.budget().take(responses.stream().mapToLong(StreamResponse::size).sum());
    heldUntil = System.nanoTime() + core.budget().most().toNanos();
    for (StreamResponse response : responses) {
      outlet.send(response);
      progress.sent(response.type());
      core.metrics().pushed(response.type());
    }
    return true;
  }

  private boolean silentForTooLong() {
    if (System.nanoTime() - introductionDeadline < 0) {
      return false;
    }
    outlet.end(Status.DEADLINE_EXCEEDED.withDescription("no request came that says who asks"));
    return true;
  }

  private boolean waitsForPod() {
    return node != null
        && !podKnown
        && core.views().latest() != null
        && System.nanoTime() < podDeadline;
  }

  private void publishStatus() {
    ProxyNode proxy = node;
    if (proxy == null) {
      return;
    }
    Subscriptions now = stream.subscriptions();
    subscriptions = now;
    status =
        new ProxyStatus(
            name(),
            proxy.cluster(),
            proxy.id(),
            proxy.role().name().toLowerCase(Locale.ROOT),
            proxy.version(),
            identity(),
            peer,
            outlet.protocol(),
            connected,
            proxy.onDemand(),
            progress.of(now));
  }

  /** Empty until the proxy has said who it is. */
  Optional<ProxyNode> proxy() {
    return Optional.ofNullable(node);
  }

  private String name() {
    ProxyNode proxy = node;
    return proxy == null ? peer : proxy.pod() + "." + proxy.namespace();
  }

  private String identity() {
    return caller == null ? "unauthenticated" : caller.identity().uri();
  }
}
