package dev.weft.control.status;

import dev.weft.config.ConfigSet;
import dev.weft.config.MemberClusterSpec;
import dev.weft.config.SyncState;
import dev.weft.discovery.KubeApi;
import dev.weft.discovery.MemberClusters;
import dev.weft.loop.Clock;
import dev.weft.snapshot.MemberCluster;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.SnapshotDelta;
import dev.weft.snapshot.SnapshotListener;
import dev.weft.types.ClusterId;
import dev.weft.types.HostPort;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a MemberCluster object for every registered cluster, and its status up to date. Works on
 * the latest snapshot on a thread of its own; what could not be written is written later.
 */
public final class MemberStatusWriter implements SnapshotListener {
  private static final Logger log = LoggerFactory.getLogger(MemberStatusWriter.class);
  private static final String PATH = "/apis/mesh.weft.dev/v1alpha1/memberclusters";
  private static final Set<String> FIELDS =
      Set.of(
          "phase",
          "message",
          "network",
          "crossClusterProxy",
          "services",
          "endpoints",
          "proxies",
          "conditions");

  // Proxies come and go without a snapshot.
  private static final Duration REFRESH = Duration.ofSeconds(2);
  private static final Duration END = Duration.ofSeconds(2);

  private final KubeApi api;
  private final MemberClusters clusters;
  private final ToIntFunction<ClusterId> proxies;
  private final Provisioned provisioned;
  private final Clock clock;
  private final BlockingQueue<MeshSnapshot> latest = new ArrayBlockingQueue<>(1);
  private final Map<String, Map<String, Object>> written = new HashMap<>();
  // Names of the MemberCluster objects that there are, as far as has been heard.
  private volatile Set<String> there = Set.of();
  private volatile @Nullable MeshSnapshot newest;

  /**
   * @param proxies how many proxies of a cluster are connected
   * @param provisioned how far clusters have got what the mesh keeps in them
   */
  public MemberStatusWriter(
      KubeApi api,
      MemberClusters clusters,
      ToIntFunction<ClusterId> proxies,
      Provisioned provisioned,
      Clock clock) {
    this.api = api;
    this.clusters = clusters;
    this.proxies = proxies;
    this.provisioned = provisioned;
    this.clock = clock;
  }

  @Override
  public synchronized void onSnapshot(MeshSnapshot snapshot, SnapshotDelta delta) {
    newest = snapshot;
    latest.clear();
    latest.add(snapshot);
  }

