package dev.weft.proxy.xds;

import dev.weft.demand.Demand;
import dev.weft.demand.Demands;
import dev.weft.loop.Backoff;
import dev.weft.runtime.Change;
import dev.weft.runtime.Compiled;
import dev.weft.runtime.Rejection;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.runtime.RuntimeConfigCompiler;
import dev.weft.xds.OnDemand;
import dev.weft.xds.XdsType;
import dev.weft.xds.client.DeltaClient;
import dev.weft.xds.client.DeltaRequest;
import dev.weft.xds.client.DeltaResponse;
import dev.weft.xds.client.FieldException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the configuration equal to what the control plane says: dials, subscribes, compiles,
 * acknowledges, publishes, and dials again. A control plane that goes away changes nothing.
 * Confined to the control loop, but for {@link #start}, {@link #close} and the getters.
 */
public final class ConfigSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigSession.class);
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(15));

  /** How long a change waits for the endpoints and routes that it names before it is published. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** What a configuration refers to: without it, some of it cannot be served. */
  private static final List<XdsType> NAMED =
      List.of(XdsType.CLUSTER, XdsType.ENDPOINT, XdsType.ROUTE, XdsType.SECRET);

  private static final int MOST_NAMED = 5;

  private final ScheduledExecutorService loop;
  private final Dialer dialer;
  private final byte[] node;
  private final ConfigJournal journal;
  private final Asker asker;
  private final Demands demands;
  private final Consumer<RuntimeConfig> publish;
  private final RandomGenerator random;
  private final DeltaClient client = new DeltaClient();
  private final Refusals refusals = new Refusals();
  private final Set<XdsType> answered = new HashSet<>();
  private RuntimeConfig draft = RuntimeConfig.EMPTY;
  private RuntimeConfig published = RuntimeConfig.EMPTY;
  private Dialer.@Nullable Stream stream;
  private int failures;
  private @Nullable ScheduledFuture<?> patience;
  private volatile boolean closed;
  private volatile boolean ready;
  private volatile boolean connected;
  private volatile String lastError = "";

  /**
   * A session that has not begun.
   *
   * @param loop one thread, on which everything happens and {@code publish} is called
   * @param node the encoded node
   */
  public ConfigSession(
      ScheduledExecutorService loop,
      Dialer dialer,
      byte[] node,
      ConfigJournal journal,
      Asker asker,
      RandomGenerator random,
      Consumer<RuntimeConfig> publish) {
    this.loop = loop;
    this.dialer = dialer;
    this.node = node.clone();
    this.journal = journal;
    this.random = random;
    this.publish = publish;
    this.asker = asker;
    this.demands = asker.demands();
    if (demands.on()) {
      return;
    }
    client.subscribeAll(XdsType.CLUSTER);
    client.subscribeAll(XdsType.LISTENER);
    if (asker.dns()) {
      client.subscribeAll(XdsType.NAME_TABLE);
    }
  }

  /** Serves the last good configuration, where there is one, and dials. */
  public void start() {
    loop.execute(
        () -> {
          recall();
          if (demands.on()) {
            demands.start(loop, this::needsChanged);
            follow();
          }
          dial();
        });
  }

  /** Whether the control plane has told everything that a first configuration needs. */
  public boolean ready() {
    return ready;
  }

  public boolean connected() {
    return connected;
  }

  /** Why there is no connection; empty where there is one. */
  public String lastError() {
    return lastError;
  }

  /** What was refused of the configuration in force. */
  public List<Rejection> rejections() {
    return refusals.all();
  }

  private void recall() {
    List<Change> changes = new ArrayList<>();
    for (ConfigJournal.Entry entry : journal.read()) {
      changes.add(new Change.Set(entry.type(), entry.name(), entry.bytes()));
    }
    if (changes.isEmpty()) {
      return;
    }
    Compiled compiled = RuntimeConfigCompiler.compile(draft, changes);
    Set<String> refused = new HashSet<>();
    compiled.rejections().forEach(r -> refused.add(r.type() + " " + r.resource()));
    for (ConfigJournal.Entry entry : journal.read()) {
      if (!refused.contains(entry.type() + " " + entry.name())) {
        client.hold(entry.type(), entry.name(), entry.version());
        // What traffic asked for before, it may ask for again.
        demands.remember(new Demand(entry.type(), entry.name()));
      }
    }
    draft = compiled.config();
    follow();
    LOG.info(
        "Serving the last good configuration: {} listeners, {} clusters",
        draft.listeners().size(),
        draft.clusters().size());
    publishNow();
    // What was kept was complete: what it lacks the control plane did not have.
    answered.add(XdsType.CLUSTER);
    answered.add(XdsType.LISTENER);
    ready = true;
  }

  private void dial() {
    if (closed) {
      return;
    }
    stream =
        dialer.dial(
            new GrpcCall.Handler() {
              @Override
              public void opened() {
                send(client.opened());
              }

              @Override
              public void message(byte[] message) {
                received(message);
              }

              @Override
              public void closed(GrpcStatus status) {
                lost(status);
              }
            });
  }

  private void lost(GrpcStatus status) {
    client.closed();
    demands.reachable(false);
    stream = null;
    boolean was = connected;
    connected = false;
    lastError = status.toString();
    if (closed) {
      return;
    }
    failures++;
    Duration delay = BACKOFF.delay(failures, random);
    if (was || failures == 1 || failures % 10 == 0) {
      LOG.warn(
          "No connection to the control plane ({}); configuration stays as it is, next try in {}"
              + " ms",
          status,
          delay.toMillis());
    }
    loop.schedule(this::dial, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void received(byte[] message) {
    if (!connected) {
      connected = true;
      failures = 0;
      lastError = "";
      demands.reachable(true);
      LOG.info("Connected to the control plane");
    }
    try {
      DeltaResponse response = DeltaResponse.decode(message);
      Optional<DeltaClient.Batch> batch = client.received(response);
      if (batch.isEmpty()) {
        send(List.of(client.refuse(response, "this proxy did not ask for this type")));
        return;
      }
      take(batch.get());
    } catch (FieldException e) {
      Dialer.Stream current = stream;
      if (current != null) {
        current.cancel("a response cannot be read: " + e.getMessage());
      }
    }
  }

  private void take(DeltaClient.Batch batch) {
    answered.add(batch.type());
    List<Change> changes = new ArrayList<>();
    batch.changed().forEach(r -> changes.add(new Change.Set(batch.type(), r.name(), r.bytes())));
    List<Change.Remove> removes =
        batch.type() == XdsType.SECRET
            // A control plane that has just started, or cannot reach an API server, does not know
            // it yet. As with Envoy, what is in force stays until nothing names it: see follow().
            ? List.of()
            : batch.removed().stream()
                .filter(name -> isNews(batch.type(), name))
                .map(name -> new Change.Remove(batch.type(), name))
                .toList();
    changes.addAll(removes);
    // What traffic asked for and there is not must not cost a configuration.
    Compiled compiled =
        changes.isEmpty() && demands.on()
            ? new Compiled(draft, List.of())
            : RuntimeConfigCompiler.compile(draft, changes);
    draft = compiled.config();
    List<DeltaClient.Refused> refused = refusals.note(batch, compiled.rejections());
    Set<String> refusedNames = Refusals.whole(compiled.rejections());
    send(client.applied(batch, refused));
    journal.append(
        batch.changed().stream()
            .filter(r -> !refusedNames.contains(r.name()))
            .map(r -> new ConfigJournal.Entry(batch.type(), r.name(), r.version(), r.bytes()))
            .toList(),
        removes);
    batch.changed().forEach(r -> demands.answered(batch.type(), r.name(), true));
    batch.removed().forEach(name -> demands.answered(batch.type(), name, false));
    follow();
    publishSoon();
    demands.wakeTheServed();
  }

  /** Whether it is news that there is no such resource. */
  private boolean isNews(XdsType type, String name) {
    return !client.heldVersion(type, name).isEmpty()
        // That there are no names is an answer to who waits for some.
        || name.equals(OnDemand.WILDCARD_HOSTS);
  }

  /** There is traffic that needs more, or there has been none for something for long. */
  private void needsChanged() {
    follow();
    publishSoon();
  }

  /** Asks for what is needed and drops the rest, until nothing is left that nothing needs. */
  private void follow() {
    Needs needs = Needs.of(draft, asker);
    List<Change.Remove> gone = needs.unneeded(draft);
    while (!gone.isEmpty()) {
      draft = RuntimeConfigCompiler.compile(draft, List.copyOf(gone)).config();
      journal.append(List.of(), gone);
      needs = Needs.of(draft, asker);
      gone = needs.unneeded(draft);
    }
    needs.names().forEach((type, names) -> send(client.want(type, names)));
  }

  /**
   * Publishes when everything that the configuration names has come, so that no request meets a
   * cluster whose endpoints are still on their way; after a while also without.
   */
  private void publishSoon() {
    if (complete()) {
      if (patience != null) {
        // Else it would end the waiting of a later change.
        patience.cancel(false);
        patience = null;
      }
      publishNow();
      ready = true;
    } else if (patience == null) {
      patience = loop.schedule(this::publishLate, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } else if (patience.isDone()) {
      publishNow();
    }
  }

  private void publishLate() {
    if (closed) {
      return;
    }
    LOG.warn(
        "Publishing without {} clusters, {} endpoint sets, {} route tables and {} secrets that did"
            + " not come in time{}",
        client.missing(XdsType.CLUSTER).size(),
        client.missing(XdsType.ENDPOINT).size(),
        client.missing(XdsType.ROUTE).size(),
        client.missing(XdsType.SECRET).size(),
        names());
    publishNow();
    // What never comes must not keep the rest from serving.
    ready = begun();
  }

  private String names() {
    return NAMED.stream()
        .flatMap(type -> client.missing(type).stream())
        .limit(MOST_NAMED)
        .collect(Collectors.joining(", ", ": ", ""));
  }

  /** Whether clusters and listeners were told at all. */
  private boolean begun() {
    return answered.contains(XdsType.LISTENER)
        // A proxy that asks for clusters by name may need none.
        && (demands.on() || answered.contains(XdsType.CLUSTER));
  }

  private boolean complete() {
    return begun() && NAMED.stream().allMatch(type -> client.missing(type).isEmpty());
  }

  private void publishNow() {
    if (draft != published) {
      published = draft;
      try {
        publish.accept(draft);
      } catch (RuntimeException e) {
        // The stream must not end because of it: the same resources would only come again.
        LOG.error("The configuration could not be put in force", e);
      }
    }
    demands.inForce();
  }

  private void send(List<DeltaRequest> requests) {
    Dialer.Stream current = stream;
    if (current != null) {
      requests.forEach(r -> current.send(r.encode(node)));
    }
  }

  @Override
  public void close() {
    closed = true;
    loop.execute(
        () -> {
          Dialer.Stream current = stream;
          if (current != null) {
            current.cancel("the proxy shuts down");
          }
          journal.close();
        });
  }
}
