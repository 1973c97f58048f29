package dev.weft.apiserver.print;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.document.JsonPath;
import dev.weft.apiserver.schema.KnownType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The columns of each type (kubernetes pkg/printers/internalversion/printers.go). */
public final class Columns {
  static final String NONE = "<none>";

  private Columns() {}

  public static List<Column> of(KnownType known, Instant now) {
    Column name =
        new Column("Name", "string", "name", "Name", 0, o -> Json.text(o, "metadata", "name"));
    List<Column> columns = new ArrayList<>(List.of(name));
    if (!known.columns().isEmpty()) {
      known.columns().forEach(c -> columns.add(custom(c, now)));
    } else {
      columns.addAll(builtIn(known.key().text(), now));
    }
    return columns;
  }

  private static Column age(Instant now) {
    return Column.text("Age", o -> Ages.since(Json.text(o, "metadata", "creationTimestamp"), now));
  }

  private static Column createdAt() {
    return Column.text("Created At", o -> Json.text(o, "metadata", "creationTimestamp"));
  }

  static Function<JsonNode, Object> text(String... path) {
    return o -> or(Json.text(o, path), NONE);
  }

  public static Function<JsonNode, Object> count(String... path) {
    return o -> Json.at(o, path).asInt();
  }

  private static String or(String text, String fallback) {
    return text.isEmpty() ? fallback : text;
  }

  private static List<Column> builtIn(String type, Instant now) {
    Column age = age(now);
    return switch (type) {
      case "pods" ->
          List.of(
              Column.text("Ready", PodCells::ready),
              Column.text("Status", PodCells::status),
              Column.text("Restarts", pod -> PodCells.restarts(pod, now)),
              age,
              Column.wide("IP", text("status", "podIP")),
              Column.wide("Node", text("spec", "nodeName")),
              Column.wide("Nominated Node", text("status", "nominatedNodeName")),
              Column.wide("Readiness Gates", o -> NONE));
      case "deployments.apps", "replicasets.apps", "daemonsets.apps", "statefulsets.apps" ->
          WorkloadColumns.of(type, age);
      case "services" ->
          List.of(
              Column.text("Type", text("spec", "type")),
              Column.text("Cluster-IP", text("spec", "clusterIP")),
              Column.text("External-IP", Columns::externalIp),
              Column.text("Port(s)", Columns::servicePorts),
              age,
              Column.wide("Selector", o -> labels(Json.at(o, "spec", "selector"))));
      case "nodes" ->
          List.of(
              Column.text("Status", Columns::nodeStatus),
              Column.text("Roles", Columns::nodeRoles),
              age,
              Column.text("Version", text("status", "nodeInfo", "kubeletVersion")),
              Column.wide("Internal-IP", o -> nodeAddress(o, "InternalIP")),
              Column.wide("External-IP", o -> nodeAddress(o, "ExternalIP")),
              Column.wide("OS-Image", text("status", "nodeInfo", "osImage")),
              Column.wide("Kernel-Version", text("status", "nodeInfo", "kernelVersion")),
              Column.wide(
                  "Container-Runtime", text("status", "nodeInfo", "containerRuntimeVersion")));
      case "namespaces" -> List.of(Column.text("Status", text("status", "phase")), age);
      case "endpoints" -> List.of(Column.text("Endpoints", Columns::endpoints), age);
      case "endpointslices.discovery.k8s.io" ->
          List.of(
              Column.text("AddressType", text("addressType")),
              Column.text("Ports", Columns::slicePorts),
              Column.text("Endpoints", Columns::sliceAddresses),
              age);
      case "configmaps" ->
          List.of(
              Column.number("Data", o -> o.path("data").size() + o.path("binaryData").size()), age);
      case "secrets" ->
          List.of(
              Column.text("Type", o -> Json.text(o, "type")),
              Column.number("Data", o -> o.path("data").size()),
              age);
      case "serviceaccounts" ->
          List.of(Column.number("Secrets", o -> o.path("secrets").size()), age);
      case "events" -> events(now);
      case "customresourcedefinitions.apiextensions.k8s.io",
          "roles.rbac.authorization.k8s.io",
          "clusterroles.rbac.authorization.k8s.io" ->
          List.of(createdAt());
      case "rolebindings.rbac.authorization.k8s.io",
          "clusterrolebindings.rbac.authorization.k8s.io" ->
          List.of(
              Column.text(
                  "Role",
                  o -> Json.text(o, "roleRef", "kind") + "/" + Json.text(o, "roleRef", "name")),
              age);
      case "mutatingwebhookconfigurations.admissionregistration.k8s.io",
          "validatingwebhookconfigurations.admissionregistration.k8s.io" ->
          List.of(Column.number("Webhooks", o -> o.path("webhooks").size()), age);
      case "leases.coordination.k8s.io" ->
          List.of(Column.text("Holder", o -> Json.text(o, "spec", "holderIdentity")), age);
      case "poddisruptionbudgets.policy" ->
          List.of(
              Column.text("Min Available", o -> or(Json.text(o, "spec", "minAvailable"), "N/A")),
              Column.text(
                  "Max Unavailable", o -> or(Json.text(o, "spec", "maxUnavailable"), "N/A")),
              Column.number("Allowed Disruptions", count("status", "disruptionsAllowed")),
              age);
      default -> PolicyColumns.of(type, age, now);
    };
  }

