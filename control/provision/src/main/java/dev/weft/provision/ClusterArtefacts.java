package dev.weft.provision;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.types.MeshPorts;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What every data cluster gets: the roots in each namespace, the webhook with its CA, the way to
 * the control plane (Istio: istio-discovery and istiod-remote charts,
 * pkg/webhooks/webhookpatch.go).
 */
final class ClusterArtefacts {
  static final String NETWORK = "topology.istio.io/network";

  /** The name of the ConfigMap with the roots, in every namespace. */
  static final String TRUST_BUNDLE = "istio-ca-root-cert";

  /** Its entry. */
  static final String ROOTS = "root-cert.pem";

  private record Port(String name, int port, int target) {}

  private static final List<Port> PORTS =
      List.of(
          new Port("grpc-xds", MeshPorts.XDS_PLAINTEXT, MeshPorts.XDS_PLAINTEXT),
          new Port("https-dns", MeshPorts.XDS_TLS, MeshPorts.XDS_TLS),
          new Port("https-webhook", 443, MeshPorts.WEBHOOKS),
          new Port("http-monitoring", MeshPorts.MONITORING, MeshPorts.MONITORING));

  private ClusterArtefacts() {}

  static List<Manifest> of(Standing standing, MemberInputs member, ProvisionSettings settings) {
    String root = settings.rootNamespace();
    List<ObjectNode> bodies = new ArrayList<>();
    switch (standing) {
      case OWN -> bodies.addAll(trustBundles(member, settings));
      case KEPT -> {
        // Where a control plane runs in a cluster, the namespaces are their users' alone.
        if (settings.control().own().isEmpty()) {
          bodies.add(namespace(member, root));
        }
        bodies.addAll(trustBundles(member, settings));
        if (!settings.advertised().isEmpty()) {
          bodies.addAll(discovery(settings));
          bodies.add(InjectorConfiguration.of(member, settings));
        }
      }
      case READ -> {}
    }
    return bodies.stream().map(Manifest::of).toList();
  }

  private static ObjectNode namespace(MemberInputs member, String root) {
    ObjectNode namespace = Objects.named(ManagedKind.NAMESPACE, "", root);
    if (member.network().isNamed()) {
      Objects.labels(namespace).put(NETWORK, member.network().value());
    }
    return namespace;
  }

  private static List<ObjectNode> trustBundles(MemberInputs member, ProvisionSettings settings) {
    List<ObjectNode> bundles = new ArrayList<>();
    for (String namespace : member.namespaces()) {
      if (!settings.skippedNamespaces().contains(namespace)) {
        bundles.add(trustBundle(namespace, member.roots()));
      }
    }
    if (!member.namespaces().contains(settings.rootNamespace())) {
      bundles.add(trustBundle(settings.rootNamespace(), member.roots()));
    }
    return bundles;
  }

  private static ObjectNode trustBundle(String namespace, String roots) {
    ObjectNode bundle = Objects.named(ManagedKind.CONFIG_MAP, namespace, TRUST_BUNDLE);
    Objects.labels(bundle).put("istio.io/config", "true");
    bundle.putObject("data").put(ROOTS, roots);
    return bundle;
  }

  /** The Service that proxies and the API server call, and behind it the control plane. */
  private static List<ObjectNode> discovery(ProvisionSettings settings) {
    String root = settings.rootNamespace();
    String name = settings.control().service();
    ObjectNode service = Objects.named(ManagedKind.SERVICE, root, name);
    Objects.labels(service).put("app", "istiod").put("istio", "pilot");
    ObjectNode spec = service.putObject("spec");
    ArrayNode ports = spec.putArray("ports");
    for (Port port : PORTS) {
      ports
          .addObject()
          .put("name", port.name())
          .put("port", port.port())
          .put("targetPort", port.target())
          .put("protocol", "TCP");
    }
    Optional<InetAddress> address = literal(settings.advertised());
    if (address.isEmpty()) {
      // Good enough for pods, which ask DNS; API servers call the webhooks by URL.
      spec.put("type", "ExternalName").put("externalName", settings.advertised());
      return List.of(service);
    }
    ObjectNode slice = Objects.named(ManagedKind.ENDPOINT_SLICE, root, name + "-control-plane");
    Objects.labels(slice)
        .put("kubernetes.io/service-name", name)
        .put("endpointslice.kubernetes.io/managed-by", "mesh.weft.dev");
    slice.put("addressType", address.get() instanceof Inet6Address ? "IPv6" : "IPv4");
    ObjectNode endpoint = slice.putArray("endpoints").addObject();
    endpoint.putArray("addresses").add(settings.advertised());
    endpoint.putObject("conditions").put("ready", true);
    ArrayNode slicePorts = slice.putArray("ports");
    for (Port port : PORTS) {
      slicePorts
          .addObject()
          .put("name", port.name())
          .put("port", port.target())
          .put("protocol", "TCP");
    }
    return List.of(service, slice);
  }

  /** The address that a text is; empty for a host name. */
  static Optional<InetAddress> literal(String host) {
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
