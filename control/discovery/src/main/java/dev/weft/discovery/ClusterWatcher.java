package dev.weft.discovery;

import dev.weft.config.ConfigEvent;
import dev.weft.config.KubeFact;
import dev.weft.config.SyncState;
import dev.weft.types.ClusterId;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows one member cluster. An API server that does not answer takes nothing away: its last state
 * stays, and the cluster is marked as lost until it answers again.
 */
final class ClusterWatcher implements AutoCloseable {
  private final ClusterId id;
  private final KubernetesClient client;
  private final KubeApi api;
  private final Consumer<ConfigEvent> events;
  private final List<ListWatch<?>> watches = new ArrayList<>();
  private final Object lock = new Object();
  // Guarded by lock: what is wrong with a kind, empty for nothing; absent until first listed.
  private final Map<KubeFact.Kind, String> kinds = new EnumMap<>(KubeFact.Kind.class);
  private final Map<KubeFact.Kind, String> neverListed = new EnumMap<>(KubeFact.Kind.class);
  private @Nullable SyncState told;
  private String toldMessage = "";
  // Guarded by lock: events are held back while the watcher that this one replaces is still in
  // force.
  private @Nullable List<ConfigEvent> held;
  private @Nullable Runnable onSynced;
  private boolean closed;

  ClusterWatcher(ClusterId id, KubernetesClient client, Consumer<ConfigEvent> events) {
    this.id = id;
    this.client = client;
    this.api = new KubeApi(client);
    this.events = events;
  }

  KubeApi api() {
    return api;
  }

  /** Starts following, and tells what is found as it is found. */
  void start() {
    start(null);
  }

  /**
   * Starts following, but tells nothing until everything has been listed once; then runs the action
   * (which ends the watcher before), and goes on as usual.
   */
  void startInPlaceOf(Runnable endOther) {
    synchronized (lock) {
      held = new ArrayList<>();
    }
    start(endOther);
  }

  private void start(@Nullable Runnable whenSynced) {
    synchronized (lock) {
      onSynced = whenSynced;
      post(new ConfigEvent.ClusterStateChanged(id, SyncState.SYNCING, ""));
    }
    follow(KubeFact.Kind.NAMESPACE, "/api/v1/namespaces", Namespace.class);
    follow(KubeFact.Kind.NODE, "/api/v1/nodes", Node.class);
    follow(KubeFact.Kind.SERVICE, "/api/v1/services", Service.class);
    follow(KubeFact.Kind.POD, "/api/v1/pods", Pod.class);
    follow(
        KubeFact.Kind.ENDPOINT_SLICE,
        "/apis/discovery.k8s.io/v1/endpointslices",
        EndpointSlice.class);
    watches.forEach(ListWatch::start);
  }

  /** Stops following. Nothing is told from here on. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
    }
    watches.forEach(ListWatch::close);
    client.close();
  }

  private <T extends HasMetadata> void follow(KubeFact.Kind kind, String path, Class<T> type) {
    watches.add(
        new ListWatch<>(
            new ListWatch.Source<>(api, path, type),
            new ListWatch.Sink<T>() {
              @Override
              public void listed(List<T> items) {
                List<KubeFact> facts = new ArrayList<>();
                items.forEach(item -> Facts.of(item).ifPresent(facts::add));
                synchronized (lock) {
                  post(new ConfigEvent.FactsListed(id, kind, facts));
                  neverListed.remove(kind);
                  kinds.put(kind, "");
                  tellState();
                }
              }

              @Override
              public void stored(T item) {
                synchronized (lock) {
                  Facts.of(item)
                      .ifPresentOrElse(
                          fact -> post(new ConfigEvent.FactStored(id, fact)), () -> removed(item));
                }
              }

              @Override
              public void removed(T item) {
                synchronized (lock) {
                  post(new ConfigEvent.FactRemoved(id, Facts.key(kind, item)));
                }
              }

              @Override
              public void failing(String why) {
                synchronized (lock) {
                  if (kinds.containsKey(kind)) {
                    kinds.put(kind, why);
                  } else {
                    neverListed.put(kind, why);
                  }
                  tellState();
                }
              }
            }));
  }

  /** Called with the lock held. */
  private void tellState() {
    String failure =
        kinds.values().stream()
            .filter(why -> !why.isEmpty())
            .findFirst()
            .orElse(neverListed.values().stream().findFirst().orElse(""));
    boolean complete = kinds.size() == KubeFact.Kind.values().length;
    SyncState state =
        !complete ? SyncState.SYNCING : failure.isEmpty() ? SyncState.SYNCED : SyncState.LOST;
    String message =
        failure.isEmpty() ? "" : "the API server at " + client.getMasterUrl() + ": " + failure;
    if (state != told || !message.equals(toldMessage)) {
      told = state;
      toldMessage = message;
      post(new ConfigEvent.ClusterStateChanged(id, state, message));
    }
    if (state == SyncState.SYNCED && held != null) {
      release();
    }
  }

  /** Called with the lock held. */
  private void release() {
    List<ConfigEvent> waiting = held == null ? List.of() : held;
    held = null;
    if (onSynced != null) {
      onSynced.run();
      onSynced = null;
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
