package dev.weft.apiserver.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.Json;
import java.util.List;
import java.util.Map;

/** What a pod gets where its author says nothing (kubernetes pkg/apis/core/v1/defaults.go). */
public final class PodDefaults {
  private static final List<String> CONTAINER_LISTS = List.of("initContainers", "containers");

  private PodDefaults() {}

  public static void pod(ObjectNode spec) {
    Defaulting.text(spec, "restartPolicy", "Always");
    Defaulting.text(spec, "dnsPolicy", "ClusterFirst");
    Defaulting.text(spec, "schedulerName", "default-scheduler");
    Defaulting.number(spec, "terminationGracePeriodSeconds", 30);
    Defaulting.flag(spec, "enableServiceLinks", true);
    Defaulting.child(spec, "securityContext");
    // The old name of the field is kept beside the new one.
    if (!Json.text(spec, "serviceAccountName").isEmpty()) {
      spec.put("serviceAccount", Json.text(spec, "serviceAccountName"));
    } else if (!Json.text(spec, "serviceAccount").isEmpty()) {
      spec.put("serviceAccountName", Json.text(spec, "serviceAccount"));
    }
    for (String list : CONTAINER_LISTS) {
      Json.objects(spec.get(list)).forEach(PodDefaults::container);
    }
    Json.objects(spec.get("volumes")).forEach(PodDefaults::volume);
  }

  private static void container(ObjectNode container) {
    Defaulting.text(container, "terminationMessagePath", "/dev/termination-log");
    Defaulting.text(container, "terminationMessagePolicy", "File");
    String image = Json.text(container, "image");
    Defaulting.text(container, "imagePullPolicy", latest(image) ? "Always" : "IfNotPresent");
    ObjectNode resources = Defaulting.child(container, "resources");
    for (Map.Entry<String, JsonNode> limit : resources.path("limits").properties()) {
      ObjectNode requests = Defaulting.child(resources, "requests");
      if (!requests.has(limit.getKey())) {
        requests.set(limit.getKey(), limit.getValue());
      }
    }
    for (ObjectNode port : Json.objects(container.get("ports"))) {
      Defaulting.text(port, "protocol", "TCP");
    }
    for (ObjectNode env : Json.objects(container.get("env"))) {
      if (env.path("valueFrom").path("fieldRef") instanceof ObjectNode ref) {
        Defaulting.text(ref, "apiVersion", "v1");
      }
    }
    for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      if (container.get(probe) instanceof ObjectNode node) {
        Defaulting.positive(node, "timeoutSeconds", 1);
        Defaulting.positive(node, "periodSeconds", 10);
        Defaulting.positive(node, "successThreshold", 1);
        Defaulting.positive(node, "failureThreshold", 3);
        httpGet(node);
      }
    }
    for (String hook : List.of("postStart", "preStop")) {
      if (container.path("lifecycle").path(hook) instanceof ObjectNode node) {
        httpGet(node);
      }
    }
  }

  private static void httpGet(ObjectNode handler) {
    if (handler.get("httpGet") instanceof ObjectNode get) {
      Defaulting.text(get, "path", "/");
      Defaulting.text(get, "scheme", "HTTP");
    }
  }

  /** An image without a tag or digest means the newest, as does the tag of that name. */
  private static boolean latest(String image) {
    if (image.contains("@")) {
      return false;
    }
    String last = image.substring(image.lastIndexOf('/') + 1);
    return !last.contains(":") || last.endsWith(":latest");
  }

  private static void volume(ObjectNode volume) {
    for (String source : List.of("configMap", "secret", "downwardAPI", "projected")) {
      if (volume.get(source) instanceof ObjectNode node) {
        Defaulting.number(node, "defaultMode", 420);
        fieldRefs(node);
        for (ObjectNode projection : Json.objects(node.get("sources"))) {
          if (projection.get("serviceAccountToken") instanceof ObjectNode token) {
            Defaulting.number(token, "expirationSeconds", 3600);
          }
          if (projection.get("downwardAPI") instanceof ObjectNode downward) {
            fieldRefs(downward);
          }
        }
      }
    }
    if (volume.get("hostPath") instanceof ObjectNode host && !host.has("type")) {
      host.put("type", "");
    }
    boolean sourceless = volume.properties().stream().noneMatch(e -> !e.getKey().equals("name"));
    if (sourceless) {
      volume.putObject("emptyDir");
    }
  }

  private static void fieldRefs(ObjectNode downward) {
    for (ObjectNode item : Json.objects(downward.get("items"))) {
      if (item.get("fieldRef") instanceof ObjectNode ref) {
        Defaulting.text(ref, "apiVersion", "v1");
      }
    }
  }

  /** Guaranteed, Burstable or BestEffort, by what the containers ask for and are limited to. */
  public static String qosClass(JsonNode spec) {
    boolean any = false;
    boolean guaranteed = true;
    for (String list : CONTAINER_LISTS) {
      for (ObjectNode container : Json.objects(spec.get(list))) {
        JsonNode limits = container.path("resources").path("limits");
        JsonNode requests = container.path("resources").path("requests");
        any |= !limits.isEmpty() || !requests.isEmpty();
        for (String resource : List.of("cpu", "memory")) {
          boolean limited = limits.has(resource);
          boolean equal =
              !requests.has(resource) || requests.get(resource).equals(limits.get(resource));
          guaranteed &= limited && equal;
        }
      }
    }
    return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
  }
}