  /**
   * Learns which objects there are: one that a user deleted while its cluster stays is made again.
   */
  public void onConfig(ConfigSet config) {
    there =
        config.all(MemberClusterSpec.class).stream()
            .map(m -> m.meta().name())
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Starts writing; closing the result ends it. It may begin again after that. */
  public AutoCloseable start() {
    Thread thread = Thread.ofVirtual().name("member-status").start(this::run);
    return () -> {
      thread.interrupt();
      thread.join(END);
    };
  }

  private void run() {
    // One that is told to end may be waiting for an answer still.
    synchronized (written) {
      follow();
    }
  }

  private void follow() {
    // Another replica may have written in the meantime.
    written.clear();
    MeshSnapshot snapshot = newest;
    boolean old = snapshot == null;
    Duration wait = Duration.ZERO;
    while (!Thread.currentThread().isInterrupted()) {
      try {
        MeshSnapshot next = clock.poll(latest, wait);
        wait = REFRESH;
        snapshot = next == null ? snapshot : next;
        if (snapshot != null) {
          write(snapshot);
        } else if (old) {
          outdate();
          old = false;
        }
      } catch (InterruptedException e) {
        return;
      } catch (KubeApi.RefusedException e) {
        log.debug("member cluster status: {}", e.getMessage());
        written.clear();
      } catch (RuntimeException e) {
        log.error("member cluster status", e);
      }
    }
  }

  /**
   * Until there is a snapshot, what a control plane before this one has written is old news: how
   * many proxies are ready, say, while pods come and go.
   */
  private void outdate() throws KubeApi.RefusedException {
    Object items = api.get(PATH).map(list -> list.get("items")).orElse(List.of());
    Map<String, Object> starting =
        tree("phase", "Syncing", "message", "the control plane has started and reads the clusters");
    for (Object item : items instanceof List<?> list ? list : List.of()) {
      if (item instanceof Map<?, ?> object
          && object.get("status") instanceof Map<?, ?> status
          && !"Unregistered".equals(status.get("phase"))
          && object.get("metadata") instanceof Map<?, ?> metadata) {
        Map<String, Object> whole = new LinkedHashMap<>();
        object.forEach((key, value) -> whole.put(String.valueOf(key), value));
        whole.put("apiVersion", "mesh.weft.dev/v1alpha1");
        whole.put("kind", "MemberCluster");
        writeStatus(
            String.valueOf(metadata.get("name")),
            whole,
            starting,
            StatusConditions.of(starting, List.of()));
      }
    }
  }

  private void write(MeshSnapshot snapshot) throws KubeApi.RefusedException {
    Map<String, String> networks = new LinkedHashMap<>();
    for (MemberClusters.Registration r : clusters.registrations()) {
      networks.put(r.cluster().value(), r.network());
    }
    for (MemberCluster member : snapshot.clusters().values()) {
      String name = member.id().value();
      List<String> refused = provisioned.complaints(member.id());
      Map<String, Object> status = status(member, refused);
      if (status.equals(written.get(name)) && there.contains(name)) {
        continue;
      }
      Optional<Map<String, Object>> object = api.get(PATH + "/" + name);
      if (object.isEmpty()) {
        object = Optional.of(create(name, networks.getOrDefault(name, "")));
      }
      writeStatus(name, object.get(), status, StatusConditions.of(status, refused));
      written.put(name, status);
    }
    Map<String, Object> unregistered =
        tree("phase", "Unregistered", "message", "no remote secret names this cluster");
    for (String name : there) {
      if (networks.containsKey(name) || unregistered.equals(written.get(name))) {
        continue;
      }
      Optional<Map<String, Object>> object = api.get(PATH + "/" + name);
      if (object.isPresent()) {
        writeStatus(name, object.get(), unregistered, StatusConditions.of(unregistered, List.of()));
      }
      written.put(name, unregistered);
    }
    written.keySet().removeIf(name -> !networks.containsKey(name) && !there.contains(name));
  }

  private Map<String, Object> create(String name, String network) throws KubeApi.RefusedException {
    log.info("cluster {}: creating its MemberCluster", name);
    return api.create(
        PATH,
        tree(
            "apiVersion",
            "mesh.weft.dev/v1alpha1",
            "kind",
            "MemberCluster",
            "metadata",
            Map.of("name", name),
            "spec",
            tree("network", network, "crossClusterProxy", tree("enabled", false))));
  }

  private void writeStatus(
      String name,
      Map<String, Object> object,
      Map<String, Object> status,
      StatusConditions conditions)
      throws KubeApi.RefusedException {
    Map<String, Object> complete = others(object.get("status"));
    complete.putAll(status);
    complete.put("conditions", conditions.after(object.get("status"), clock.instant()));
    Map<String, Object> update = new LinkedHashMap<>(object);
    update.put("status", complete);
    api.replace(PATH + "/" + name + "/status", update);
  }

  /** What stands in a status beside what is written here. */
  private static Map<String, Object> others(@Nullable Object status) {
    Map<String, Object> others = new LinkedHashMap<>();
    if (status instanceof Map<?, ?> there) {
      there.forEach((key, value) -> others.put(String.valueOf(key), value));
    }
    others.keySet().removeAll(FIELDS);
    return others;
  }

  private Map<String, Object> status(MemberCluster member, List<String> refused) {
    boolean bare = member.state() == SyncState.SYNCED && provisioned.pending(member.id());
    return tree(
        "phase", bare ? phase(SyncState.SYNCING) : phase(member.state()),
        "message",
            StatusConditions.message(
                bare ? "what the mesh keeps in it is not written yet" : member.message(), refused),
        "network", member.network().value(),
        "crossClusterProxy",
            tree(
                "enabled", member.crossClusterProxy().enabled(),
                "gateway", MemberClusterSpec.gatewayName(member.id()),
                "addresses",
                    member.crossClusterProxy().addresses().stream()
                        .map(HostPort::toString)
                        .toList(),
                "readyReplicas", member.crossClusterProxy().readyReplicas()),
        "services", member.services(),
        "endpoints", member.endpoints(),
        "proxies", proxies.applyAsInt(member.id()));
  }

  private static String phase(SyncState state) {
    return switch (state) {
      case SYNCING -> "Syncing";
      case SYNCED -> "Synced";
      case LOST -> "Lost";
      case LAST_KNOWN -> "LastKnown";
      case REJECTED -> "Rejected";
    };
  }

  private static Map<String, Object> tree(Object... entries) {
    Map<String, Object> tree = new LinkedHashMap<>();
    for (int i = 0; i < entries.length; i += 2) {
      tree.put(String.valueOf(entries[i]), entries[i + 1]);
    }
    return tree;
  }
}
