package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.demand.Demands;
import dev.weft.loop.Clock;
import dev.weft.proxy.stats.Exposition;
import dev.weft.proxy.stats.ProxyMetrics;
import dev.weft.proxy.xds.NodeMessage;
import dev.weft.proxy.xds.PeerMetadata;
import dev.weft.proxy.xds.ProxyEnvironment;
import dev.weft.runtime.Change;
import dev.weft.runtime.Compiled;
import dev.weft.runtime.Listener;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.runtime.RuntimeConfigCompiler;
import dev.weft.server.Pki;
import dev.weft.server.Proxies;
import dev.weft.server.ProxyServer;
import dev.weft.server.tls.WorkloadSecrets;
import dev.weft.server.worker.ProxySettings;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.testkit.Settle;
import dev.weft.translate.ProxyNode;
import dev.weft.translate.Translation;
import dev.weft.types.HostPort;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.netty.channel.Channel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The proxy of a pod: it introduces itself, is told what the control plane makes for it, and serves
 * by that. Only its sockets are where no redirection is needed.
 */
final class LiveProxy implements AutoCloseable {
  static final int[] SERVICE_PORTS = {8000, 9000, 7000, 7443};
  static final int[] TARGET_PORTS = {8080, 8081};

  /** Behind the ports of HTTP, where hosts tell services apart. */
  private static final String VIP = "10.96.0.1";

  /** Behind the ports of bytes, where addresses do. */
  private static final String BYTES_VIP = "10.96.0.5";

  private static final int FIRST_OF_HTTP = 8000;

  private final Pod pod;
  private final byte[] introduction;
  private final ProxyNode node;
  private final ProxyMetrics metrics;
  private final ProxyServer server;
  private final Set<Long> loops = new HashSet<>();
  private final Proxies.Lines logs = new Proxies.Lines();
  private volatile InetSocketAddress dialled = new InetSocketAddress(VIP, SERVICE_PORTS[0]);
  private ResourceSet known = ResourceSet.EMPTY;
  private RuntimeConfig compiled = RuntimeConfig.EMPTY;

  /**
   * Starts a proxy without configuration.
   *
   * @param role {@code sidecar} or {@code router}
   * @param names whether it says that it can name endpoints to gateways
   * @param demands what its traffic asks for, where it asks
   */
  LiveProxy(Pod pod, String role, boolean names, Demands demands, Pki pki, Path files) {
    this.pod = pod;
    ProxyEnvironment environment = environment(pod, role, demands.on(), files);
    this.introduction = NodeMessage.of(environment);
    this.node = node(environment, names);
    String metadata = PeerMetadata.of(environment);
    Pki.Identity identity = pki.identity(pod.spiffeId());
    this.metrics = new ProxyMetrics(metadata, pod::spiffeId);
    Set<Long> before = new HashSet<>(threads());
    this.server =
        ProxyServer.start(
            ProxySettings.ofLoops(1)
                .withPeerMetadata(environment.nodeId(), metadata)
                .withSpans(environment.spanMaker()),
            identity,
            new WorkloadSecrets(identity, InstantSource.system()),
            metrics,
            logs,
            Clock.system(),
            this::destination,
            demands);
    // Loops begin with their first task.
    server.apply(RuntimeConfig.EMPTY);
    loops.addAll(threads());
    loops.removeAll(before);
  }

