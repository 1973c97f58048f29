package dev.weft.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Beginnings of objects. */
final class Objects {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private Objects() {}

  /** An object of the mesh: apiVersion, kind, name and owner label. */
  static ObjectNode named(ManagedKind kind, String namespace, String name) {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiVersion", kind.apiVersion())
            .put("kind", kind.kind());
    ObjectNode metadata = body.putObject("metadata").put("name", name);
    if (kind.namespaced()) {
      metadata.put("namespace", namespace);
    }
    metadata.putObject("labels").put(Ownership.LABEL, Ownership.MESH);
    return body;
  }

  static ObjectNode labels(ObjectNode body) {
    return body.withObject("/metadata/labels");
  }

  /** From the maps, lists and scalars of a user's object; always in the same order. */
  static JsonNode tree(@Nullable Object value) {
    return MAPPER.valueToTree(value);
  }
}
