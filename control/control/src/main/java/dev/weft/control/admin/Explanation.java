package dev.weft.control.admin;

import dev.weft.config.MemberClusterSpec;
import dev.weft.snapshot.EndpointClient;
import dev.weft.snapshot.EndpointDecision;
import dev.weft.snapshot.EndpointDecision.Direct;
import dev.weft.snapshot.EndpointDecision.Dropped;
import dev.weft.snapshot.EndpointDecision.ViaGateway;
import dev.weft.snapshot.EndpointView;
import dev.weft.snapshot.MemberCluster;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.ServicePort;
import dev.weft.snapshot.Workload;
import dev.weft.types.ClusterId;
import dev.weft.types.ServiceId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Why a pod reaches the endpoints of a service, or does not: what {@code weft explain} shows. It
 * runs the same function that translation runs.
 */
final class Explanation {
  private Explanation() {}

  /** What was asked names nothing, or more than one thing. */
  static final class UnclearException extends Exception {
    UnclearException(String message) {
      super(message);
    }
  }

  /**
   * Explains.
   *
   * @param service {@code NAME[.NAMESPACE[.svc…]][:PORT]}; the namespace is the pod's where not
   *     given
   * @param from {@code POD[.NAMESPACE]}, or the name of its Deployment; namespace {@code default}
   *     where not given
   * @param cluster of the pod; empty where its name says enough
   * @param subset empty for none
   */
  static Map<String, Object> of(
      MeshSnapshot snapshot, String service, String from, String cluster, String subset)
      throws UnclearException {
    Workload client = client(snapshot, from, cluster);
    int colon = service.lastIndexOf(':');
    String host = colon < 0 ? service : service.substring(0, colon);
    MeshService target = service(snapshot, host, client.key().namespace());
    EndpointClient asking = asking(client);
    List<Map<String, Object>> ports = new ArrayList<>();
    List<Map<String, Object>> rows = new ArrayList<>();
    List<String> summary = new ArrayList<>();
    List<ServicePort> wanted = ports(target, colon < 0 ? "" : service.substring(colon + 1));
    for (ServicePort port : wanted) {
      List<EndpointDecision> decisions = EndpointView.of(snapshot, target, port, subset, asking);
      summary.add(headline(target, port, client, decisions));
      ports.add(port(target, port, subset, decisions));
      rows.addAll(rows(wanted.size() > 1 ? port.number() + " " : "", decisions));
    }
    List<String> addresses = target.addressesFor(client.key().cluster());
    if (!addresses.isEmpty()) {
      summary.add("The name resolves to " + String.join(", ", addresses) + " there.");
    }
    summary.addAll(notes(snapshot, target, client));
    return Tree.of(
        "summary", summary,
        "endpoints", rows,
        "service", DebugViews.service(target),
        "client",
            Tree.of(
                "pod", client.key().pod(),
                "namespace", client.key().namespace(),
                "cluster", client.key().cluster().value(),
                "network", client.network().value(),
                "locality", client.locality().toString(),
                "sidecar", client.mtls()),
        "addresses", addresses,
        "ports", ports);
  }

  private static String headline(
      MeshService target, ServicePort port, Workload client, List<EndpointDecision> decisions) {
    int direct = 0;
    int dropped = 0;
    Set<ServiceEndpoint> remote = new HashSet<>();
    for (EndpointDecision decision : decisions) {
      switch (decision) {
        case Direct d -> direct++;
        case ViaGateway v -> remote.addAll(v.behind());
        case Dropped d -> dropped++;
      }
    }
    int behind = remote.size();
    return client.key()
        + (client.network().isNamed() ? " on network " + client.network() : "")
        + " → "
        + target.hostname()
        + ":"
        + port.number()
        + ": "
        + direct
        + (direct == 1 ? " endpoint" : " endpoints")
        + " directly, "
        + behind
        + " through a gateway, "
        + dropped
        + " left out.";
  }

