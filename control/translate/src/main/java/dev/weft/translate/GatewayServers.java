package dev.weft.translate;

import dev.weft.config.GatewayConfig;
import dev.weft.config.IstioGatewaySpec;
import dev.weft.config.MemberClusterSpec;
import dev.weft.config.MeshSettings;
import dev.weft.translate.ServiceClusters.Passage;
import dev.weft.types.MeshPorts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a gateway listens to: the servers of the Gateway objects that select it, and the
 * cross-network port of the mesh's own cross-cluster proxies.
 */
final class GatewayServers {
  private final ProxyView view;
  private final SortedMap<Bind, Set<String>> passthrough = new TreeMap<>();

  private GatewayServers(ProxyView view) {
    this.view = view;
  }

  private record Bind(String address, int port) implements Comparable<Bind> {
    @Override
    public int compareTo(Bind other) {
      int byPort = Integer.compare(port, other.port);
      return byPort != 0 ? byPort : address.compareTo(other.address);
    }
  }

  static GatewayServers of(ProxyView view) {
    GatewayServers servers = new GatewayServers(view);
    if (servers.isCrossClusterProxy()) {
      servers.passthrough(
          new Bind(OutboundListenerTranslator.ANY, MeshPorts.CROSS_NETWORK), List.of("*.local"));
    }
    for (GatewayConfig gateway : view.snapshot().gateways()) {
      if (!view.labels().entrySet().containsAll(gateway.selector().entrySet())) {
        continue;
      }
      for (GatewayConfig.Server server : gateway.servers()) {
        if (Translation.passesThrough(server)) {
          String address = server.bind().isEmpty() ? OutboundListenerTranslator.ANY : server.bind();
          servers.passthrough(new Bind(address, server.port().number()), server.hosts());
        }
      }
    }
    return servers;
  }

  private void passthrough(Bind bind, List<String> hosts) {
    passthrough.computeIfAbsent(bind, b -> new LinkedHashSet<>()).addAll(hosts);
  }

  /** Whether the mesh made this gateway, to let other networks in. */
  private boolean isCrossClusterProxy() {
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

  /** The hosts of all servers that pass TLS on. */
  List<String> passthroughHosts() {
    return passthrough.values().stream().flatMap(Set::stream).distinct().toList();
  }

  List<PassthroughListenerInputs> passthroughListeners(ServiceClusters services) {
    List<PassthroughListenerInputs> listeners = new ArrayList<>();
    passthrough.forEach(
        (bind, hosts) -> {
          List<String> names =
              services.passages(List.copyOf(hosts)).stream()
                  .map((Passage p) -> p.name().format())
                  .toList();
          // Envoy refuses a listener without any chain.
          if (!names.isEmpty()) {
            listeners.add(
                new PassthroughListenerInputs(
                    bind.address(),
                    bind.port(),
                    names,
                    view.snapshot().settings().accessLog(),
                    view.dialect()));
          }
        });
    return listeners;
  }
}
