package dev.weft.traffic;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.weft.demand.Demands;
import dev.weft.server.Origin;
import dev.weft.server.Pki;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.testkit.Settle;
import dev.weft.translate.MeshFile;
import dev.weft.translate.Translation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A mesh whose control plane is a function and whose data plane is real: every pod of the file has
 * a proxy and an application on addresses of the loopback network. Pods with {@code dead: true} are
 * announced and not there; those with {@code own: true} have an application that the test brings.
 */
final class World implements AutoCloseable {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private final Pki pki = new Pki();
  private final Path files;
  private final Map<String, Object> tree;
  private final Map<String, Pod> pods = new TreeMap<>();
  private final List<Origin> origins = new ArrayList<>();
  private final Map<String, LiveProxy> proxies = new LinkedHashMap<>();
  private final Translation translation = new Translation();
  private MeshSnapshot snapshot;
  final App app = new App();

  /**
   * Starts everything but the clients.
   *
   * @param yaml a mesh as {@link MeshFile} reads it, with {@code NET} for the first three bytes of
   *     addresses; pods of the app {@code client} are started by {@link #client}
   */
  World(String yaml, Path files) {
    this.files = files;
    this.tree = read(yaml.replace("NET.", freeNetwork() + "."));
    this.snapshot = snapshot(List.of());
    Object clusters = tree.getOrDefault("clusters", Map.of());
    ((Map<?, ?>) clusters).forEach((cluster, facts) -> pods(cluster.toString(), (Map<?, ?>) facts));
  }

  private void pods(String cluster, Map<?, ?> facts) {
    if (!(facts.get("pods") instanceof List<?> list)) {
      return;
    }
    for (Object entry : list) {
      Map<String, Object> fields = new LinkedHashMap<>();
      ((Map<?, ?>) entry).forEach((key, value) -> fields.put(key.toString(), value));
      Pod pod = Pod.of(cluster, fields);
      pods.put(pod.name(), pod);
      boolean gateway = pod.namespace().equals("istio-system");
      if (pod.app().equals("client") || fields.containsKey("dead")) {
        continue;
      }
      if (!gateway && !fields.containsKey("own")) {
        for (int port : LiveProxy.TARGET_PORTS) {
          origins.add(app.of(pod, port));
        }
      }
      LiveProxy proxy =
          new LiveProxy(pod, gateway ? "router" : "sidecar", true, Demands.none(), pki, files);
      proxies.put(pod.name(), proxy);
      proxy.apply(translation, snapshot);
    }
  }

  private static Map<String, Object> read(String yaml) {
    try {
      return YAML.readValue(yaml, new TypeReference<Map<String, Object>>() {});
    } catch (IOException e) {
      throw new IllegalArgumentException(yaml, e);
    }
  }

  /** Two neighbouring networks that nobody on this machine listens in. */
  private static String freeNetwork() {
    while (true) {
      ThreadLocalRandom random = ThreadLocalRandom.current();
      String net = "127." + random.nextInt(10, 250) + "." + random.nextInt(1, 125) * 2;
      try (ServerSocket socket =
          new ServerSocket(LiveProxy.TARGET_PORTS[0], 1, InetAddress.getByName(net + ".11"))) {
        if (socket.isBound()) {
          return net;
        }
      } catch (IOException e) {
        // Taken; the next one is tried.
      }
    }
  }

  private MeshSnapshot snapshot(List<Object> objects) {
    Map<String, Object> mesh = new LinkedHashMap<>(tree);
    mesh.put("objects", objects);
    try {
      return MeshFile.of(mesh).snapshot();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The mesh with these objects of users: a YAML list. */
  void objects(String yaml) {
    try {
      objects(YAML.readValue(yaml, new TypeReference<List<Object>>() {}));
    } catch (IOException e) {
      throw new IllegalArgumentException(yaml, e);
    }
  }

  /** The mesh with these objects of users. */
  void objects(List<Object> objects) {
    snapshot = snapshot(objects);
    app.received.clear();
    proxies.values().forEach(p -> p.apply(translation, snapshot));
  }

  /** The mesh with one service more. */
  void service(String cluster, String yaml) {
    Map<?, ?> facts =
        (Map<?, ?>) ((Map<?, ?>) tree.getOrDefault("clusters", Map.of())).get(cluster);
    if (facts == null || !(facts.get("services") instanceof List<?> services)) {
      throw new IllegalArgumentException("no services in " + cluster);
    }
    List<Object> more = new ArrayList<>(services);
    more.add(read(yaml));
    Map<String, Object> changed = new LinkedHashMap<>();
    facts.forEach((key, value) -> changed.put(key.toString(), value));
    changed.put("services", more);
    Map<String, Object> clusters = new LinkedHashMap<>();
    ((Map<?, ?>) tree.getOrDefault("clusters", Map.of()))
        .forEach((key, value) -> clusters.put(key.toString(), value));
    clusters.put(cluster, changed);
    tree.put("clusters", clusters);
    snapshot = snapshot(List.of());
    proxies.values().forEach(p -> p.apply(translation, snapshot));
  }

  /**
   * A new client in a pod.
   *
   * @param names whether it can name endpoints to gateways
   * @param agent what its requests say as user agent
   */
  Client client(String pod, boolean names, String agent) {
    Pod of = pod(pod);
    LiveProxy proxy = new LiveProxy(of, "sidecar", names, Demands.none(), pki, files);
    proxy.apply(translation, snapshot);
    return new Client(of, proxy, app, agent);
  }

  /** A new client in a pod, whose proxy asks for what it needs. */
  OnDemandClient onDemandClient(String pod) {
    Pod of = pod(pod);
    Demands demands = Demands.asking();
    LiveProxy proxy = new LiveProxy(of, "sidecar", true, demands, pki, files);
    return new OnDemandClient(
        new Client(of, proxy, app, "on-demand"),
        proxy,
        demands,
        () -> translation.resources(snapshot, proxy.node()),
        files.resolve(pod + "-state"));
  }

  /** What the control plane knows now. */
  MeshSnapshot snapshot() {
    return snapshot;
  }

  Pod pod(String name) {
    Pod pod = pods.get(name);
    if (pod == null) {
      throw new IllegalArgumentException("no pod " + name + " among " + pods.keySet());
    }
    return pod;
  }

  /** The proxy of a server or a gateway. */
  LiveProxy proxy(String pod) {
    LiveProxy proxy = proxies.get(pod);
    if (proxy == null) {
      throw new IllegalArgumentException("no proxy " + pod + " among " + proxies.keySet());
    }
    return proxy;
  }

  /** Waits until a proxy has logged a line with a text. */
  void logs(String pod, String text) {
    LiveProxy proxy = proxy(pod);
    Settle.until(
        pod + " logs " + text, () -> proxy.log().stream().anyMatch(line -> line.contains(text)));
  }

  /** The proxies of servers and gateways by the names of their pods. */
  Map<String, LiveProxy> proxies() {
    return proxies;
  }

  @Override
  public void close() {
    proxies.values().forEach(LiveProxy::close);
    origins.forEach(Origin::close);
  }
}
