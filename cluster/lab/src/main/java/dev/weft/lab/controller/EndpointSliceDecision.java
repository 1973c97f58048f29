package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore.DeleteOptions;
import dev.weft.lab.object.Hashes;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.LabelSelector;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import dev.weft.lab.object.Trees;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The EndpointSlices of one Service with a selector (Kubernetes: pkg/controller/endpointslice).
 * Pods whose named ports resolve to other numbers get a slice of their own.
 */
final class EndpointSliceDecision {
  static final String SERVICE_NAME = "kubernetes.io/service-name";
  static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
  static final String MANAGER = "endpointslice-controller.k8s.io";
  private static final String HEADLESS = "service.kubernetes.io/headless";

  private EndpointSliceDecision() {}

  /**
   * @param pods all pods of the namespace
   * @param slices all slices of the Service
   * @param zones zone of each node
   */
  static List<Action> decide(
      ObjectNode service,
      List<ObjectNode> pods,
      List<ObjectNode> slices,
      Map<String, String> zones) {
    if (Meta.deleting(service)
        || service.path("spec").path("selector").isEmpty()
        || service.path("spec").path("type").asText().equals("ExternalName")) {
      return List.of();
    }
    Map<String, ObjectNode> before = new LinkedHashMap<>();
    for (ObjectNode slice : slices) {
      if (Meta.labels(slice).getOrDefault(MANAGED_BY, "").equals(MANAGER)) {
        before.put(Meta.name(slice), slice);
      }
    }
    List<Action> actions = new ArrayList<>();
    for (ObjectNode wanted : wanted(service, pods, zones)) {
      ObjectNode has = before.remove(Meta.name(wanted));
      if (has == null) {
        actions.add(new Action.Create(Kinds.ENDPOINT_SLICES, wanted));
      } else if (!content(has).equals(content(wanted))) {
        ObjectNode next = has.deepCopy();
        next.set("ports", wanted.path("ports"));
        next.set("endpoints", wanted.path("endpoints"));
        ((ObjectNode) next.path("metadata")).set("labels", wanted.path("metadata").path("labels"));
        // written over whatever is there: only this controller writes its slices
        ((ObjectNode) next.path("metadata")).remove("resourceVersion");
        actions.add(new Action.Replace(Kinds.ENDPOINT_SLICES, ObjectKey.of(has), next));
      }
    }
    for (ObjectNode left : before.values()) {
      actions.add(
          new Action.Delete(Kinds.ENDPOINT_SLICES, ObjectKey.of(left), DeleteOptions.BACKGROUND));
    }
    return actions;
  }

  private static String content(JsonNode slice) {
    return Trees.canonical(slice.path("ports"))
        + Trees.canonical(slice.path("endpoints"))
        + Trees.canonical(slice.path("metadata").path("labels"));
  }

  private static List<ObjectNode> wanted(
      ObjectNode service, List<ObjectNode> pods, Map<String, String> zones) {
    LabelSelector selector = LabelSelector.ofMap(service.path("spec").path("selector"));
    Map<String, ArrayNode> portsByKey = new LinkedHashMap<>();
    Map<String, List<ObjectNode>> endpoints = new LinkedHashMap<>();
    pods.stream()
        .filter(pod -> selector.matches(Meta.labels(pod)))
        .filter(pod -> !pod.path("status").path("podIP").asText("").isEmpty())
        .filter(pod -> !PodFacts.finished(pod))
        .sorted(Comparator.comparing(Meta::name))
        .forEach(
            pod -> {
              ArrayNode ports = ports(service, pod);
              String key = Trees.canonical(ports);
              portsByKey.putIfAbsent(key, ports);
              endpoints
                  .computeIfAbsent(key, k -> new ArrayList<>())
                  .add(endpoint(service, pod, zones));
            });
    if (portsByKey.isEmpty()) {
      portsByKey.put("", Trees.array());
    }
    List<ObjectNode> result = new ArrayList<>();
    portsByKey.forEach(
        (key, ports) ->
            result.add(slice(service, key, ports, endpoints.getOrDefault(key, List.of()))));
    // one slice keeps its name whatever its ports are, so that the first endpoint fills an empty
    // one
    ((ObjectNode) result.getFirst().path("metadata")).put("name", sliceName(service, ""));
    return result;
  }

