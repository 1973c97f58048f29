package dev.weft.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The {@code env} of a container, in order; a later entry of the same name replaces the earlier.
 *
 * <p>Confined to one thread.
 */
public final class EnvVars {
  private final SequencedMap<String, ObjectNode> entries = new LinkedHashMap<>();

  private ObjectNode entry(String name) {
    ObjectNode entry = JsonNodeFactory.instance.objectNode().put("name", name);
    entries.put(name, entry);
    return entry;
  }

  public EnvVars value(String name, String value) {
    entry(name).put("value", value);
    return this;
  }

  public EnvVars values(Map<String, String> values) {
    values.forEach(this::value);
    return this;
  }

  /** From a field of the pod, such as {@code metadata.name}. */
  public EnvVars field(String name, String path) {
    entry(name).putObject("valueFrom").putObject("fieldRef").put("fieldPath", path);
    return this;
  }

  /** From a limit or request of the container, such as {@code limits.cpu}. */
  public EnvVars resource(String name, String resource) {
    entry(name).putObject("valueFrom").putObject("resourceFieldRef").put("resource", resource);
    return this;
  }

  /** Entries as users write them in a container. */
  public EnvVars written(JsonNode env) {
    for (JsonNode each : env) {
      if (each instanceof ObjectNode object && object.path("name").isTextual()) {
        entries.put(object.path("name").textValue(), object.deepCopy());
      }
    }
    return this;
  }

  public ArrayNode json() {
    ArrayNode env = JsonNodeFactory.instance.arrayNode();
    entries.values().forEach(e -> env.add(e.deepCopy()));
    return env;
  }
}