  private static ProxyEnvironment environment(Pod pod, String role, boolean onDemand, Path files) {
    try {
      Path directory = Files.createDirectories(files.resolve(pod.name()));
      List<String> lines = new ArrayList<>();
      pod.labels().forEach((key, value) -> lines.add(key + "=\"" + value + "\""));
      Files.write(directory.resolve("labels"), lines);
      return ProxyEnvironment.read(
          role,
          "",
          Map.of(
              "ISTIO_META_ON_DEMAND", String.valueOf(onDemand),
              "ISTIO_META_DNS_CAPTURE", String.valueOf(onDemand),
              "POD_NAME", pod.name(),
              "POD_NAMESPACE", pod.namespace(),
              "INSTANCE_IP", pod.address(),
              "SERVICE_ACCOUNT", pod.app(),
              "ISTIO_META_CLUSTER_ID", pod.cluster(),
              "ISTIO_META_WORKLOAD_NAME", pod.app(),
              "ISTIO_META_MESH_ID", "mesh",
              "WEFT_PODINFO_DIR", directory.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ProxyNode node(ProxyEnvironment environment, boolean names) {
    try {
      Node.Builder node = Node.parseFrom(NodeMessage.of(environment)).toBuilder();
      if (!names) {
        node.clearClientFeatures();
      }
      return ProxyNode.parse(node.build());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the kernel would say: a call to a service's port, or to the pod's application. */
  private @Nullable InetSocketAddress destination(Channel channel) {
    int port = ((InetSocketAddress) channel.localAddress()).getPort();
    if (port == SERVICE_PORTS[0]) {
      return dialled;
    }
    if (Arrays.stream(TARGET_PORTS).anyMatch(p -> p == port)) {
      return new InetSocketAddress(pod.application(), port);
    }
    return Arrays.stream(SERVICE_PORTS).anyMatch(p -> p == port)
        ? new InetSocketAddress(port < FIRST_OF_HTTP ? BYTES_VIP : VIP, port)
        : null;
  }

  /** What calls to the first of the service ports are for, from now on. */
  void dials(String address, int port) {
    dialled = new InetSocketAddress(address, port);
  }

  /** Serves by what the control plane makes of this snapshot. */
  void apply(Translation translation, MeshSnapshot snapshot) {
    ResourceSet next = translation.resources(snapshot, node);
    List<Change> changes = new ArrayList<>();
    for (XdsType type : XdsType.values()) {
      next.of(type)
          .forEach(
              (name, resource) ->
                  changes.add(
                      new Change.Set(type, name, resource.body().getValue().toByteArray())));
      for (String name : known.of(type).keySet()) {
        if (!next.of(type).containsKey(name)) {
          changes.add(new Change.Remove(type, name));
        }
      }
    }
    known = next;
    Compiled result = RuntimeConfigCompiler.compile(compiled, changes);
    assertThat(result.rejections()).as("what %s refuses", pod.name()).isEmpty();
    serve(result.config());
    assertThat(server.statistics().bindFailures()).as("sockets of %s", pod.name()).isEmpty();
  }

  /** Serves by a configuration, on sockets of this machine. */
  void serve(RuntimeConfig config) {
    compiled = config;
    server.apply(bound(config));
  }

  /** What it says of itself, encoded. */
  byte[] introduction() {
    return introduction.clone();
  }

  ProxyNode node() {
    return node;
  }

  /** What it serves by. */
  RuntimeConfig config() {
    return compiled;
  }

  private RuntimeConfig bound(RuntimeConfig config) {
    Map<String, Listener> listeners = new HashMap<>(config.listeners());
    listeners.replaceAll((name, listener) -> listener.bindToPort() ? bound(listener) : listener);
    return new RuntimeConfig(
        listeners,
        config.routeTables(),
        config.virtualHosts(),
        config.clusters(),
        config.assignments(),
        config.secrets(),
        config.nameTables(),
        config.nameTable(),
        config.captured(),
        config.generation());
  }

  private Listener bound(Listener listener) {
    int[] ports =
        switch (listener.name()) {
          case "virtualOutbound" -> SERVICE_PORTS;
          case "virtualInbound" -> TARGET_PORTS;
          default -> new int[] {listener.address().port()};
        };
    List<HostPort> addresses = new ArrayList<>();
    for (int port : ports) {
      addresses.add(new HostPort(pod.address(), port));
    }
    return new Listener(
        listener.name(),
        addresses,
        true,
        listener.useOriginalDst(),
        listener.direction(),
        listener.filters(),
        listener.chains(),
        listener.defaultChain(),
        listener.accessLogs(),
        listener.inspectTimeout(),
        listener.continueOnInspectTimeout());
  }

  private static List<Long> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().contains("EventLoop"))
        .map(Thread::threadId)
        .toList();
  }

  /** CPU time of its event loops. */
  long cpuNanos() {
    ThreadMXBean cpu = ManagementFactory.getThreadMXBean();
    return loops.stream().mapToLong(cpu::getThreadCpuTime).sum();
  }

  /** The labels of all requests that it counted. */
  Set<String> labels() {
    Set<String> labels = new TreeSet<>();
    for (String line : metrics().split("\n")) {
      if (line.startsWith("istio_requests_total{")) {
        labels.add(line.substring(0, line.lastIndexOf(' ')));
      }
    }
    return labels;
  }

  /** What it counted, as a scrape reads it. */
  String metrics() {
    Exposition out = new Exposition();
    metrics.write(out);
    return out.toString();
  }

  /** Its log; complete once it is closed. */
  List<String> log() {
    return List.copyOf(logs.lines);
  }

  ProxyServer server() {
    return server;
  }

  /** Waits until it has no client left. */
  void untilForsaken() {
    Settle.until(
        "clients of " + pod.name() + " are gone", () -> server.statistics().connections() == 0);
  }

  @Override
  public void close() {
    server.close();
  }
}
