package dev.weft.provision;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Brings what is wanted into what is there, as {@code kubectl apply} does: fields that the mesh
 * wanted before and no longer wants go, fields that it never spoke of stay.
 */
final class ThreeWay {
  /** Who wins where a field that the mesh wants was changed by somebody else. */
  enum Winner {
    /** The mesh: drift is undone. */
    MESH,
    /** The user: what they changed is theirs from then on. */
    USER
  }

  private final Winner winner;

  private ThreeWay(Winner winner) {
    this.winner = winner;
  }

  /**
   * The object to write; equal to {@code live} where there is nothing to do.
   *
   * @param live as the API server has it
   * @param wanted without the note of what was applied last, which is added here
   */
  static ObjectNode merge(ObjectNode live, ObjectNode wanted, Winner winner) {
    ObjectNode last = lastApplied(live);
    ObjectNode merged = live.deepCopy();
    new ThreeWay(winner).objects(merged, wanted, last);
    note(merged, wanted);
    return merged;
  }

  /** Whether {@code live} has every field of {@code wanted}, with its value. */
  static boolean covers(ObjectNode live, ObjectNode wanted) {
    ObjectNode merged = live.deepCopy();
    new ThreeWay(Winner.MESH).objects(merged, wanted, JsonNodeFactory.instance.objectNode());
    return merged.equals(live);
  }

  /** The object to create. */
  static ObjectNode create(ObjectNode wanted) {
    ObjectNode body = wanted.deepCopy();
    note(body, wanted);
    return body;
  }

  private static void note(ObjectNode body, ObjectNode wanted) {
    body.withObject("/metadata/annotations").put(Ownership.LAST_APPLIED, wanted.toString());
  }

  private static ObjectNode lastApplied(ObjectNode live) {
    String text = live.path("metadata").path("annotations").path(Ownership.LAST_APPLIED).asText("");
    try {
      return !text.isEmpty() && new JsonMapper().readTree(text) instanceof ObjectNode last
          ? last
          : JsonNodeFactory.instance.objectNode();
    } catch (JsonProcessingException e) {
      // Somebody edited the note; without it nothing can be told to be obsolete.
      return JsonNodeFactory.instance.objectNode();
    }
  }

  private void objects(ObjectNode live, JsonNode wanted, JsonNode last) {
    for (Map.Entry<String, JsonNode> field : last.properties()) {
      String name = field.getKey();
      if (!wanted.has(name)) {
        withdraw(live, name, field.getValue());
      }
    }
    for (Map.Entry<String, JsonNode> field : wanted.properties()) {
      String name = field.getKey();
      live.set(name, value(live.path(name), field.getValue(), last.path(name)));
    }
  }

  /** Takes away what the mesh put there, and what it put into it, but nothing of others. */
  private void withdraw(ObjectNode live, String name, JsonNode last) {
    JsonNode there = live.path(name);
    if (there instanceof ObjectNode object && last.isObject()) {
      last.properties().forEach(e -> withdraw(object, e.getKey(), e.getValue()));
      if (object.isEmpty()) {
        live.remove(name);
      }
    } else if (winner == Winner.MESH || same(there, last)) {
      live.remove(name);
    }
  }

  private JsonNode value(JsonNode live, JsonNode wanted, JsonNode last) {
    if (live instanceof ObjectNode object && wanted.isObject()) {
      objects(object, wanted, last);
      return object;
    }
    if (winner == Winner.USER && !live.isMissingNode()) {
      // Not noted before: somebody wrote it before the mesh had a wish. Changed since: theirs.
      return !last.isMissingNode() && same(live, last) ? wanted.deepCopy() : live;
    }
    if (live instanceof ArrayNode list && wanted instanceof ArrayNode wish) {
      return lists(list, wish, last);
    }
    return same(live, wanted) ? live : wanted.deepCopy();
  }

  /** Elements keep what the API server filled in; which elements there are, the mesh says. */
  private JsonNode lists(ArrayNode live, ArrayNode wanted, JsonNode last) {
    boolean named = named(live) && named(wanted);
    if (!named && live.size() != wanted.size()) {
      return wanted.deepCopy();
    }
    ArrayNode merged = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < wanted.size(); i++) {
      JsonNode wish = wanted.get(i);
      merged.add(
          named
              ? value(byName(live, wish), wish, byName(last, wish))
              : value(live.get(i), wish, last.path(i)));
    }
    return merged;
  }

  private static boolean named(JsonNode list) {
    Set<String> names = new HashSet<>();
    for (JsonNode each : list) {
      if (!each.path("name").isTextual() || !names.add(each.path("name").textValue())) {
        return false;
      }
    }
    return true;
  }

  private static JsonNode byName(JsonNode list, JsonNode wish) {
    for (JsonNode each : list) {
      if (each.path("name").equals(wish.path("name"))) {
        return each;
      }
    }
    return MissingNode.getInstance();
  }

  /** API servers write quantities in their own way: 2000m of CPU comes back as 2. */
  private static boolean same(JsonNode one, JsonNode other) {
    return one.equals(other)
        || one.isValueNode()
            && other.isValueNode()
            && Quantities.equal(one.asText(), other.asText());
  }
}
