package dev.weft.control.status;

import dev.weft.config.ControlIdentity;
import dev.weft.discovery.KubeApi;
import dev.weft.loop.Clock;
import dev.weft.types.ClusterId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many proxies are connected to all replicas of a control plane. Each of them says its own
 * number in an annotation of a Lease of its own; one that is not renewed counts no more, and is
 * deleted by whoever sees it.
 */
public final class ReplicaCounts implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReplicaCounts.class);
  private static final String OF = "mesh.weft.dev/replica-of";
  private static final String PROXIES = "mesh.weft.dev/proxies";
  private static final Duration RENEW = Duration.ofSeconds(5);
  // Clocks of replicas differ: what counts is that a lease has not changed for so long.
  private static final Duration OLD = Duration.ofSeconds(15);
  private static final Duration END = Duration.ofSeconds(2);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final KubeApi api;
  private final String leases;
  private final String group;
  private final String name;
  private final String replica;
  private final Supplier<Map<String, Integer>> connected;
  private final Listener listener;
  private final Clock clock;
  private final CountDownLatch closed = new CountDownLatch(1);
  // Confined to the thread: what the leases of others said when, by the clock.
  private final Map<String, Seen> seen = new HashMap<>();
  private volatile Map<String, Integer> elsewhere = Map.of();
  private String said = "";
  private @Nullable Thread thread;

  private record Seen(String version, long at) {}

  /** The replicas that there are beside this one, and their proxies by cluster. */
  private record Others(int replicas, Map<String, Integer> proxies) {}

  /** Told every few seconds, on one thread. */
  public interface Listener {
    /**
     * @param own proxies that are connected to this replica
     * @param elsewhere those connected to the others
     * @param others how many other replicas there are
     */
    void counted(int own, int elsewhere, int others);
  }

  /**
   * @param replica the name of this one, the same as in the election
   * @param connected how many proxies of each cluster are connected to this one
   * @param listener told of every count
   */
  public ReplicaCounts(
      KubeApi api,
      ControlIdentity control,
      String replica,
      Supplier<Map<String, Integer>> connected,
      Listener listener,
      Clock clock) {
    this.api = api;
    this.leases = "/apis/coordination.k8s.io/v1/namespaces/" + control.rootNamespace() + "/leases";
    this.group = control.named("weft-control");
    this.name = group + "." + replica;
    this.replica = replica;
    this.connected = connected;
    this.listener = listener;
    this.clock = clock;
  }

  /** How many proxies of the cluster are connected to any replica. */
  public int of(ClusterId cluster) {
    return connected.get().getOrDefault(cluster.value(), 0)
        + elsewhere.getOrDefault(cluster.value(), 0);
  }

  /** Begins to say the own number, and to read those of the others. */
  public void start() {
    thread = Thread.ofVirtual().name("replica-counts").start(this::run);
  }

  @Override
  public void close() throws InterruptedException {
    closed.countDown();
    if (thread != null) {
      boolean ended = thread.join(END);
      log.debug("the lease {} is given back: {}", name, ended);
    }
  }

  private void run() {
    try {
      do {
        try {
          say();
          Others others = others();
          elsewhere = others.proxies();
          said = "";
          listener.counted(sum(connected.get()), sum(others.proxies()), others.replicas());
        } catch (KubeApi.RefusedException e) {
          if (!String.valueOf(e.getMessage()).equals(said)) {
            said = String.valueOf(e.getMessage());
            log.debug("proxies of other replicas are not counted: {}", said);
          }
        }
      } while (!clock.await(closed, RENEW));
      api.delete(leases + "/" + name);
    } catch (KubeApi.RefusedException e) {
      log.debug("the lease {} is left to the others: {}", name, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void say() throws KubeApi.RefusedException {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", name);
    metadata.put("labels", Map.of(OF, group));
    metadata.put("annotations", Map.of(PROXIES, text(connected.get())));
    Map<String, Object> lease = new LinkedHashMap<>();
    lease.put("apiVersion", "coordination.k8s.io/v1");
    lease.put("kind", "Lease");
    lease.put("metadata", metadata);
    lease.put(
        "spec",
        Map.of(
            "holderIdentity",
            replica,
            "leaseDurationSeconds",
            OLD.toSeconds(),
            "renewTime",
            MICROS.format(clock.instant())));
    if (api.get(leases + "/" + name).isPresent()) {
      // Nobody else writes it.
      Map<String, Object> unused = api.replace(leases + "/" + name, lease);
    } else {
      Map<String, Object> unused = api.create(leases, lease);
    }
  }

  private static int sum(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  private Others others() throws KubeApi.RefusedException {
    Map<String, Integer> sum = new TreeMap<>();
    int replicas = 0;
    Optional<Map<String, Object>> list =
        api.get(
            leases
                + "?labelSelector="
                + URLEncoder.encode(OF + "=" + group, StandardCharsets.UTF_8));
    Object items = list.map(l -> l.get("items")).orElse(List.of());
    for (Object item : items instanceof List<?> all ? all : List.of()) {
      if (item instanceof Map<?, ?> lease
          && lease.get("metadata") instanceof Map<?, ?> metadata
          && metadata.get("name") instanceof String other
          && !other.equals(name)) {
        Seen now = new Seen(String.valueOf(metadata.get("resourceVersion")), clock.nanos());
        Seen before = seen.get(other);
        Seen since = before != null && before.version().equals(now.version()) ? before : now;
        seen.put(other, since);
        if (now.at() - since.at() > OLD.toNanos()) {
          seen.remove(other);
          api.delete(leases + "/" + other);
        } else if (metadata.get("annotations") instanceof Map<?, ?> annotations) {
          replicas++;
          numbers(String.valueOf(annotations.get(PROXIES)))
              .forEach((cluster, count) -> sum.merge(cluster, count, Integer::sum));
        }
      }
    }
    return new Others(replicas, sum);
  }

  /** {@code cluster1=3,cluster2=1}. */
  static String text(Map<String, Integer> counts) {
    return String.join(
        ",",
        new TreeMap<>(counts)
            .entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
  }

  /** The other way round; what cannot be read counts for nothing. */
  static Map<String, Integer> numbers(String text) {
    Map<String, Integer> counts = new TreeMap<>();
    for (String part : text.split(",", -1)) {
      int at = part.indexOf('=');
      if (at > 0 && part.substring(at + 1).matches("[0-9]{1,7}")) {
        counts.put(part.substring(0, at), Integer.valueOf(part.substring(at + 1)));
      }
    }
    return counts;
  }
}
