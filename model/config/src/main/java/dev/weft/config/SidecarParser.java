package dev.weft.config;

import dev.weft.config.MeshSettings.OutboundPolicy;
import dev.weft.config.SidecarSpec.Egress;
import dev.weft.config.SidecarSpec.EgressHost;
import dev.weft.config.SidecarSpec.Ingress;
import dev.weft.config.SidecarSpec.Unknown;
import dev.weft.config.TrafficPolicy.ConnectionPool;
import dev.weft.config.VirtualService.Destination;
import dev.weft.types.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code networking.istio.io Sidecar}. Rules: Istio, pkg/config/validation/validation.go, {@code
 * ValidateSidecar}.
 */
final class SidecarParser {
  private SidecarParser() {}

  static SidecarSpec read(ObjectMeta meta, TreeReader spec) {
    Map<String, String> selector =
        NameChecks.workloads(
            spec, "workloadSelector", "labels", "it holds for the whole namespace");
    List<Egress> egress = spec.objects("egress", SidecarParser::egress);
    List<Ingress> ingress = spec.objects("ingress", SidecarPorts::ingress);
    SidecarPorts.apart(spec, egress, ingress);
    Unknown unknown = spec.object("outboundTrafficPolicy", SidecarParser::outbound);
    ConnectionPool pool = spec.object("inboundConnectionPool", ConnectionPoolParser::read);
    boolean empty =
        nothing(spec, "egress") && nothing(spec, "ingress") && unknown == null && pool == null;
    if (empty) {
      spec.error(
          "egress",
          "there is nothing in it: write egress, ingress, outboundTrafficPolicy or"
              + " inboundConnectionPool");
    }
    return new SidecarSpec(meta, selector, egress, ingress, pool, unknown);
  }

  private static boolean nothing(TreeReader spec, String key) {
    return !(spec.any(key) instanceof List<?> list) || list.isEmpty();
  }

  private static @Nullable Egress egress(TreeReader r) {
    r.required("hosts");
    boolean ofPort = r.has("port");
    SidecarSpec.Port port = r.object("port", SidecarPorts::port);
    String bind = SidecarPorts.bind(r);
    if (!ofPort && !bind.isEmpty()) {
      r.error("bind", "an address needs a port: name one, or take the address away");
    }
    boolean socket = SidecarPorts.socket(r, port);
    List<EgressHost> hosts = new ArrayList<>();
    for (String written : r.strings("hosts")) {
      EgressHost host = host(r, written);
      if (host != null) {
        hosts.add(host);
      }
    }
    if (r.strings("hosts").isEmpty()) {
      r.error("hosts", "at least one host is needed; */* is all, ~/* is none");
    }
    return ofPort && port == null ? null : new Egress(port, bind, socket, hosts);
  }

  private static @Nullable EgressHost host(TreeReader r, String written) {
    int slash = written.indexOf('/');
    if (slash <= 0 || slash == written.length() - 1) {
      r.error(
          "hosts",
          "'"
              + written
              + "' is not NAMESPACE/HOST, as in ./*, */*.example.com or bank/api.bank.svc.cluster.local");
      return null;
    }
    String namespace = written.substring(0, slash);
    String host = written.substring(slash + 1);
    if (!Set.of("*", ".", "~").contains(namespace) && !Names.isLabel(namespace)) {
      r.error(
          "hosts",
          "'"
              + namespace
              + "' is no namespace: a name, '.' for the pod's own, '*' for all, '~' for none");
    }
    if (!host.equals("*") && host.indexOf('.') < 0) {
      r.error("hosts", "'" + host + "' is a short name: write the host in full");
    } else {
      NameChecks.domain(r, "hosts", host);
    }
    return new EgressHost(namespace, host);
  }

  private static Unknown outbound(TreeReader r) {
    Destination proxy = r.object("egressProxy", VirtualServiceParser::destination);
    OutboundPolicy policy = r.constant("mode", OutboundPolicy.class);
    if (proxy != null) {
      if (policy != OutboundPolicy.ALLOW_ANY) {
        r.error("egressProxy", "it needs mode ALLOW_ANY: set that, or take it away");
      }
      if (proxy.port() == 0) {
        r.error("egressProxy.port", "a port number is needed");
      }
      NameChecks.fqdn(r, "egressProxy.host", proxy.host());
    }
    // The first value of the API stands for a mode that is not written.
    return new Unknown(policy == null ? OutboundPolicy.REGISTRY_ONLY : policy, proxy);
  }
}
