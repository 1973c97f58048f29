package dev.weft.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The containers of the pod that is being patched. Confined to one injection. */
record PodContainers(ObjectNode spec, ArrayNode containers) {

  static PodContainers of(ObjectNode pod) throws InvalidPodException {
    if (!(pod.path("spec") instanceof ObjectNode spec)
        || !(spec.path("containers") instanceof ArrayNode containers)) {
      throw new InvalidPodException("the pod has no spec.containers");
    }
    return new PodContainers(spec, containers);
  }

  /** Containers that serve: the main ones, and init containers that go on running. */
  List<ObjectNode> applications() {
    List<ObjectNode> found = new ArrayList<>();
    for (JsonNode each : containers) {
      if (each instanceof ObjectNode object && !isProxy(each)) {
        found.add(object);
      }
    }
    for (JsonNode each : spec.path("initContainers")) {
      if (each instanceof ObjectNode object
          && !isProxy(each)
          && each.path("restartPolicy").asText().equals("Always")) {
        found.add(object);
      }
    }
    return found;
  }

  /**
   * The container that {@code kubectl} shall mean where none is named; empty where there is none.
   */
  String defaultApplication() {
    for (JsonNode each : containers) {
      if (!isProxy(each)) {
        return each.path("name").asText();
      }
    }
    return "";
  }

  /**
   * Takes out what the user wrote for the proxy: a container of its name, whose fields win over
   * those of the template. Null where there is none.
   */
  @Nullable ObjectNode takeOwnProxy() {
    for (JsonNode list : new JsonNode[] {containers, spec.path("initContainers")}) {
      for (int i = 0; i < list.size(); i++) {
        if (isProxy(list.get(i))
            && list.get(i) instanceof ObjectNode own
            && list instanceof ArrayNode array) {
          array.remove(i);
          return own;
        }
      }
    }
    return null;
  }

  void put(ObjectNode container, boolean first) {
    insert(containers, container, first);
  }

  void putInit(ObjectNode container, boolean first) {
    insert(spec.withArrayProperty("initContainers"), container, first);
  }

  private static void insert(ArrayNode list, ObjectNode container, boolean first) {
    if (first) {
      list.insert(0, container);
    } else {
      list.add(container);
    }
  }

  private static boolean isProxy(JsonNode container) {
    return container.path("name").asText().equals(ProxyPod.CONTAINER);
  }
}
