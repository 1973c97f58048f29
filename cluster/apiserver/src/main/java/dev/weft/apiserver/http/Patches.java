package dev.weft.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.patch.JsonPatch;
import dev.weft.apiserver.patch.MergePatch;
import dev.weft.apiserver.patch.StrategicMergePatch;
import dev.weft.apiserver.schema.KnownType;
import dev.weft.apiserver.schema.MessageShape;
import java.util.ArrayList;

/** The patch types, by media type. */
final class Patches {

  /** A patch that was read and can be applied, more than once where writers race. */
  @FunctionalInterface
  interface Patch {
    /** {@code object} may be changed. */
    ObjectNode apply(ObjectNode object);
  }

  Patch read(Request request, KnownType known) {
    String type = request.contentType();
    return switch (type) {
      case "application/json-patch+json" -> {
        JsonNode patch = Json.read(request.body(), new ArrayList<>());
        yield object -> object(JsonPatch.apply(object, patch));
      }
      case "application/merge-patch+json" -> {
        ObjectNode patch = object(Json.read(request.body(), new ArrayList<>()));
        yield object -> object(MergePatch.apply(object, patch));
      }
      case "application/strategic-merge-patch+json" -> {
        if (!(known.shape() instanceof MessageShape shape)) {
          throw Errors.unsupportedMediaType(
              "strategic merge patch is for built-in types only; use"
                  + " application/merge-patch+json (kubectl patch --type=merge) for "
                  + known.type());
        }
        ObjectNode patch = object(Json.read(request.body(), new ArrayList<>()));
        yield object -> StrategicMergePatch.apply(object, patch, shape.descriptor().get());
      }
      default ->
          throw Errors.unsupportedMediaType(
              "the body of the request was in an unknown format - accepted media types include:"
                  + " application/json-patch+json, application/merge-patch+json,"
                  + " application/strategic-merge-patch+json, application/apply-patch+yaml");
    };
  }

  private static ObjectNode object(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw Errors.badRequest("a patch has to leave an object, not " + node.getNodeType());
  }
}