  private static Column custom(KnownType.PrinterColumn column, Instant now) {
    return new Column(
        column.name(),
        column.type(),
        column.format(),
        column.description(),
        column.priority(),
        object -> {
          List<JsonNode> found = JsonPath.find(object, column.path());
          if (found.isEmpty()) {
            return column.type().equals("date") ? "<unknown>" : "";
          }
          JsonNode value = found.getFirst();
          if (column.type().equals("date")) {
            return Ages.since(value.asText(), now);
          }
          return switch (column.type()) {
            case "integer", "number", "boolean" -> value;
            default ->
                found.size() > 1
                    ? found.stream().map(Columns::shown).collect(Collectors.joining(","))
                    : shown(value);
          };
        });
  }

  private static String shown(JsonNode value) {
    return value.isValueNode() ? value.asText() : value.toString();
  }

  public static String labels(JsonNode labels) {
    if (labels.isEmpty()) {
      return NONE;
    }
    Map<String, String> sorted = new TreeMap<>();
    labels.properties().forEach(e -> sorted.put(e.getKey(), e.getValue().asText()));
    return sorted.entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(","));
  }

  private static Object externalIp(JsonNode service) {
    List<String> external = Json.texts(service.path("spec").get("externalIPs"));
    String type = Json.text(service, "spec", "type");
    if (type.equals("ExternalName")) {
      return Json.text(service, "spec", "externalName");
    }
    if (!type.equals("LoadBalancer")) {
      return external.isEmpty() ? NONE : String.join(",", external);
    }
    List<String> all = new ArrayList<>();
    for (ObjectNode ingress :
        Json.objects(Json.at(service, "status", "loadBalancer").get("ingress"))) {
      String ip = Json.text(ingress, "ip");
      all.add(ip.isEmpty() ? Json.text(ingress, "hostname") : ip);
    }
    all.addAll(external);
    return all.isEmpty() ? "<pending>" : String.join(",", all);
  }

  private static Object servicePorts(JsonNode service) {
    List<String> ports = new ArrayList<>();
    for (ObjectNode port : Json.objects(service.path("spec").get("ports"))) {
      int node = port.path("nodePort").asInt();
      ports.add(
          Json.text(port, "port")
              + (node == 0 ? "" : ":" + node)
              + "/"
              + Json.text(port, "protocol"));
    }
    return ports.isEmpty() ? NONE : String.join(",", ports);
  }

  private static Object nodeStatus(JsonNode node) {
    List<String> status = new ArrayList<>();
    for (ObjectNode condition : Json.objects(node.path("status").get("conditions"))) {
      if (Json.text(condition, "type").equals("Ready")) {
        status.add(Json.text(condition, "status").equals("True") ? "Ready" : "NotReady");
      }
    }
    if (status.isEmpty()) {
      status.add("Unknown");
    }
    if (node.path("spec").path("unschedulable").asBoolean()) {
      status.add("SchedulingDisabled");
    }
    return String.join(",", status);
  }

  private static Object nodeRoles(JsonNode node) {
    String prefix = "node-role.kubernetes.io/";
    List<String> roles =
        Json.at(node, "metadata", "labels").properties().stream()
            .map(Map.Entry::getKey)
            .filter(key -> key.startsWith(prefix))
            .map(key -> key.substring(prefix.length()))
            .sorted()
            .toList();
    return roles.isEmpty() ? NONE : String.join(",", roles);
  }

  private static Object nodeAddress(JsonNode node, String type) {
    return Json.objects(node.path("status").get("addresses")).stream()
        .filter(a -> Json.text(a, "type").equals(type))
        .map(a -> Json.text(a, "address"))
        .findFirst()
        .orElse(NONE);
  }

  private static String some(List<String> values, String separator) {
    if (values.isEmpty()) {
      return NONE;
    }
    String first = String.join(separator, values.subList(0, Math.min(3, values.size())));
    return values.size() > 3 ? first + " + " + (values.size() - 3) + " more..." : first;
  }

  private static Object endpoints(JsonNode endpoints) {
    List<String> all = new ArrayList<>();
    for (ObjectNode subset : Json.objects(endpoints.get("subsets"))) {
      for (ObjectNode port : Json.objects(subset.get("ports"))) {
        for (ObjectNode address : Json.objects(subset.get("addresses"))) {
          all.add(Json.text(address, "ip") + ":" + Json.text(port, "port"));
        }
      }
    }
    return some(all, ",");
  }

  private static Object slicePorts(JsonNode slice) {
    List<String> ports =
        Json.objects(slice.get("ports")).stream().map(p -> Json.text(p, "port")).toList();
    return ports.isEmpty() ? "<unset>" : some(ports, ",");
  }

  private static Object sliceAddresses(JsonNode slice) {
    List<String> addresses = new ArrayList<>();
    for (ObjectNode endpoint : Json.objects(slice.get("endpoints"))) {
      addresses.addAll(Json.texts(endpoint.get("addresses")));
    }
    return addresses.isEmpty() ? "<unset>" : some(addresses, ",");
  }

  private static List<Column> events(Instant now) {
    return List.of(
        Column.text("Last Seen", o -> Ages.since(lastSeen(o), now)),
        Column.text("Type", o -> Json.text(o, "type")),
        Column.text("Reason", o -> Json.text(o, "reason")),
        Column.text(
            "Object",
            o ->
                Json.text(o, "involvedObject", "kind").toLowerCase(java.util.Locale.ROOT)
                    + "/"
                    + Json.text(o, "involvedObject", "name")),
        Column.wide("Subobject", o -> Json.text(o, "involvedObject", "fieldPath")),
        Column.wide("Source", o -> Json.text(o, "source", "component")),
        Column.text("Message", o -> Json.text(o, "message").strip()),
        Column.wide("First Seen", o -> Ages.since(Json.text(o, "firstTimestamp"), now)),
        Column.wide("Count", o -> Math.max(1, o.path("count").asInt())),
        Column.wide("Name", o -> Json.text(o, "metadata", "name")));
  }

  /** When an event was last seen, as its text says it. */
  public static String lastSeen(JsonNode event) {
    for (String field : List.of("lastTimestamp", "eventTime", "firstTimestamp")) {
      if (!Json.text(event, field).isEmpty()) {
        return Json.text(event, field);
      }
    }
    return Json.text(event, "metadata", "creationTimestamp");
  }
}
