package dev.weft.lab.supervisor;

import dev.weft.apiserver.ServiceDialer;
import dev.weft.apiserver.server.ApiServer;
import dev.weft.lab.container.ContainerRuntime;
import dev.weft.lab.image.ImageCatalogue;
import dev.weft.lab.net.ClusterDns;
import dev.weft.lab.net.LabNetwork;
import dev.weft.lab.net.LabNetwork.NodeNetwork;
import dev.weft.lab.net.LabNetwork.NodePlan;
import dev.weft.lab.net.Place;
import dev.weft.lab.node.ClusterNames;
import dev.weft.lab.node.ClusterServices;
import dev.weft.lab.node.Kubelet;
import dev.weft.lab.node.KubeletBackend;
import dev.weft.lab.node.NodeContext;
import dev.weft.lab.node.TokenSource;
import dev.weft.lab.supervisor.ClusterObjects.Port;
import dev.weft.lab.supervisor.ClusterObjects.ServicePlan;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** A cluster: API server, controllers, and the node that runs its pods. */
final class RunningNode implements AutoCloseable {
  private final ClusterPlan plan;
  private final Member member;
  private final Kubelet kubelet;
  private final Place place;
  private final Closing closing = new Closing();

  private RunningNode(ClusterPlan plan, Member member, Kubelet kubelet, Place place) {
    this.plan = plan;
    this.member = member;
    this.kubelet = kubelet;
    this.place = place;
  }

  /** Dials through a node that is there later than the API server that asks for it. */
  private static final class LateDialer implements ServiceDialer {
    private final AtomicReference<Optional<ServiceDialer>> dialer =
        new AtomicReference<>(Optional.empty());

    @Override
    public Socket dial(String namespace, String service, int port) throws IOException {
      return node().dial(namespace, service, port);
    }

    @Override
    public Socket dialHost(String host, int port, int timeoutMillis) throws IOException {
      return node().dialHost(host, port, timeoutMillis);
    }

    private ServiceDialer node() throws IOException {
      return dialer.get().orElseThrow(() -> new IOException("the node is not up yet"));
    }
  }

  static RunningNode start(
      ClusterPlan plan,
      LabPlan lab,
      LabDirectory directory,
      LabNetwork network,
      ContainerRuntime runtime,
      ImageCatalogue images,
      HostForwards forwards)
      throws IOException {
    NodeNetwork node =
        network.addNode(
            new NodePlan(
                plan.name(),
                plan.wanAddress(),
                plan.podRange(),
                plan.serviceRange(),
                routes(plan, lab)));
    KubeletBackend backend = new KubeletBackend();
    LateDialer dialer = new LateDialer();
    Member member =
        Member.open(
            plan.name(),
            directory,
            plan.wanAddress(),
            plan.serviceRange(),
            plan.loadBalancerRanges(),
            backend,
            dialer);
    Closing closing = new Closing();
    closing.add(member);
    try {
      Files.createDirectories(directory.node(plan.name()));
      ClusterServices services =
          new ClusterServices(member.feed(), node, Set.of(plan.dnsAddress()));
      Kubelet kubelet =
          new Kubelet(
              new NodeContext(
                  plan.nodeName(),
                  plan.wanAddress(),
                  plan.dnsAddress(),
                  directory.node(plan.name()),
                  member.store(),
                  node,
                  runtime,
                  images,
                  tokens(member.api()),
                  member.events(),
                  InstantSource.system()),
              member.feed());
      forwards.follow(plan.name(), member.feed());
      RunningNode running = new RunningNode(plan, member, kubelet, node.place());
      running.closing.add(closing);
      member.relay(node.place(), plan.wanAddress());
      running.dns(node, services);
      running.objects();
      kubelet.reboot();
      dialer.dialer.set(Optional.of(services));
      backend.serve(kubelet);
      services.start();
      member.start();
      running.closing.add(services);
      running.closing.add(kubelet);
      return running;
    } catch (IOException | RuntimeException e) {
      closing.close();
      throw e;
    }
  }

  /** In a flat network every node leads to the pods of the others. */
  private static Map<String, String> routes(ClusterPlan plan, LabPlan lab) {
    Map<String, String> routes = new LinkedHashMap<>();
    if (!lab.isolated()) {
      for (ClusterPlan other : lab.all()) {
        if (!other.name().equals(plan.name())) {
          routes.put(other.podRange(), other.wanAddress());
        }
      }
    }
    return routes;
  }

  private static TokenSource tokens(ApiServer api) {
    return (namespace, account, pod, uid, audience, seconds) -> {
      Instant expires = Instant.now().plusSeconds(seconds);
      String token =
          api.serviceAccountToken(
              namespace,
              account,
              audience.isEmpty() ? List.of() : List.of(audience),
              Duration.ofSeconds(seconds),
              Optional.of(new ApiServer.BoundPod(pod, uid)));
      return new TokenSource.Token(token, expires);
    };
  }

  private void dns(NodeNetwork node, ClusterServices services) throws IOException {
    ClusterNames names = new ClusterNames(services.services(), services.slices());
    node.addLocalAddress(plan.dnsAddress());
    // bound to both addresses, so that answers come from the one that was asked
    for (String address : List.of(plan.dnsAddress(), plan.wanAddress())) {
      closing.add(
          ClusterDns.start(
              node.place().bindUdp(address, 53),
              node.place().listen(address, 53),
              names::addresses));
    }
  }

  private void objects() {
    ClusterObjects objects = new ClusterObjects(member.store());
    objects.node(plan, Instant.now());
    objects.nodeService(
        new ServicePlan(
            "default",
            "kubernetes",
            plan.kubernetesAddress(),
            Map.of("component", "apiserver", "provider", "kubernetes"),
            Map.of("https", new Port(443, LabPlan.API_PORT, "TCP"))),
        plan.wanAddress());
    Map<String, Port> ports = new LinkedHashMap<>();
    ports.put("dns", new Port(53, 53, "UDP"));
    ports.put("dns-tcp", new Port(53, 53, "TCP"));
    objects.nodeService(
        new ServicePlan(
            "kube-system",
            "kube-dns",
            plan.dnsAddress(),
            Map.of("k8s-app", "kube-dns", "kubernetes.io/name", "CoreDNS"),
            ports),
        plan.wanAddress());
    // where people who know MetalLB write their address pools
    objects.namespace("metallb-system", Map.of());
  }

  ClusterPlan plan() {
    return plan;
  }

  Member member() {
    return member;
  }

  /** The node's own network. */
  Place place() {
    return place;
  }

  Kubelet kubelet() {
    return kubelet;
  }

  @Override
  public void close() {
    closing.close();
  }
}
