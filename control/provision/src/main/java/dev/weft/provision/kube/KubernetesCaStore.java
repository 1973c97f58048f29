package dev.weft.provision.kube;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.ca.CaEntries;
import dev.weft.ca.CaStore;
import dev.weft.discovery.KubeApi;
import dev.weft.discovery.KubeApi.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** CA secrets in a namespace of the mesh's API. */
public final class KubernetesCaStore implements CaStore {
  private final JsonApi api;
  private final String namespace;

  /**
   * @param mesh the mesh's API
   * @param namespace for example {@code istio-system}; made where it is missing
   */
  public KubernetesCaStore(KubeApi mesh, String namespace) {
    this.api = new JsonApi(mesh);
    this.namespace = namespace;
  }

  @Override
  public Optional<CaEntries> load(String name) throws IOException {
    try {
      return api.get(path() + "/" + name).map(KubernetesCaStore::entries);
    } catch (RefusedException e) {
      throw unreadable(name, e);
    }
  }

  @Override
  public CaEntries createIfAbsent(String name, CaEntries entries) throws IOException {
    try {
      if (api.get("/api/v1/namespaces/" + namespace).isEmpty()) {
        create("/api/v1/namespaces", named("Namespace", namespace));
      }
      ObjectNode secret = named("Secret", name).put("type", "istio.io/ca-root");
      ObjectNode data = secret.putObject("data");
      entries
          .pem()
          .forEach(
              (entry, pem) ->
                  data.put(
                      entry,
                      Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8))));
      create(path(), secret);
    } catch (RefusedException e) {
      throw unreadable(name, e);
    }
    return load(name)
        .orElseThrow(() -> new IOException("secret " + name + " vanished after it was written"));
  }

  /** Another replica may be faster: what exists is good. */
  private void create(String path, ObjectNode body) throws RefusedException {
    try {
      ObjectNode unused = api.create(path, body);
    } catch (RefusedException e) {
      if (!e.conflict()) {
        throw e;
      }
    }
  }

  private static ObjectNode named(String kind, String name) {
    ObjectNode body =
        JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", kind);
    body.putObject("metadata").put("name", name);
    return body;
  }

  private static CaEntries entries(ObjectNode secret) {
    Map<String, String> pem = new TreeMap<>();
    secret
        .path("data")
        .properties()
        .forEach(
            e ->
                pem.put(
                    e.getKey(),
                    new String(
                        Base64.getDecoder().decode(e.getValue().asText()),
                        StandardCharsets.UTF_8)));
    return CaEntries.of(pem);
  }

  private String path() {
    return "/api/v1/namespaces/" + namespace + "/secrets";
  }

  private IOException unreadable(String name, RefusedException e) {
    return new IOException(
        "secret " + namespace + "/" + name + " of the mesh's API: " + e.getMessage(), e);
  }
}
