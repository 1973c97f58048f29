package dev.weft.apiserver.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.admission.Call;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.schema.KnownType;
import dev.weft.apiserver.storage.ObjectKey;
import dev.weft.apiserver.storage.StoredObject;
import dev.weft.apiserver.storage.TypeKey;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code Endpoints}, the older view of the EndpointSlices of a Service with a selector, for clients
 * that still read it. What somebody else wrote is left alone.
 */
final class DerivedEndpoints {
  private static final String SERVICE = "kubernetes.io/service-name";
  private static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";
  private static final String MANAGER = "endpoint-controller";
  private static final TypeKey SLICES = new TypeKey("discovery.k8s.io", "endpointslices");
  private static final TypeKey SERVICES = new TypeKey("", "services");
  private static final ResourceType ENDPOINTS = ResourceType.core("endpoints", "Endpoints");

  private DerivedEndpoints() {}

  /** After a slice or a Service was written or removed. */
  static void refresh(KnownType known, ObjectNode object, Objects objects) {
    String namespace = Json.text(object, "metadata", "namespace");
    if (known.key().equals(SLICES)) {
      String service = Json.text(object, "metadata", "labels", SERVICE);
      if (!service.isEmpty()) {
        refresh(namespace, service, objects);
      }
    } else if (known.key().equals(SERVICES)) {
      refresh(namespace, Json.text(object, "metadata", "name"), objects);
    }
  }

  private static void refresh(String namespace, String name, Objects objects) {
    ObjectKey key = new ObjectKey(namespace, name);
    Optional<ObjectNode> present =
        objects.store().head(TypeKey.of(ENDPOINTS), key).map(StoredObject::object);
    if (present.isPresent() && !ours(present.get())) {
      return;
    }
    Optional<ObjectNode> service = objects.store().get(SERVICES, key).map(StoredObject::object);
    KnownType endpoints = objects.registry().require(ENDPOINTS);
    try {
      if (service.filter(s -> !Json.at(s, "spec", "selector").isEmpty()).isEmpty()) {
        if (present.isPresent()) {
          objects.delete(endpoints, namespace, name, Deletion.now(), Call.inProcess());
        }
      } else if (present.isPresent()) {
        objects.update(
            endpoints,
            namespace,
            name,
            Objects.Part.MAIN,
            old -> {
              // Read again for every attempt: a slice may have come while somebody else wrote.
              old.set("subsets", subsets(slices(namespace, name, objects)));
              return old;
            },
            Call.inProcess());
      } else if (!slices(namespace, name, objects).isEmpty()) {
        objects.create(
            endpoints, namespace, fresh(service.get(), namespace, objects), Call.inProcess());
      }
    } catch (ApiException e) {
      switch (e.reason()) {
        // Somebody else was first, and sees at least what is seen here.
        case "AlreadyExists" -> refresh(namespace, name, objects);
        // The namespace ends, or the object has just gone.
        case "NotFound", "Forbidden" -> {}
        default -> throw e;
      }
    }
  }

  private static boolean ours(ObjectNode endpoints) {
    return Json.text(endpoints, "metadata", "labels", MANAGED_BY).equals(MANAGER);
  }

  private static ObjectNode fresh(ObjectNode service, String namespace, Objects objects) {
    String name = Json.text(service, "metadata", "name");
    ObjectNode endpoints = Json.object();
    ObjectNode labels = endpoints.putObject("metadata").put("name", name).putObject("labels");
    Json.at(service, "metadata", "labels")
        .properties()
        .forEach(label -> labels.set(label.getKey(), label.getValue()));
    labels.put(MANAGED_BY, MANAGER);
    if (Json.text(service, "spec", "clusterIP").equals("None")) {
      labels.put("service.kubernetes.io/headless", "");
    }
    endpoints.set("subsets", subsets(slices(namespace, name, objects)));
    return endpoints;
  }

  private static List<ObjectNode> slices(String namespace, String service, Objects objects) {
    return objects.store().list(SLICES, namespace).objects().stream()
        .map(StoredObject::object)
        .filter(slice -> Json.text(slice, "metadata", "labels", SERVICE).equals(service))
        .filter(slice -> !Json.text(slice, "addressType").equals("FQDN"))
        .toList();
  }

  /** One subset for each set of ports, its addresses in order. */
  static ArrayNode subsets(List<ObjectNode> slices) {
    Map<JsonNode, Subset> byPorts = new LinkedHashMap<>();
    for (ObjectNode slice : slices) {
      for (ObjectNode endpoint : Json.objects(slice.get("endpoints"))) {
        byPorts.computeIfAbsent(ports(slice), ignored -> new Subset()).add(endpoint);
      }
    }
    ArrayNode subsets = Json.array();
    byPorts.entrySet().stream()
        .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
        .forEach(
            entry -> {
              ObjectNode subset = subsets.addObject();
              entry.getValue().into(subset);
              if (!entry.getKey().isEmpty()) {
                subset.set("ports", entry.getKey());
              }
            });
    return subsets;
  }

  private static ArrayNode ports(ObjectNode slice) {
    ArrayNode ports = Json.array();
    for (ObjectNode port : Json.objects(slice.get("ports"))) {
      ObjectNode copy = ports.addObject();
      for (String field : List.of("name", "port", "protocol", "appProtocol")) {
        if (Json.has(port, field) && !Json.text(port, field).isEmpty()) {
          copy.set(field, port.get(field));
        }
      }
    }
    return ports;
  }

  /** The addresses that share their ports. */
  private static final class Subset {
    private final Map<String, ObjectNode> ready = new TreeMap<>();
    private final Map<String, ObjectNode> notReady = new TreeMap<>();

    void add(ObjectNode endpoint) {
      JsonNode conditions = endpoint.path("conditions");
      if (conditions.path("terminating").asBoolean()) {
        return;
      }
      for (String ip : Json.texts(endpoint.get("addresses"))) {
        ObjectNode address = Json.object().put("ip", ip);
        for (String field : List.of("hostname", "nodeName", "targetRef")) {
          if (Json.has(endpoint, field)) {
            address.set(field, endpoint.get(field).deepCopy());
          }
        }
        (conditions.path("ready").asBoolean(true) ? ready : notReady).put(ip, address);
      }
    }

    void into(ObjectNode subset) {
      if (!ready.isEmpty()) {
        subset.putArray("addresses").addAll(ready.values());
      }
      if (!notReady.isEmpty()) {
        subset.putArray("notReadyAddresses").addAll(notReady.values());
      }
    }
  }
}
