package dev.weft.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.Json;
import java.util.Map;

/** JSON merge patch (RFC 7386). */
public final class MergePatch {
  private MergePatch() {}

  /** The patched value; {@code target} may be changed, {@code patch} is not. */
  public static JsonNode apply(JsonNode target, JsonNode patch) {
    if (!(patch instanceof ObjectNode changes)) {
      return patch.deepCopy();
    }
    ObjectNode object = target instanceof ObjectNode own ? own : Json.object();
    for (Map.Entry<String, JsonNode> change : changes.properties()) {
      if (change.getValue().isNull()) {
        object.remove(change.getKey());
      } else {
        object.set(change.getKey(), apply(object.path(change.getKey()), change.getValue()));
      }
    }
    return object;
  }
}
