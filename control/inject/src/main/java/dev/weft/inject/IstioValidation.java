package dev.weft.inject;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.config.ConfigKind;
import dev.weft.config.ObjectParser;
import dev.weft.config.Parsed;
import java.util.List;
import java.util.Map;

/**
 * Says what is wrong with an object of the config API, by the parsers that the mesh itself uses.
 */
final class IstioValidation {
  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

  private IstioValidation() {}

  /** Of a kind that the mesh does not read there is nothing to say. */
  private static final Parsed UNREAD = new Parsed(null, List.of());

  static Parsed parse(JsonNode object) {
    String apiVersion = object.path("apiVersion").asText();
    int slash = apiVersion.indexOf('/');
    String group = slash < 0 ? "" : apiVersion.substring(0, slash);
    for (ConfigKind kind : ConfigKind.values()) {
      if (kind.group().equals(group) && kind.kind().equals(object.path("kind").asText())) {
        return ObjectParser.parse(kind, new JsonMapper().convertValue(object, TREE));
      }
    }
    return UNREAD;
  }
}
