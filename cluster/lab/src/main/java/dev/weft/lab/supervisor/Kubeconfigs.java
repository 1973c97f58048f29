package dev.weft.lab.supervisor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Trees;
import java.io.UncheckedIOException;
import java.util.List;

/** Puts kubeconfigs together. */
final class Kubeconfigs {
  private Kubeconfigs() {}

  /**
   * One file with the contexts of all.
   *
   * @param configs YAML or JSON, with different names in them
   * @param current the context that is used where none is named
   */
  static String merge(List<String> configs, String current) {
    ObjectNode result = Trees.object();
    result.put("apiVersion", "v1").put("kind", "Config");
    for (String part : List.of("clusters", "users", "contexts")) {
      ArrayNode all = result.putArray(part);
      for (String config : configs) {
        for (JsonNode each : Trees.yaml(config).path(part)) {
          all.add(each);
        }
      }
    }
    result.putObject("preferences");
    result.put("current-context", current);
    try {
      return Trees.YAML.writeValueAsString(result);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
