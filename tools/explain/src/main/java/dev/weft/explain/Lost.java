package dev.weft.explain;

import dev.weft.config.MemberClusterSpec;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.NetworkGateway;
import dev.weft.snapshot.NetworkGateways;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.Workload;
import dev.weft.snapshot.WorkloadKey;
import dev.weft.types.ClusterId;
import dev.weft.types.Locality;
import dev.weft.types.ServiceId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A loss, found in a snapshot, and the snapshot without it. */
final class Lost {
  private final MeshSnapshot snapshot;
  private final Loss loss;
  private final Set<ClusterId> cutOff = new TreeSet<>();

  private Lost(MeshSnapshot snapshot, Loss loss) {
    this.snapshot = snapshot;
    this.loss = loss;
  }

  /**
   * Finds it.
   *
   * @throws UnclearException where nothing of the name is there, or more than one thing
   */
  static Lost of(MeshSnapshot snapshot, Loss loss) throws UnclearException {
    Lost lost = new Lost(snapshot, loss);
    if (!loss.cluster().isEmpty()
        && snapshot.clusters().keySet().stream().noneMatch(c -> c.value().equals(loss.cluster()))) {
      throw new UnclearException(
          "no cluster is registered as '"
              + loss.cluster()
              + "'; there are "
              + snapshot.clusters().keySet());
    }
    lost.check();
    lost.findCutOff();
    return lost;
  }

  private void check() throws UnclearException {
    switch (loss.kind()) {
      case CLUSTER -> {
        if (loss.cluster().isEmpty()) {
          throw new UnclearException("cluster is empty; there are " + snapshot.clusters().keySet());
        }
      }
      case ZONE -> {
        if (snapshot.workloads().values().stream().noneMatch(this::has)) {
          throw new UnclearException(
              "no pod is in zone '" + loss.name() + "'; there are " + zones());
        }
      }
      case GATEWAY -> {
        if (snapshot.networkGateways().all().stream().noneMatch(this::has)) {
          throw new UnclearException(
              "no gateway leads into network '"
                  + loss.name()
                  + "'; there are gateways into "
                  + snapshot.networkGateways().all().stream()
                      .map(g -> g.network().value())
                      .distinct()
                      .toList());
        }
      }
      case WORKLOAD -> checkWorkload();
    }
  }

  private void checkWorkload() throws UnclearException {
    if (!loss.name().matches("[^/]+/[^/]+")) {
      throw new UnclearException("name is '" + loss.name() + "', but must be NAMESPACE/WORKLOAD");
    }
    List<ClusterId> clusters =
        snapshot.workloads().values().stream()
            .filter(this::has)
            .map(w -> w.key().cluster())
            .distinct()
            .toList();
    if (clusters.isEmpty()) {
      throw new UnclearException(
          "no workload "
              + loss.name()
              + (loss.cluster().isEmpty() ? " in any cluster" : " in cluster " + loss.cluster()));
    }
    if (clusters.size() > 1) {
      throw new UnclearException(
          loss.name() + " is in the clusters " + clusters + "; say which one by --context");
    }
  }

  private Set<String> zones() {
    return snapshot.workloads().values().stream()
        .map(w -> w.locality())
        .filter(l -> !l.zone().isEmpty())
        .map(l -> l.region() + "/" + l.zone())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Clusters whose cross-cluster proxy loses its last pod. */
  private void findCutOff() {
    for (ClusterId cluster : snapshot.clusters().keySet()) {
      List<Workload> proxies =
          snapshot.workloads().values().stream()
              .filter(w -> w.key().cluster().equals(cluster))
              .filter(
                  w -> w.workloadName().equals("istio-" + MemberClusterSpec.gatewayName(cluster)))
              .toList();
      if (!proxies.isEmpty() && proxies.stream().allMatch(this::has)) {
        cutOff.add(cluster);
      }
    }
  }

  Loss loss() {
    return loss;
  }

  /** Whether a pod is lost. */
  boolean has(Workload workload) {
    return switch (loss.kind()) {
      case CLUSTER -> here(workload.key().cluster());
      case ZONE -> here(workload.key().cluster()) && in(workload.locality());
      case GATEWAY -> false;
      case WORKLOAD ->
          here(workload.key().cluster())
              && loss.name().equals(workload.key().namespace() + "/" + workload.workloadName());
    };
  }

  /** Whether an endpoint is lost. */
  boolean has(ServiceEndpoint endpoint) {
    Workload workload = endpoint.workload();
    if (workload != null) {
      return has(workload);
    }
    return switch (loss.kind()) {
      case CLUSTER -> here(endpoint.cluster());
      case ZONE -> here(endpoint.cluster()) && in(endpoint.locality());
      case GATEWAY, WORKLOAD -> false;
    };
  }

  private boolean has(NetworkGateway gateway) {
    ClusterId cluster = gateway.cluster();
    boolean there = cluster == null ? loss.cluster().isEmpty() : here(cluster);
    return switch (loss.kind()) {
      case CLUSTER -> cluster != null && there;
      case GATEWAY -> there && gateway.network().value().equals(loss.name());
      case ZONE, WORKLOAD -> cluster != null && cutOff.contains(cluster);
    };
  }

  private boolean here(ClusterId cluster) {
    return loss.cluster().isEmpty() || cluster.value().equals(loss.cluster());
  }

  private boolean in(Locality locality) {
    return !locality.zone().isEmpty()
        && (loss.name().equals(locality.zone())
            || loss.name().equals(locality.region() + "/" + locality.zone()));
  }

  /** The mesh as it is without it, once everybody knows. */
  MeshSnapshot without() {
    Map<ServiceId, MeshService> services = new LinkedHashMap<>();
    snapshot
        .services()
        .forEach(
            (id, service) -> {
              List<ServiceEndpoint> left =
                  service.endpoints().stream().filter(e -> !has(e)).toList();
              services.put(
                  id,
                  left.size() == service.endpoints().size()
                      ? service
                      : service.withEndpoints(left));
            });
    Map<WorkloadKey, Workload> workloads = new LinkedHashMap<>(snapshot.workloads());
    workloads.values().removeIf(this::has);
    return new MeshSnapshot(
        snapshot.version(),
        snapshot.settings(),
        snapshot.clusters(),
        services,
        workloads,
        NetworkGateways.of(snapshot.networkGateways().all().stream().filter(g -> !has(g)).toList()),
        snapshot.peerAuthentications(),
        snapshot.accessPolicies(),
        snapshot.destinationRules(),
        snapshot.gateways(),
        snapshot.virtualServices(),
        snapshot.istioGateways(),
        snapshot.namespaces(),
        snapshot.credentials(),
        snapshot.sidecars(),
        snapshot.telemetries(),
        snapshot.envoyFilters());
  }
}
