package dev.weft.translate;

import dev.weft.config.GatewayConfig;
import dev.weft.config.GatewayConfig.Server;
import dev.weft.config.GatewayConfig.ServerTls;
import dev.weft.config.IstioGatewaySpec;
import dev.weft.config.MemberClusterSpec;
import dev.weft.config.MeshSettings;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.ServicePort;
import dev.weft.snapshot.WorkloadKey;
import dev.weft.types.MeshPorts;
import dev.weft.types.ServiceId;
import dev.weft.xds.ListenerName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway listens to: the servers of the Gateway objects that select it, and the
 * cross-network port of the mesh's own cross-cluster proxies.
 */
final class GatewayServers {
  private static final List<String> EVERYTHING_LOCAL = List.of("*.local");

  private GatewayServers() {}

  /** An address and a port of the gateway's pod. */
  record Bind(String address, int port) implements Comparable<Bind> {
    /** The name of the listener there. */
    String listener() {
      return new ListenerName.Bound(address, port).format();
    }

    @Override
    public int compareTo(Bind other) {
      int byPort = Integer.compare(port, other.port);
      return byPort != 0 ? byPort : address.compareTo(other.address);
    }
  }

  /**
   * One server.
   *
   * @param gateway {@code namespace/name} of its object; empty for the mesh's own
   */
  record Served(Bind bind, String gateway, Server server) {}

  /** In the order of age of their objects. */
  static List<Served> of(ProxyView view) {
    List<Served> servers = new ArrayList<>();
    if (isCrossClusterProxy(view)) {
      servers.add(
          new Served(
              new Bind(OutboundListenerTranslator.ANY, MeshPorts.CROSS_NETWORK),
              "",
              crossNetwork()));
    }
    for (GatewayConfig gateway : view.snapshot().gateways()) {
      if (!view.labels().entrySet().containsAll(gateway.selector().entrySet())) {
        continue;
      }
      String name = gateway.meta().namespace() + "/" + gateway.meta().name();
      for (Server written : gateway.servers()) {
        Server server = placed(written, gateway.meta().namespace());
        String address = server.bind().isEmpty() ? OutboundListenerTranslator.ANY : server.bind();
        servers.add(
            new Served(new Bind(address, targetPort(view, server.port().number())), name, server));
      }
    }
    return servers;
  }

  /** A dot before a host stands for the namespace of the Gateway object. */
  private static Server placed(Server server, String namespace) {
    return new Server(
        server.port(),
        server.bind(),
        server.hosts().stream()
            .map(host -> host.startsWith("./") ? namespace + host.substring(1) : host)
            .toList(),
        server.tls());
  }

  /** Whether a server passes TLS on by its server name alone. */
  static boolean passesThrough(Server server) {
    @Nullable ServerTls tls = server.tls();
    return tls != null && tls.mode() == ServerTls.Mode.AUTO_PASSTHROUGH;
  }

  private static Server crossNetwork() {
    return new Server(
        new GatewayConfig.Port(MeshPorts.CROSS_NETWORK, "tls", GatewayConfig.Protocol.TLS),
        "",
        EVERYTHING_LOCAL,
        new ServerTls(
            ServerTls.Mode.AUTO_PASSTHROUGH,
            "",
            "",
            "",
            "",
            List.of(),
            false,
            "",
            "",
            List.of(),
            GatewayConfig.ClientChecks.NONE));
  }

  /** Whether the mesh made this gateway, to let other networks in. */
  private static boolean isCrossClusterProxy(ProxyView view) {
    MeshSettings settings = view.snapshot().settings();
    if (!view.namespace().equals(settings.rootNamespace())) {
      return false;
    }
    String app = view.labels().getOrDefault("app", "");
    return app.equals("istio-" + MemberClusterSpec.gatewayName(view.cluster()))
        || view.snapshot().istioGateways().stream()
            .filter(g -> g.type() == IstioGatewaySpec.GatewayType.CROSS_NETWORK)
            .anyMatch(g -> app.equals("istio-" + g.meta().name()));
  }

  /**
   * A Gateway names the port of the gateway's Service; the pod may listen on another one. Istio:
   * pilot/pkg/model/gateway.go.
   */
  private static int targetPort(ProxyView view, int servicePort) {
    @Nullable WorkloadKey pod = view.at().pod();
    if (pod == null) {
      return servicePort;
    }
    for (ServiceId id : view.snapshot().servicesOf(pod)) {
      MeshService service = view.snapshot().service(id).orElseThrow();
      Optional<ServicePort> port = service.port(servicePort);
      if (port.isEmpty()) {
        continue;
      }
      for (ServiceEndpoint endpoint : service.endpoints()) {
        if (endpoint.workload() != null && endpoint.workload().key().equals(pod)) {
          return endpoint.ports().getOrDefault(port.get().name(), servicePort);
        }
      }
    }
    return servicePort;
  }
}
