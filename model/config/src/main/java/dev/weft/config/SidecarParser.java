package dev.weft.config;

import static dev.weft.config.Shape.field;

import dev.weft.config.MeshSettings.OutboundPolicy;
import dev.weft.config.SidecarSpec.EgressHost;
import dev.weft.types.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code networking.istio.io Sidecar}. Rules: Istio, pkg/config/validation/validation.go, {@code
 * ValidateSidecar}.
 */
final class SidecarParser {
  private static final Shape PORT =
      Shape.Fields.of(
          field("number", Shape.Simple.PORT),
          field("protocol", Shape.TEXT),
          field("name", Shape.TEXT),
          field("targetPort", Shape.Simple.PORT));

  private SidecarParser() {}

  /** Hosts, and whether they are for a port of their own. */
  private record Egress(List<EgressHost> hosts, boolean ofPort) {}

  static SidecarSpec read(ObjectMeta meta, TreeReader spec) {
    Map<String, String> selector = new LinkedHashMap<>();
    spec.object(
        "workloadSelector",
        s -> {
          selector.putAll(NameChecks.selector(s, "labels"));
          if (selector.isEmpty()) {
            s.warning(
                "unsupported-field",
                "labels",
                "without labels nothing is selected: it holds for the whole namespace");
          }
          return null;
        });
    List<Egress> egress = spec.objects("egress", SidecarParser::egress);
    if (egress.stream().filter(e -> !e.ofPort()).count() > 1) {
      spec.error("egress", "one entry may be without a port: put the hosts of all those into one");
    }
    OutboundPolicy policy = spec.object("outboundTrafficPolicy", SidecarParser::outbound);
    spec.unsupported(
        "ingress", new Shape.ListOf(Shape.Simple.OPEN), "ports are served as Services say");
    spec.unsupported("inboundConnectionPool", "connections to the application are not limited");
    boolean empty =
        egress.isEmpty()
            && policy == null
            && !spec.has("ingress")
            && !spec.has("inboundConnectionPool");
    if (empty) {
      spec.error("egress", "there is nothing in it: write egress or outboundTrafficPolicy");
    }
    return new SidecarSpec(
        meta, selector, egress.stream().flatMap(e -> e.hosts().stream()).toList(), policy);
  }

  private static Egress egress(TreeReader r) {
    r.required("hosts");
    boolean ofPort = r.has("port");
    if (!ofPort && r.has("bind")) {
      r.error("bind", "an address needs a port: name one, or take the address away");
    }
    r.unsupported("port", PORT, "the hosts are reached at all their ports");
    r.unsupported("bind", Shape.TEXT, "captured connections are told apart by where they go");
    if (r.constant("captureMode", CaptureMode.class) == CaptureMode.NONE) {
      r.warning(
          "unsupported-field",
          "captureMode",
          "connections are captured as the pod's injection says");
    }
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
    return new Egress(hosts, ofPort);
  }

  /** How connections come to a listener. */
  private enum CaptureMode {
    DEFAULT,
    IPTABLES,
    NONE
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

  private static @Nullable OutboundPolicy outbound(TreeReader r) {
    r.unsupported("egressProxy", "unknown hosts are not sent to another one");
    OutboundPolicy policy = r.constant("mode", OutboundPolicy.class);
    // The first value of the API stands for a mode that is not written.
    return policy == null ? OutboundPolicy.REGISTRY_ONLY : policy;
  }
}