  private static String sliceName(ObjectNode service, String key) {
    return Meta.name(service) + "-" + Hashes.of(Meta.uid(service) + key, 5);
  }

  private static ObjectNode slice(
      ObjectNode service, String key, ArrayNode ports, List<ObjectNode> endpoints) {
    ObjectNode slice = Trees.object();
    slice.put("apiVersion", "discovery.k8s.io/v1").put("kind", "EndpointSlice");
    ObjectNode metadata = slice.putObject("metadata");
    metadata.put("name", sliceName(service, key)).put("namespace", Meta.namespace(service));
    ObjectNode labels = metadata.putObject("labels");
    Meta.labels(service).forEach(labels::put);
    labels.put(SERVICE_NAME, Meta.name(service)).put(MANAGED_BY, MANAGER);
    if (service.path("spec").path("clusterIP").asText().equals("None")) {
      labels.put(HEADLESS, "");
    }
    metadata.putArray("ownerReferences").add(Meta.ownerReference("v1", "Service", service));
    slice.put("addressType", "IPv4");
    slice.set("ports", ports);
    slice.putArray("endpoints").addAll(endpoints);
    return slice;
  }

  private static ArrayNode ports(ObjectNode service, ObjectNode pod) {
    ArrayNode ports = Trees.array();
    for (JsonNode port : service.path("spec").path("ports")) {
      targetPort(port, pod)
          .ifPresent(
              number -> {
                ObjectNode each = ports.addObject();
                each.put("name", port.path("name").asText(""));
                each.put("protocol", port.path("protocol").asText("TCP"));
                each.put("port", number);
                if (port.has("appProtocol")) {
                  each.put("appProtocol", port.path("appProtocol").asText());
                }
              });
    }
    return ports;
  }

  /** A named target port that the pod does not have leaves the port out for that pod. */
  private static Optional<Integer> targetPort(JsonNode port, ObjectNode pod) {
    JsonNode target = port.path("targetPort");
    if (target.isMissingNode() || target.isNull()) {
      return Optional.of(port.path("port").asInt());
    }
    if (target.isNumber()) {
      return Optional.of(target.asInt() == 0 ? port.path("port").asInt() : target.asInt());
    }
    for (JsonNode container : pod.path("spec").path("containers")) {
      for (JsonNode each : container.path("ports")) {
        if (each.path("name").asText().equals(target.asText())
            && each.path("protocol").asText("TCP").equals(port.path("protocol").asText("TCP"))) {
          return Optional.of(each.path("containerPort").asInt());
        }
      }
    }
    return target.asInt(0) > 0 ? Optional.of(target.asInt()) : Optional.empty();
  }

  private static ObjectNode endpoint(
      ObjectNode service, ObjectNode pod, Map<String, String> zones) {
    boolean serving = PodFacts.ready(pod);
    boolean terminating = Meta.deleting(pod);
    boolean publish = service.path("spec").path("publishNotReadyAddresses").asBoolean(false);
    ObjectNode endpoint = Trees.object();
    endpoint.putArray("addresses").add(pod.path("status").path("podIP").asText());
    ObjectNode conditions = endpoint.putObject("conditions");
    conditions.put("ready", publish || serving && !terminating);
    conditions.put("serving", serving);
    conditions.put("terminating", terminating);
    String hostname = pod.path("spec").path("hostname").asText("");
    if (!hostname.isEmpty()
        && pod.path("spec").path("subdomain").asText("").equals(Meta.name(service))) {
      endpoint.put("hostname", hostname);
    }
    String node = pod.path("spec").path("nodeName").asText("");
    endpoint.put("nodeName", node);
    String zone = zones.getOrDefault(node, "");
    if (!zone.isEmpty()) {
      endpoint.put("zone", zone);
    }
    ObjectNode target = endpoint.putObject("targetRef");
    target.put("kind", "Pod").put("name", Meta.name(pod));
    target.put("namespace", Meta.namespace(pod)).put("uid", Meta.uid(pod));
    return endpoint;
  }
}
