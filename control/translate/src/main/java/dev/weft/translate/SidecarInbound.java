package dev.weft.translate;

import dev.weft.config.EnvoyFilter.Context;
import dev.weft.config.MeshSettings;
import dev.weft.config.MtlsMode;
import dev.weft.config.SidecarSpec;
import dev.weft.config.SidecarSpec.Ingress;
import dev.weft.config.TrafficPolicy.ConnectionPool;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.PeerAuthentications;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.ServicePort;
import dev.weft.snapshot.Workload;
import dev.weft.translate.InboundListenerInputs.Place;
import dev.weft.types.AppProtocol;
import dev.weft.types.HostPort;
import dev.weft.types.ServiceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a sidecar's side towards its own pod depends on: the ports that Services name or, where a
 * Sidecar names some, these instead.
 */
final class SidecarInbound {
  private static final String OWN_ADDRESS = "0.0.0.0";
  private static final String LOOPBACK = "127.0.0.1";

  private final MeshSnapshot snapshot;
  private final MeshSettings settings;
  private final ProxyNode node;
  private final Optional<Workload> pod;
  private final Map<String, String> labels;
  private final Optional<SidecarSpec> sidecar;
  private final SortedMap<Integer, Served> served;

  SidecarInbound(MeshSnapshot snapshot, ProxyNode node) {
    this.snapshot = snapshot;
    this.settings = snapshot.settings();
    this.node = node;
    this.pod = snapshot.workload(node.cluster(), node.namespace(), node.pod());
    this.labels = pod.map(Workload::labels).orElse(node.labels());
    this.sidecar = snapshot.sidecars().of(node.namespace(), labels);
    SortedMap<Integer, NamedPort> services = pod.map(this::named).orElse(new TreeMap<>());
    List<Ingress> ingress = sidecar.map(SidecarSpec::ingress).orElse(List.of());
    this.served = ingress.isEmpty() ? served(services) : served(ingress, services);
  }

  /**
   * A port that is served.
   *
   * @param name what the port belongs to, for traces
   * @param number of the service's port
   * @param service that the port belongs to, for telemetry, and its host
   * @param places addresses of sockets of its own; empty for what is captured
   */
  private record Served(
      AppProtocol protocol,
      String name,
      int number,
      ServiceId service,
      String hostname,
      String bind,
      List<String> places,
      @Nullable HostPort endpoint,
      @Nullable ConnectionPool pool) {}

  /** That of all that is captured, and those with sockets of their own. */
  List<InboundListenerInputs> listeners() {
    PeerAuthentications policies = snapshot.peerAuthentications();
    List<InboundListenerInputs.Port> captured = new ArrayList<>();
    List<InboundListenerInputs> listeners = new ArrayList<>();
    List<String> beside = new ArrayList<>();
    served.forEach(
        (number, port) -> {
          if (port.places().isEmpty()) {
            captured.add(port(number, port));
          } else {
            Place.Bound place = new Place.Bound(port.places(), number);
            beside.add(place.name());
            listeners.add(listener(place, List.of(port(number, port))));
          }
        });
    SortedMap<Integer, MtlsMode> others = new TreeMap<>(policies.ports(node.namespace(), labels));
    captured.forEach(port -> others.remove(port.number()));
    MtlsMode mode = policies.mode(node.namespace(), labels);
    listeners.addFirst(listener(new Place.Captured(mode, others, beside), captured));
    return listeners;
  }

  private InboundListenerInputs.Port port(int number, Served port) {
    ConnectionPool pool = port.pool();
    return new InboundListenerInputs.Port(
        number,
        port.bind(),
        port.protocol(),
        snapshot.peerAuthentications().mode(node.namespace(), labels, number),
        port.name(),
        port.number(),
        pool == null || pool.tcpIdleTimeout() == null ? Duration.ZERO : pool.tcpIdleTimeout());
  }

  private InboundListenerInputs listener(Place place, List<InboundListenerInputs.Port> ports) {
    String namespace = node.namespace();
    return new InboundListenerInputs(
        place,
        ports,
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
        Patches.of(
            snapshot.envoyFilters().of(namespace, labels), Context.SIDECAR_INBOUND, node.version()),
        node.dialect());
  }

  List<OwnClusters.InboundInputs> clusters() {
    List<OwnClusters.InboundInputs> clusters = new ArrayList<>();
    served.forEach(
        (number, port) ->
            clusters.add(
                new OwnClusters.InboundInputs(
                    number,
                    port.protocol(),
                    port.service(),
                    port.hostname(),
                    port.endpoint(),
                    port.pool(),
                    settings.connectTimeout())));
    return clusters;
  }

  private record NamedPort(MeshService service, ServicePort port) {}

  private SortedMap<Integer, Served> served(SortedMap<Integer, NamedPort> services) {
    @Nullable ConnectionPool pool = sidecar.map(SidecarSpec::inboundPool).orElse(null);
    SortedMap<Integer, Served> ports = new TreeMap<>();
    services.forEach(
        (number, of) ->
            ports.put(
                number,
                new Served(
                    of.port().protocol(),
                    of.service().hostname(),
                    of.port().number(),
                    of.service().id(),
                    of.service().hostname(),
                    OutboundListenerTranslator.ANY,
                    List.of(),
                    null,
                    pool)));
    return ports;
  }

  /** Istio: pilot/pkg/networking/core/listener_inbound.go buildInboundChainConfigs. */
  private SortedMap<Integer, Served> served(
      List<Ingress> ingress, SortedMap<Integer, NamedPort> services) {
    SidecarSpec by = sidecar.orElseThrow();
    String name = by.meta().name() + "." + node.namespace();
    List<String> own = pod.map(Workload::ips).filter(ips -> !ips.isEmpty()).orElse(node.ips());
    SortedMap<Integer, Served> ports = new TreeMap<>();
    for (Ingress each : ingress) {
      int number = each.port().number();
      NamedPort of = services.get(number);
      List<String> places = each.atAnyAddress() ? own : List.of(each.bind());
      ports.putIfAbsent(
          number,
          new Served(
              each.port().protocol(),
              name,
              number,
              of == null ? new ServiceId(node.namespace(), by.meta().name()) : of.service().id(),
              of == null ? name : of.service().hostname(),
              places.isEmpty() ? OutboundListenerTranslator.ANY : places.getFirst(),
              each.socket() ? places : List.of(),
              endpoint(each, own),
              each.pool() == null ? by.inboundPool() : each.pool()));
    }
    return ports;
  }

  private static @Nullable HostPort endpoint(Ingress ingress, List<String> own) {
    HostPort written = ingress.endpoint();
    return written == null || !written.host().equals(OWN_ADDRESS)
        ? written
        : new HostPort(
            own.stream().filter(ip -> ip.indexOf(':') < 0).findFirst().orElse(LOOPBACK),
            written.port());
  }

  /** Target ports of the workload's services; the oldest of several has a port that they share. */
  private SortedMap<Integer, NamedPort> named(Workload workload) {
    SortedMap<Integer, NamedPort> ports = new TreeMap<>();
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
          Integer target = endpoint.target(port);
          if (target != null) {
            ports.putIfAbsent(target, new NamedPort(service, port));
          }
        }
      }
    }
    return ports;
  }
}
