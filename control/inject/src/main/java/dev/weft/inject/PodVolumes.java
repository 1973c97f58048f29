package dev.weft.inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Volumes of the proxy, and those that the pod's annotations ask for. */
final class PodVolumes {
  private static final String VOLUME = "sidecar.istio.io/userVolume";
  private static final String MOUNT = "sidecar.istio.io/userVolumeMount";

  private PodVolumes() {}

  /**
   * Adds the proxy's volumes, keeping what the user has under the same name; returns their names.
   */
  static List<String> add(ObjectNode spec, PodAnnotations annotations) throws InvalidPodException {
    ArrayNode volumes = spec.withArrayProperty("volumes");
    List<String> present = new ArrayList<>();
    volumes.forEach(v -> present.add(v.path("name").asText()));
    List<String> names = new ArrayList<>();
    ArrayNode wanted = ProxyPod.volumes();
    wanted.addAll(named(annotations, VOLUME));
    for (JsonNode volume : wanted) {
      String name = volume.path("name").asText();
      names.add(name);
      if (!present.contains(name)) {
        volumes.add(volume);
      }
    }
    return names;
  }

  static ArrayNode ownMounts(PodAnnotations annotations) throws InvalidPodException {
    return named(annotations, MOUNT);
  }

  /** Either a list, or a map from name to the rest, as Istio's documentation has it. */
  private static ArrayNode named(PodAnnotations annotations, String annotation)
      throws InvalidPodException {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    String text = annotations.text(annotation, "");
    if (text.isBlank()) {
      return list;
    }
    JsonNode parsed;
    try {
      parsed = new JsonMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw InvalidPodException.annotation(
          annotation, text, "is not JSON: " + e.getOriginalMessage());
    }
    if (parsed instanceof ArrayNode array) {
      return array;
    }
    if (!(parsed instanceof ObjectNode object)) {
      throw InvalidPodException.annotation(annotation, text, "is neither a JSON list nor a map");
    }
    object
        .properties()
        .forEach(
            e -> {
              ObjectNode entry = list.addObject().put("name", e.getKey());
              if (e.getValue() instanceof ObjectNode rest) {
                entry.setAll(rest);
              }
            });
    return list;
  }
}
