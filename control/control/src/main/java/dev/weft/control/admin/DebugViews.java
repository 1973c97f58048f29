package dev.weft.control.admin;

import dev.weft.config.Diagnostic;
import dev.weft.config.SyncState;
import dev.weft.snapshot.MemberCluster;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.NetworkGateway;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.ServicePort;
import dev.weft.snapshot.SnapshotDigest;
import dev.weft.snapshot.Workload;
import dev.weft.types.ClusterId;
import dev.weft.types.HostPort;
import dev.weft.types.SpiffeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** A snapshot as trees for {@code /debug}. Names follow Istio's where it has the same. */
final class DebugViews {
  private DebugViews() {}

  /**
   * @param secret of a cluster's registration
   */
  static List<Map<String, Object>> clusters(
      MeshSnapshot snapshot, Function<ClusterId, String> secret, ToIntFunction<ClusterId> proxies) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (MemberCluster m : snapshot.clusters().values()) {
      list.add(
          Tree.of(
              "id", m.id().value(),
              "secretName", secret.apply(m.id()),
              "syncStatus", word(m.state()),
              "message", m.message(),
              "network", m.network().value(),
              "crossClusterProxy",
                  Tree.of(
                      "enabled", m.crossClusterProxy().enabled(),
                      "gateway", m.crossClusterProxy().gateway(),
                      "addresses", texts(m.crossClusterProxy().addresses()),
                      "readyReplicas", m.crossClusterProxy().readyReplicas()),
              "services", m.services(),
              "endpoints", m.endpoints(),
              "proxies", proxies.applyAsInt(m.id())));
    }
    return list;
  }

  static List<Map<String, Object>> networks(MeshSnapshot snapshot) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (NetworkGateway g : snapshot.networkGateways().all()) {
      list.add(
          Tree.of(
              "network", g.network().value(),
              "cluster", g.cluster() == null ? "" : g.cluster().value(),
              "addr", g.address().host(),
              "port", g.address().port()));
    }
    return list;
  }

  static List<Map<String, Object>> registry(MeshSnapshot snapshot) {
    return snapshot.services().values().stream().map(DebugViews::service).toList();
  }

  static Map<String, Object> service(MeshService s) {
    Map<String, Object> vips = new TreeMap<>();
    s.vips().forEach((cluster, addresses) -> vips.put(cluster.value(), addresses));
    return Tree.of(
        "hostname", s.hostname(),
        "name", s.id().name(),
        "namespace", s.id().namespace(),
        "clusters", texts(s.clusters()),
        "ports", s.ports().stream().map(DebugViews::port).toList(),
        "clusterVIPs", vips,
        "meshVIP", s.meshVip(),
        "headless", s.headless(),
        "externalName", s.externalName(),
        "clusterLocal", s.clusterLocal(),
        "exportTo", s.exportTo(),
        "serviceAccounts", s.identities().stream().map(SpiffeId::uri).toList(),
        "endpoints", s.endpoints().size());
  }

  private static Map<String, Object> port(ServicePort p) {
    return Tree.of("name", p.name(), "port", p.number(), "protocol", p.protocol().name());
  }

  static List<Map<String, Object>> endpoints(MeshSnapshot snapshot) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (MeshService s : snapshot.services().values()) {
      list.add(
          Tree.of(
              "svc",
              s.hostname(),
              "ep",
              s.endpoints().stream().map(DebugViews::endpoint).toList()));
    }
    return list;
  }

  static Map<String, Object> endpoint(ServiceEndpoint e) {
    Workload workload = e.workload();
    return Tree.of(
        "name", workload == null ? e.address() : workload.key().pod(),
        "namespace", workload == null ? "" : workload.key().namespace(),
        "cluster", e.cluster().value(),
        "network", e.network().value(),
        "locality", e.locality().toString(),
        "address", e.address(),
        "ports", e.ports(),
        "health", e.health().name().toLowerCase(Locale.ROOT),
        "tlsMode", e.mtls() ? "istio" : "disabled",
        "serviceAccount", workload == null ? "" : workload.identity().uri());
  }

  static List<Map<String, Object>> diagnostics(List<Diagnostic> diagnostics) {
    return diagnostics.stream()
        .map(
            d ->
                Tree.of(
                    "severity", d.severity().name().toLowerCase(Locale.ROOT),
                    "code", d.code(),
                    "object", d.object(),
                    "path", d.path(),
                    "message", d.message()))
        .toList();
  }

  /** Replicas with the same digest serve the same. */
  static Map<String, Object> digest(MeshSnapshot snapshot) {
    SnapshotDigest digest = SnapshotDigest.of(snapshot);
    return Tree.of("digest", digest.total(), "parts", digest.parts());
  }

  static String word(SyncState state) {
    return switch (state) {
      case SYNCING -> "syncing";
      case SYNCED -> "synced";
      case LOST -> "lost";
      case LAST_KNOWN -> "last-known";
      case REJECTED -> "rejected";
    };
  }

  private static List<String> texts(List<?> values) {
    return values.stream().map(v -> v instanceof HostPort h ? h.toString() : v.toString()).toList();
  }
}
