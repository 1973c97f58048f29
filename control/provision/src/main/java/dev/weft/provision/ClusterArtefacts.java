package dev.weft.provision;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.types.MeshPorts;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What every data cluster gets. Reference 2.32, P-13 and P-14. */
final class ClusterArtefacts {
  static final String NETWORK = "topology.istio.io/network";
  private static final String DISCOVERY = "istiod";
  private static final String READER = "istio-reader-service-account";

  private record Port(String name, int port, int target) {}

  private static final List<Port> PORTS =
      List.of(
          new Port("grpc-xds", MeshPorts.XDS_PLAINTEXT, MeshPorts.XDS_PLAINTEXT),
          new Port("https-dns", MeshPorts.XDS_TLS, MeshPorts.XDS_TLS),
          new Port("https-webhook", 443, MeshPorts.WEBHOOKS),
          new Port("http-monitoring", MeshPorts.MONITORING, MeshPorts.MONITORING));

  private ClusterArtefacts() {}

  static List<Manifest> of(MemberInputs member, ProvisionSettings settings) {
    String root = settings.rootNamespace();
    List<ObjectNode> bodies = new ArrayList<>();
    bodies.add(namespace(member, root));
    bodies.addAll(reader(root));
    bodies.addAll(discovery(settings.advertised(), root));
    for (String namespace : member.namespaces()) {
      if (!settings.skippedNamespaces().contains(namespace)) {
        bodies.add(trustBundle(namespace, member.roots()));
      }
    }
    if (!member.namespaces().contains(root)) {
      bodies.add(trustBundle(root, member.roots()));
    }
    bodies.add(InjectorConfiguration.of(member, settings));
    return bodies.stream().map(Manifest::of).toList();
  }

  private static ObjectNode namespace(MemberInputs member, String root) {
    ObjectNode namespace = Objects.named(ManagedKind.NAMESPACE, "", root);
    if (member.network().isNamed()) {
      Objects.labels(namespace).put(NETWORK, member.network().value());
    }
    return namespace;
  }

  private static ObjectNode trustBundle(String namespace, String roots) {
    ObjectNode bundle = Objects.named(ManagedKind.CONFIG_MAP, namespace, "istio-ca-root-cert");
    Objects.labels(bundle).put("istio.io/config", "true");
    bundle.putObject("data").put("root-cert.pem", roots);
    return bundle;
  }

  /** The Service that proxies and the API server call, and behind it the control plane. */
  private static List<ObjectNode> discovery(String advertised, String root) {
    ObjectNode service = Objects.named(ManagedKind.SERVICE, root, DISCOVERY);
    Objects.labels(service).put("app", DISCOVERY).put("istio", "pilot");
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
    Optional<InetAddress> address = literal(advertised);
    if (address.isEmpty()) {
      spec.put("type", "ExternalName").put("externalName", advertised);
      return List.of(service);
    }
    ObjectNode slice =
        Objects.named(ManagedKind.ENDPOINT_SLICE, root, DISCOVERY + "-control-plane");
    Objects.labels(slice)
        .put("kubernetes.io/service-name", DISCOVERY)
        .put("endpointslice.kubernetes.io/managed-by", "mesh.weft.dev");
    slice.put("addressType", address.get() instanceof Inet6Address ? "IPv6" : "IPv4");
    ObjectNode endpoint = slice.putArray("endpoints").addObject();
    endpoint.putArray("addresses").add(advertised);
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

  private static Optional<InetAddress> literal(String host) {
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** What a remote secret for this cluster needs: read everything, and review tokens. */
  private static List<ObjectNode> reader(String root) {
    ObjectNode account = Objects.named(ManagedKind.SERVICE_ACCOUNT, root, READER);
    String name = "istio-reader-clusterrole-" + root;
    ObjectNode role = Objects.named(ManagedKind.CLUSTER_ROLE, "", name);
    ArrayNode rules = role.putArray("rules");
    rule(
        rules,
        "",
        List.of("get", "list", "watch"),
        "endpoints",
        "pods",
        "services",
        "nodes",
        "replicationcontrollers",
        "namespaces",
        "secrets",
        "configmaps");
    rule(rules, "discovery.k8s.io", List.of("get", "list", "watch"), "endpointslices");
    rule(rules, "apps", List.of("get", "list", "watch"), "replicasets", "deployments");
    rule(rules, "authentication.k8s.io", List.of("create"), "tokenreviews");
    rule(rules, "authorization.k8s.io", List.of("create"), "subjectaccessreviews");
    ObjectNode binding = Objects.named(ManagedKind.CLUSTER_ROLE_BINDING, "", name);
    binding
        .putObject("roleRef")
        .put("apiGroup", "rbac.authorization.k8s.io")
        .put("kind", "ClusterRole")
        .put("name", name);
    binding
        .putArray("subjects")
        .addObject()
        .put("kind", "ServiceAccount")
        .put("name", READER)
        .put("namespace", root);
    return List.of(account, role, binding);
  }

  private static void rule(ArrayNode rules, String group, List<String> verbs, String... resources) {
    ObjectNode rule = rules.addObject();
    rule.putArray("apiGroups").add(group);
    ArrayNode names = rule.putArray("resources");
    for (String resource : resources) {
      names.add(resource);
    }
    ArrayNode allowed = rule.putArray("verbs");
    verbs.forEach(allowed::add);
  }
}
