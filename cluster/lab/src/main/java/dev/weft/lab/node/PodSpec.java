package dev.weft.lab.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what a pod asks for. The tree is shared and never changed. */
record PodSpec(ObjectNode pod) {

  /** When a container of the pod runs. */
  enum Kind {
    /** To its end, before the next starts. */
    INIT,
    /** From its place among the init containers to the end of the pod. */
    SIDECAR,
    MAIN
  }

  /** One container as the pod lists it. */
  record ContainerSpec(String name, Kind kind, JsonNode json) {
    boolean hasProbe(String probe) {
      return json.path(probe).isObject();
    }

    String image() {
      return json.path("image").asText("");
    }
  }

  String name() {
    return Meta.name(pod);
  }

  String namespace() {
    return Meta.namespace(pod);
  }

  String uid() {
    return Meta.uid(pod);
  }

  JsonNode spec() {
    return pod.path("spec");
  }

  String restartPolicy() {
    return spec().path("restartPolicy").asText("Always");
  }

  String serviceAccount() {
    return spec().path("serviceAccountName").asText("default");
  }

  String hostname() {
    String wanted = spec().path("hostname").asText("");
    String name = wanted.isEmpty() ? name() : wanted;
    return name.length() > 63 ? name.substring(0, 63) : name;
  }

  /** In the order in which they start. */
  List<ContainerSpec> containers() {
    List<ContainerSpec> result = new ArrayList<>();
    for (JsonNode each : spec().path("initContainers")) {
      boolean sidecar = each.path("restartPolicy").asText("").equals("Always");
      result.add(
          new ContainerSpec(each.path("name").asText(), sidecar ? Kind.SIDECAR : Kind.INIT, each));
    }
    for (JsonNode each : spec().path("containers")) {
      result.add(new ContainerSpec(each.path("name").asText(), Kind.MAIN, each));
    }
    return result;
  }

  Optional<ContainerSpec> container(String name) {
    return containers().stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /** Whether a container that ended with {@code code} is to run again. */
  boolean restarts(ContainerSpec container, int code) {
    return switch (container.kind()) {
      case SIDECAR -> true;
      case INIT -> code != 0 && !restartPolicy().equals("Never");
      case MAIN ->
          restartPolicy().equals("Always") || restartPolicy().equals("OnFailure") && code != 0;
    };
  }

  /** Seconds that a terminating pod has from its deletion on. */
  int graceSeconds() {
    JsonNode deletion = pod.path("metadata").path("deletionGracePeriodSeconds");
    return deletion.isNumber()
        ? deletion.asInt()
        : spec().path("terminationGracePeriodSeconds").asInt(30);
  }

  /** The container that {@code kubectl} means where none is named. */
  String defaultContainer() {
    String annotated = Meta.annotation(pod, "kubectl.kubernetes.io/default-container");
    return annotated.isEmpty()
        ? spec().path("containers").path(0).path("name").asText("")
        : annotated;
  }
}
