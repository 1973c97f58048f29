package dev.weft.provision.kube;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.discovery.KubeApi;
import dev.weft.discovery.KubeApi.RefusedException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An API server with JSON trees. Every method blocks. Thread-safe. */
final class JsonApi {
  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

  private final KubeApi api;
  private final JsonMapper mapper = new JsonMapper();

  JsonApi(KubeApi api) {
    this.api = api;
  }

  Optional<ObjectNode> get(String path) throws RefusedException {
    return api.get(path).map(this::json);
  }

  /** Objects with a label, of all namespaces; none where the server does not know the kind. */
  List<ObjectNode> list(String path, String selector) throws RefusedException {
    Optional<ObjectNode> list =
        get(path + "?labelSelector=" + URLEncoder.encode(selector, StandardCharsets.UTF_8));
    List<ObjectNode> items = new ArrayList<>();
    if (list.isPresent()) {
      for (JsonNode item : list.get().path("items")) {
        if (item instanceof ObjectNode object) {
          items.add(object);
        }
      }
    }
    return items;
  }

  ObjectNode create(String path, ObjectNode body) throws RefusedException {
    return json(api.create(path, tree(body)));
  }

  ObjectNode replace(String path, ObjectNode body) throws RefusedException {
    return json(api.replace(path, tree(body)));
  }

  /** Does nothing where the object is gone already. */
  void delete(String path) throws RefusedException {
    api.delete(path);
  }

  private ObjectNode json(Map<String, Object> tree) {
    return mapper.valueToTree(tree);
  }

  private Map<String, Object> tree(ObjectNode json) {
    return mapper.convertValue(json, TREE);
  }
}
