package dev.weft.discovery;

import dev.weft.config.ConfigEvent;
import dev.weft.config.Diagnostic;
import dev.weft.config.KubeFact;
import dev.weft.config.SyncState;
import dev.weft.loop.Clock;
import dev.weft.types.ClusterId;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one member cluster. An API server that does not answer takes nothing away: its last state
 * stays, and the cluster is marked as lost until it answers again.
 */
final class ClusterWatcher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClusterWatcher.class);

  // Of a kind: where nothing can be read any more, the first ones tell why.
  private static final int MAX_FINDINGS = 50;

  private final ClusterId id;
  private final KubeApi api;
  private final AutoCloseable closing;
  private final Clock clock;
  private final Consumer<ConfigEvent> events;
  private final Facts facts = new Facts();
  private final List<ListWatch<?>> watches = new ArrayList<>();
  private final Object lock = new Object();
  // Guarded by lock: what is wrong with a kind, empty for nothing; absent until first listed.
  private final Map<KubeFact.Kind, String> kinds = new EnumMap<>(KubeFact.Kind.class);
  private final Map<KubeFact.Kind, String> neverListed = new EnumMap<>(KubeFact.Kind.class);
  // Guarded by lock: kinds that the credentials may not read.
  private final Set<KubeFact.Kind> forbidden = EnumSet.noneOf(KubeFact.Kind.class);
  // Guarded by lock: of objects that cannot be read.
  private final Map<KubeFact.Kind, List<Diagnostic>> findings = new EnumMap<>(KubeFact.Kind.class);
  // Guarded by lock: since when a cluster that was read is read no more; null while it is read.
  private @Nullable Instant silent;
  private @Nullable SyncState told;
  private String toldMessage = "";
  // Guarded by lock: events are held back while the watcher that this one replaces is still in
  // force.
  private @Nullable List<ConfigEvent> held;
  private @Nullable Succession succession;
  private String note = "";
  private boolean closed;

  /**
   * @param closing what ends with this, such as the client of the API
   */
  ClusterWatcher(
      ClusterId id, KubeApi api, Consumer<ConfigEvent> events, AutoCloseable closing, Clock clock) {
    this.id = id;
    this.api = api;
    this.events = events;
    this.closing = closing;
    this.clock = clock;
  }

  /** What a cluster holds of an object; no fact where the object counts as gone. */
  private record Seen(KubeFact.Key key, @Nullable KubeFact fact) {}

  /** What a watcher does that is to take another one's place. */
  interface Succession {
    /** It has everything: the other one may end. */
    void ready();

    /** It has not got everything, for a reason. */
    void waiting(String why);
  }

  /** The source of what is noticed about objects of a cluster. */
  static String noticesOf(ClusterId cluster) {
    return "Objects of " + cluster;
  }

  KubeApi api() {
    return api;
  }

  /**
   * Starts following, but tells nothing until everything has been listed once; then says so to the
   * successor's owner (who ends the watcher before), and goes on as usual.
   */
  void startInPlaceOfAnother(Succession owner) {
    synchronized (lock) {
      held = new ArrayList<>();
      succession = owner;
    }
    start();
  }

  /** Ends it where it has not taken the place of another one yet; whether that is so. */
  boolean endedBeforeItsTurn() {
    synchronized (lock) {
      if (held == null) {
        return false;
      }
      closed = true;
    }
    close();
    return true;
  }

  /** Adds to what is said of the cluster; empty for nothing. */
  void note(String text) {
    synchronized (lock) {
      note = text;
      tellState();
    }
  }

  /** Starts following, and tells what is found as it is found. */
  void start() {
    synchronized (lock) {
      post(new ConfigEvent.ClusterStateChanged(id, SyncState.SYNCING, ""));
    }
    follow(KubeFact.Kind.NAMESPACE, Namespace::new);
    follow(KubeFact.Kind.NODE, Node::new);
    follow(KubeFact.Kind.SERVICE, Service::new);
    follow(KubeFact.Kind.POD, Pod::new);
    follow(KubeFact.Kind.ENDPOINT_SLICE, EndpointSlice::new);
    watches.forEach(ListWatch::start);
  }

  /** Stops following. Nothing is told from here on. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
    }
    watches.forEach(ListWatch::close);
    try {
      closing.close();
    } catch (Exception e) {
      log.debug("cluster {}: while ending: {}", id, e.getMessage());
    }
  }

  private <K extends HasMetadata> void follow(KubeFact.Kind kind, Supplier<K> blank) {
    Following following = new Following(kind);
    watches.add(
        new ListWatch<>(
            new Source<>(api, path(kind), "", blank, following::seen), following, clock));
  }

  private static String path(KubeFact.Kind kind) {
    return switch (kind) {
      case NAMESPACE, NODE, SERVICE, POD -> "/api/v1/" + plural(kind);
      case ENDPOINT_SLICE -> "/apis/discovery.k8s.io/v1/" + plural(kind);
    };
  }

  private static String plural(KubeFact.Kind kind) {
    return switch (kind) {
      case NAMESPACE -> "namespaces";
      case NODE -> "nodes";
      case SERVICE -> "services";
      case POD -> "pods";
      case ENDPOINT_SLICE -> "endpointslices";
    };
  }

  private static String singular(KubeFact.Kind kind) {
    return switch (kind) {
      case NAMESPACE -> "Namespace";
      case NODE -> "Node";
      case SERVICE -> "Service";
      case POD -> "Pod";
      case ENDPOINT_SLICE -> "EndpointSlice";
    };
  }

  /** Nodes tell where endpoints are; without the others there are no endpoints. */
  private static boolean needed(KubeFact.Kind kind) {
    return switch (kind) {
      case NODE -> false;
      case NAMESPACE, SERVICE, POD, ENDPOINT_SLICE -> true;
    };
  }

  /** Tells what happens to the objects of a kind. Confined to the thread of its watch. */
  private final class Following implements ListWatch.Sink<Seen> {
    private final KubeFact.Kind kind;
    // What was told last: what did not change stays the same object, and is not told again.
    private final Map<KubeFact.Key, KubeFact> known = new HashMap<>();
    private List<Unreadable> unreadable = List.of();

    Following(KubeFact.Kind kind) {
      this.kind = kind;
    }

    Seen seen(HasMetadata object) {
      KubeFact fact = facts.of(object).orElse(null);
      KubeFact.Key key = fact == null ? Facts.key(kind, object) : fact.key();
      KubeFact before = known.get(key);
      return new Seen(key, fact != null && fact.equals(before) ? before : fact);
    }

    @Override
    public void listed(List<Seen> items) {
      List<KubeFact> all = new ArrayList<>();
      for (Seen item : items) {
        if (item.fact() != null) {
          all.add(item.fact());
        }
      }
      for (Unreadable object : unreadable) {
        KubeFact before = known.get(new KubeFact.Key(kind, object.namespace(), object.name()));
        if (before != null) {
          all.add(before);
        }
      }
      known.clear();
      all.forEach(fact -> known.put(fact.key(), fact));
      synchronized (lock) {
        post(new ConfigEvent.FactsListed(id, kind, all));
        neverListed.remove(kind);
        forbidden.remove(kind);
        kinds.put(kind, "");
        tellState();
      }
    }

    @Override
    public void stored(Seen item) {
      KubeFact fact = item.fact();
      if (fact == null) {
        removed(item);
        // Where nothing has changed, it is the same object.
      } else if (known.put(item.key(), fact) != fact) {
        synchronized (lock) {
          post(new ConfigEvent.FactStored(id, fact));
        }
      }
    }

    @Override
    public void removed(Seen item) {
      if (known.remove(item.key()) != null) {
        synchronized (lock) {
          post(new ConfigEvent.FactRemoved(id, item.key()));
        }
      }
    }

    @Override
    public void unreadable(List<Unreadable> objects) {
      unreadable = objects;
      String where = " (cluster " + id + ")";
      synchronized (lock) {
        findings.put(
            kind,
            objects.stream()
                .limit(MAX_FINDINGS)
                .map(object -> object.diagnostic(singular(kind), where))
                .toList());
        post(
            new ConfigEvent.Noticed(
                noticesOf(id), findings.values().stream().flatMap(List::stream).toList()));
      }
    }

    @Override
    public void failing(IOException why) {
      synchronized (lock) {
        if (why instanceof KubeApi.RefusedException refused && refused.forbidden()) {
          forbidden.add(kind);
        } else {
          forbidden.remove(kind);
          Map<KubeFact.Kind, String> failures = kinds.containsKey(kind) ? kinds : neverListed;
          failures.put(kind, String.valueOf(why.getMessage()));
        }
        tellState();
      }
    }
  }

  /** Called with the lock held. */
  private void tellState() {
    String failure =
        kinds.values().stream()
            .filter(why -> !why.isEmpty())
            .findFirst()
            .orElse(neverListed.values().stream().findFirst().orElse(""));
    boolean complete =
        Arrays.stream(KubeFact.Kind.values())
            .allMatch(k -> kinds.containsKey(k) || forbidden.contains(k) && !needed(k));
    boolean useless = forbidden.stream().anyMatch(ClusterWatcher::needed);
    SyncState state =
        !complete
            ? useless ? SyncState.REJECTED : SyncState.SYNCING
            : failure.isEmpty() && !useless ? SyncState.SYNCED : SyncState.LOST;
    silent = state != SyncState.LOST ? null : silent == null ? clock.instant() : silent;
    List<String> messages = new ArrayList<>();
    if (!failure.isEmpty()) {
      messages.add("the API server at " + api.server() + ": " + failure);
    }
    if (silent != null) {
      messages.add("nothing new since " + silent.truncatedTo(ChronoUnit.SECONDS));
    }
    if (!forbidden.isEmpty()) {
      messages.add(missingRights());
    }
    if (!note.isEmpty()) {
      messages.add(note);
    }
    String message = String.join("; ", messages);
    if (state != told || !message.equals(toldMessage)) {
      told = state;
      toldMessage = message;
      if (succession != null && !message.isEmpty()) {
        succession.waiting(message);
      }
      post(new ConfigEvent.ClusterStateChanged(id, state, message));
    }
    if (state == SyncState.SYNCED && held != null) {
      release();
    }
  }

  private String missingRights() {
    String kinds =
        forbidden.stream().map(ClusterWatcher::plural).sorted().collect(Collectors.joining(", "));
    return "the credentials may not read "
        + kinds
        + (forbidden.stream().anyMatch(ClusterWatcher::needed)
            ? ", without which nothing of the cluster can be used"
            : ", so that its endpoints may have no locality")
        + "; grant get, list and watch";
  }

  /** Called with the lock held. */
  private void release() {
    if (closed) {
      return;
    }
    List<ConfigEvent> waiting = held == null ? List.of() : held;
    held = null;
    if (succession != null) {
      succession.ready();
      succession = null;
    }
    waiting.forEach(this::post);
  }

  /** Called with the lock held. */
  private void post(ConfigEvent event) {
    if (closed) {
      return;
    }
    if (held != null) {
      held.add(event);
    } else {
      events.accept(event);
    }
  }
}
