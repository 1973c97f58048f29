package dev.weft.control.status;

import dev.weft.config.ConfigKind;
import dev.weft.config.ObjectParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The types of the config API, as CustomResourceDefinitions. */
final class Crds {
  private Crds() {}

  private record Column(String name, String path) {}

  static List<Map<String, Object>> all() {
    List<Map<String, Object>> crds = new ArrayList<>();
    for (ConfigKind kind : ConfigKind.values()) {
      crds.add(of(kind));
    }
    return crds;
  }

  static String path(ConfigKind kind) {
    return "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/"
        + kind.plural()
        + "."
        + kind.group();
  }

  private static Map<String, Object> of(ConfigKind kind) {
    List<Map<String, Object>> versions = new ArrayList<>();
    for (String version : kind.versions()) {
      versions.add(
          tree(
              "name", version,
              "served", true,
              "storage", version.equals(kind.versions().getFirst()),
              "subresources", Map.of("status", Map.of()),
              "additionalPrinterColumns", columns(kind),
              "schema", Map.of("openAPIV3Schema", root(kind))));
    }
    Map<String, Object> names =
        tree(
            "kind", kind.kind(),
            "listKind", kind.kind() + "List",
            "plural", kind.plural(),
            "singular", kind.kind().toLowerCase(Locale.ROOT));
    List<String> shortNames = shortNames(kind);
    if (!shortNames.isEmpty()) {
      names.put("shortNames", shortNames);
    }
    names.put(
        "categories",
        kind == ConfigKind.MEMBER_CLUSTER ? List.of("weft") : List.of("istio-io", group(kind)));
    return tree(
        "apiVersion",
        "apiextensions.k8s.io/v1",
        "kind",
        "CustomResourceDefinition",
        "metadata",
        Map.of("name", kind.plural() + "." + kind.group()),
        "spec",
        tree(
            "group",
            kind.group(),
            "scope",
            kind.namespaced() ? "Namespaced" : "Cluster",
            "names",
            names,
            "versions",
            versions));
  }

  private static String group(ConfigKind kind) {
    return kind.group().replace('.', '-');
  }

  private static Map<String, Object> root(ConfigKind kind) {
    Map<String, Object> status =
        kind == ConfigKind.MEMBER_CLUSTER
            ? MeshSchemas.memberClusterStatus()
            : MeshSchemas.status();
    return Schema.object(Schema.field("spec", spec(kind)), Schema.field("status", status));
  }

  /** The fields that the parser of the kind reads. */
  static Map<String, Object> spec(ConfigKind kind) {
    if (!kind.supported()) {
      return Schema.open();
    }
    Map<String, Object> spec = Schema.of(ObjectParser.fields(kind));
    return kind == ConfigKind.MEMBER_CLUSTER ? MeshSchemas.memberCluster(spec) : spec;
  }

  private static List<String> shortNames(ConfigKind kind) {
    return switch (kind) {
      case VIRTUAL_SERVICE -> List.of("vs");
      case DESTINATION_RULE -> List.of("dr");
      case GATEWAY -> List.of("gw");
      case PEER_AUTHENTICATION -> List.of("pa");
      case MEMBER_CLUSTER -> List.of("mc");
      case SERVICE_ENTRY -> List.of("se");
      case WORKLOAD_ENTRY -> List.of("we");
      case WORKLOAD_GROUP -> List.of("wg");
      case REQUEST_AUTHENTICATION -> List.of("ra");
      case AUTHORIZATION_POLICY -> List.of("ap");
      case TELEMETRY -> List.of("telemetry");
      case ISTIO_GATEWAY, SIDECAR, ENVOY_FILTER, PROXY_CONFIG, WASM_PLUGIN -> List.of();
    };
  }

  private static List<Map<String, Object>> columns(ConfigKind kind) {
    List<Column> columns =
        switch (kind) {
          case VIRTUAL_SERVICE ->
              List.of(new Column("Gateways", ".spec.gateways"), new Column("Hosts", ".spec.hosts"));
          case DESTINATION_RULE -> List.of(new Column("Host", ".spec.host"));
          case PEER_AUTHENTICATION -> List.of(new Column("Mode", ".spec.mtls.mode"));
          case ISTIO_GATEWAY ->
              List.of(
                  new Column("Type", ".spec.gatewayType"),
                  new Column("Clusters", ".spec.clusterIds[*]"),
                  new Column("Status", ".status.Status"),
                  new Column("Address", ".status.GatewayAddress[*]"));
          case MEMBER_CLUSTER ->
              List.of(
                  new Column("Network", ".status.network"),
                  new Column("Proxy", ".spec.crossClusterProxy.enabled"),
                  new Column("Address", ".status.crossClusterProxy.addresses[*]"),
                  new Column("Phase", ".status.phase"));
          case SERVICE_ENTRY ->
              List.of(
                  new Column("Hosts", ".spec.hosts"),
                  new Column("Location", ".spec.location"),
                  new Column("Resolution", ".spec.resolution"));
          case AUTHORIZATION_POLICY -> List.of(new Column("Action", ".spec.action"));
          case GATEWAY,
              SIDECAR,
              WORKLOAD_ENTRY,
              WORKLOAD_GROUP,
              ENVOY_FILTER,
              PROXY_CONFIG,
              REQUEST_AUTHENTICATION,
              TELEMETRY,
              WASM_PLUGIN ->
              List.of();
        };
    List<Map<String, Object>> all = new ArrayList<>();
    columns.forEach(c -> all.add(tree("name", c.name(), "type", "string", "jsonPath", c.path())));
    all.add(tree("name", "Age", "type", "date", "jsonPath", ".metadata.creationTimestamp"));
    // Last, so that Istio's columns stay where scripts expect them.
    all.add(
        tree(
            "name",
            "Findings",
            "type",
            "string",
            "jsonPath",
            ".status.conditions[?(@.type==\"" + ObjectVerdict.CONDITION + "\")].reason"));
    return all;
  }

  private static Map<String, Object> tree(Object... entries) {
    Map<String, Object> tree = new LinkedHashMap<>();
    for (int i = 0; i < entries.length; i += 2) {
      tree.put(String.valueOf(entries[i]), entries[i + 1]);
    }
    return tree;
  }
}
