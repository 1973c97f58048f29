package dev.weft.translate;

import dev.weft.config.MeshSettings;
import dev.weft.config.MtlsMode;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.PeerAuthentications;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.ServicePort;
import dev.weft.snapshot.Workload;
import dev.weft.types.AppProtocol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a sidecar's side towards its own pod depends on. */
final class SidecarInbound {
  private final MeshSnapshot snapshot;
  private final MeshSettings settings;
  private final ProxyNode node;
  private final Optional<Workload> pod;
  private final SortedMap<Integer, ServedPort> served;

  SidecarInbound(MeshSnapshot snapshot, ProxyNode node) {
    this.snapshot = snapshot;
    this.settings = snapshot.settings();
    this.node = node;
    this.pod = snapshot.workload(node.cluster(), node.namespace(), node.pod());
    this.served = pod.map(this::served).orElse(new TreeMap<>());
  }

  InboundListenerInputs listener() {
    PeerAuthentications policies = snapshot.peerAuthentications();
    String namespace = node.namespace();
    Map<String, String> labels = pod.map(Workload::labels).orElse(node.labels());
    List<InboundListenerInputs.Port> ports = new ArrayList<>();
    served.forEach(
        (number, port) ->
            ports.add(
                new InboundListenerInputs.Port(
                    number,
                    port.port().protocol(),
                    policies.mode(namespace, labels, number),
                    port.service().hostname(),
                    port.port().number())));
    SortedMap<Integer, MtlsMode> otherPorts = new TreeMap<>(policies.ports(namespace, labels));
    ports.forEach(port -> otherPorts.remove(port.number()));
    return new InboundListenerInputs(
        ports,
        policies.mode(namespace, labels),
        otherPorts,
        Stream.concat(Stream.of(settings.trustDomain()), settings.trustDomainAliases().stream())
            .map(domain -> domain.value())
            .toList(),
        AuthzInputs.of(snapshot, namespace, labels),
        JwtInputs.of(snapshot, namespace, labels, false),
        settings.paths(),
        TelemetryInputs.server(
            snapshot,
            namespace,
            labels,
            new TraceInputs.By(node.cluster(), namespace, TraceNames.of(pod, namespace, labels))),
        node.dialect());
  }

  List<OwnClusters.InboundInputs> clusters() {
    List<OwnClusters.InboundInputs> clusters = new ArrayList<>();
    served.forEach(
        (number, port) ->
            clusters.add(
                new OwnClusters.InboundInputs(
                    number,
                    port.port().protocol(),
                    port.service().id(),
                    port.service().hostname(),
                    settings.connectTimeout())));
    return clusters;
  }

  private record ServedPort(MeshService service, ServicePort port) {}

  /** Target ports of the workload's services; the oldest of several has a port that they share. */
  private SortedMap<Integer, ServedPort> served(Workload workload) {
    SortedMap<Integer, ServedPort> ports = new TreeMap<>();
    List<MeshService> oldestFirst =
        snapshot.servicesOf(workload.key()).stream()
            .map(id -> snapshot.service(id).orElseThrow())
            .sorted(Comparator.comparing(MeshService::created).thenComparing(MeshService::id))
            .toList();
    for (MeshService service : oldestFirst) {
      for (ServiceEndpoint endpoint : service.endpoints()) {
        if (endpoint.workload() == null || !endpoint.workload().key().equals(workload.key())) {
          continue;
        }
        for (ServicePort port : service.ports()) {
          Integer target = endpoint.ports().get(port.name());
          if (target != null && port.protocol() != AppProtocol.UDP) {
            ports.putIfAbsent(target, new ServedPort(service, port));
          }
        }
      }
    }
    return ports;
  }
}
