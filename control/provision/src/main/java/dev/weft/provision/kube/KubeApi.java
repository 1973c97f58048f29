package dev.weft.provision.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One API server, by URL paths and JSON trees. Every method blocks and throws {@link
 * KubernetesClientException} where the server refuses or does not answer (code 0).
 *
 * <p>Thread-safe.
 */
final class KubeApi {
  private final KubernetesClient client;
  private final JsonMapper mapper = new JsonMapper();

  KubeApi(KubernetesClient client) {
    this.client = client;
  }

  Optional<ObjectNode> get(String path) {
    @Nullable String text;
    try {
      text = client.raw(path);
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
    return Optional.ofNullable(text).map(this::parse);
  }

  /**
   * Objects of all namespaces; none where the server does not know the kind.
   *
   * @param selector of labels; empty for all
   */
  List<ObjectNode> list(String path, String selector) {
    String query =
        selector.isEmpty()
            ? ""
            : "?labelSelector=" + URLEncoder.encode(selector, StandardCharsets.UTF_8);
    List<ObjectNode> items = new ArrayList<>();
    Optional<ObjectNode> list = get(path + query);
    if (list.isPresent()) {
      for (JsonNode item : list.get().path("items")) {
        if (item instanceof ObjectNode object) {
          items.add(object);
        }
      }
    }
    return items;
  }

  ObjectNode create(String path, ObjectNode body) {
    return parse(client.raw(path, "POST", body));
  }

  ObjectNode replace(String path, ObjectNode body) {
    return parse(client.raw(path, "PUT", body));
  }

  /** Does nothing where the object is gone already. */
  void delete(String path) {
    try {
      client.raw(path, "DELETE", null);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }

  private ObjectNode parse(@Nullable String text) {
    try {
      if (text != null && mapper.readTree(text) instanceof ObjectNode object) {
        return object;
      }
      throw new KubernetesClientException(
          "the API server answered with something that is no object");
    } catch (JsonProcessingException e) {
      throw new KubernetesClientException(
          "the API server answered with something that is no JSON", e);
    }
  }
}