  /** One row for each endpoint, and for each gateway that leads to it. */
  private static List<Map<String, Object>> rows(String port, List<EndpointDecision> decisions) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (EndpointDecision decision : decisions) {
      switch (decision) {
        case Direct d ->
            rows.add(row(port, d.endpoint(), "direct", d.address().toString(), d.sentence()));
        case ViaGateway v -> {
          for (ServiceEndpoint endpoint : v.behind()) {
            rows.add(
                row(port, endpoint, "via gateway", v.gateway().address().toString(), v.sentence()));
          }
        }
        case Dropped d -> rows.add(row(port, d.endpoint(), "left out", "", d.reason().sentence()));
      }
    }
    return rows;
  }

  private static Map<String, Object> row(
      String port, ServiceEndpoint endpoint, String verdict, String sentTo, String why) {
    return Tree.of(
        "endpoint",
        port + endpoint.name(),
        "cluster",
        endpoint.cluster().value(),
        "network",
        endpoint.network().value(),
        "verdict",
        verdict,
        "sentTo",
        sentTo,
        "why",
        why);
  }

  private static Map<String, Object> port(
      MeshService target, ServicePort port, String subset, List<EndpointDecision> decisions) {
    return Tree.of(
        "port", port.number(),
        "name", port.name(),
        "protocol", port.protocol().name(),
        "cluster", "outbound|" + port.number() + "|" + subset + "|" + target.hostname(),
        "endpoints", decisions.stream().map(Explanation::decision).toList());
  }

  private static Map<String, Object> decision(EndpointDecision decision) {
    return switch (decision) {
      case Direct d ->
          Tree.of(
              "decision", "direct",
              "address", d.address().toString(),
              "mtls", d.mtls(),
              "weight", d.weight(),
              "endpoint", DebugViews.endpoint(d.endpoint()),
              "sentence", d.sentence());
      case ViaGateway v ->
          Tree.of(
              "decision", "via-gateway",
              "address", v.gateway().address().toString(),
              "network", v.gateway().network().value(),
              "locality", v.locality().toString(),
              "weight", v.weight(),
              "behind", v.behind().stream().map(DebugViews::endpoint).toList(),
              "sentence", v.sentence());
      case Dropped d ->
          Tree.of(
              "decision", "left-out",
              "endpoint", DebugViews.endpoint(d.endpoint()),
              "reason", code(d.reason()),
              "sentence", d.sentence());
    };
  }

  private static String code(EndpointDecision.Reason reason) {
    return switch (reason) {
      case EndpointDecision.Reason.NoGateway r -> "no-gateway";
      case EndpointDecision.Reason.NoMtls r -> "no-mtls";
      case EndpointDecision.Reason.PortNameDiffers r -> "port-name-differs";
      case EndpointDecision.Reason.NotReady r -> "not-ready";
      case EndpointDecision.Reason.Terminating r -> "terminating";
      case EndpointDecision.Reason.ClusterLocal r -> "cluster-local";
      case EndpointDecision.Reason.OtherNode r -> "other-node";
      case EndpointDecision.Reason.OutsideNetworkView r -> "outside-network-view";
      case EndpointDecision.Reason.SubsetLabels r -> "subset-labels";
      case EndpointDecision.Reason.UnknownSubset r -> "unknown-subset";
    };
  }

  private static List<String> notes(MeshSnapshot snapshot, MeshService target, Workload client) {
    List<String> notes = new ArrayList<>();
    ClusterId here = client.key().cluster();
    if (!client.mtls()) {
      notes.add(
          client.key().pod()
              + " has no sidecar: it sees what its cluster's own DNS and addresses give, not what"
              + " follows here");
    }
    if (!target.clusters().contains(here)) {
      notes.add(
          snapshot.settings().dnsProxy()
              ? "there is no such Service in "
                  + here
                  + "; the sidecar's DNS answers with the mesh's own address "
                  + target.meshVip()
              : "there is no such Service in "
                  + here
                  + ", and the DNS proxy is off, so the name does not resolve; create the Service there,"
                  + " or turn the DNS proxy on");
    }
    if (!target.visibleTo(client.key().namespace())) {
      notes.add(
          "the service is not exported to namespace "
              + client.key().namespace()
              + " (annotation networking.istio.io/exportTo)");
    }
    if (target.endpoints().isEmpty()) {
      notes.add("the service has no endpoints in any cluster");
    }
    for (MemberCluster member : snapshot.clusters().values()) {
      if (!member.id().equals(here) && !target.clusters().contains(member.id())) {
        continue;
      }
      switch (member.state()) {
        case LOST ->
            notes.add(
                "what is said of "
                    + member.id()
                    + " may be old: "
                    + member.message()
                    + "; its last known state stays in force");
        case LAST_KNOWN ->
            notes.add("what is said of " + member.id() + " may be old: " + member.message());
        case SYNCING, SYNCED, REJECTED -> {}
      }
    }
    return notes;
  }

  private static EndpointClient asking(Workload client) {
    EndpointClient plain = EndpointClient.of(client);
    String own = "istio-" + MemberClusterSpec.gatewayName(client.key().cluster());
    if (!client.workloadName().equals(own)) {
      return plain;
    }
    return new EndpointClient(
        plain.cluster(),
        plain.network(),
        List.of(plain.network()),
        plain.namespace(),
        plain.labels(),
        plain.node(),
        true,
        true);
  }

  private static List<ServicePort> ports(MeshService target, String wanted)
      throws UnclearException {
    if (wanted.isEmpty()) {
      return target.ports();
    }
    Optional<ServicePort> byName = target.port(wanted);
    Optional<ServicePort> found =
        byName.isPresent()
            ? byName
            : target.ports().stream()
                .filter(p -> String.valueOf(p.number()).equals(wanted))
                .findFirst();
    return List.of(
        found.orElseThrow(
            () ->
                new UnclearException(
                    target.hostname()
                        + " has no port "
                        + wanted
                        + ", only "
                        + target.ports().stream().map(p -> p.number() + "/" + p.name()).toList())));
  }

  private static MeshService service(MeshSnapshot snapshot, String host, String namespace)
      throws UnclearException {
    String suffix = ".svc." + snapshot.settings().domainSuffix();
    String stem = host.endsWith(suffix) ? host.substring(0, host.length() - suffix.length()) : host;
    stem = stem.endsWith(".svc") ? stem.substring(0, stem.length() - 4) : stem;
    int dot = stem.indexOf('.');
    ServiceId id =
        dot < 0
            ? new ServiceId(namespace, stem)
            : new ServiceId(stem.substring(dot + 1), stem.substring(0, dot));
    Optional<MeshService> service = snapshot.service(id);
    if (service.isPresent()) {
      return service.get();
    }
    List<String> similar =
        snapshot.services().keySet().stream()
            .filter(s -> s.name().equals(id.name()))
            .map(ServiceId::toString)
            .toList();
    throw new UnclearException(
        "no cluster has a Service "
            + id
            + (similar.isEmpty() ? "" : "; there is " + String.join(", ", similar)));
  }

  private static Workload client(MeshSnapshot snapshot, String from, String cluster)
      throws UnclearException {
    int dot = from.lastIndexOf('.');
    String pod = dot < 0 ? from : from.substring(0, dot);
    String namespace = dot < 0 ? "default" : from.substring(dot + 1);
    List<Workload> named =
        snapshot.workloads().values().stream()
            .filter(w -> cluster.isEmpty() || w.key().cluster().value().equals(cluster))
            .filter(w -> w.key().namespace().equals(namespace))
            .filter(w -> w.key().pod().equals(pod) || w.workloadName().equals(pod))
            .filter(w -> !w.terminating())
            .toList();
    if (named.isEmpty()) {
      throw new UnclearException(
          "no pod or workload "
              + pod
              + " in namespace "
              + namespace
              + (cluster.isEmpty() ? " of any cluster" : " of cluster " + cluster));
    }
    List<ClusterId> clusters = named.stream().map(w -> w.key().cluster()).distinct().toList();
    if (clusters.size() > 1) {
      throw new UnclearException(
          pod + " is in the clusters " + clusters + "; say which one by cluster");
    }
    return named.getFirst();
  }
}
