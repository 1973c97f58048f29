package dev.weft.provision.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.discovery.KubeApi;
import java.io.IOException;
import java.util.Optional;

/**
 * What tells this mesh from others: a name that was given, or the uid of its root namespace in its
 * own API, which lives as long as the mesh's configuration does. Thread-safe.
 */
final class MeshInstance {
  private final JsonApi mesh;
  private final String rootNamespace;
  private volatile String known;

  /**
   * @param given empty for none
   */
  MeshInstance(KubeApi mesh, String rootNamespace, String given) {
    this.mesh = new JsonApi(mesh);
    this.rootNamespace = rootNamespace;
    this.known = given;
  }

  /**
   * The name; asks for it once.
   *
   * @throws IOException where the mesh's own API does not say it yet
   */
  String get() throws IOException {
    if (known.isEmpty()) {
      Optional<ObjectNode> namespace = mesh.get("/api/v1/namespaces/" + rootNamespace);
      String uid = namespace.map(n -> n.path("metadata").path("uid").asText("")).orElse("");
      if (uid.isEmpty()) {
        throw new IOException(
            "the mesh's own API has no namespace "
                + rootNamespace
                + " yet, by which objects of"
                + " this mesh are told from others'");
      }
      known = uid;
    }
    return known;
  }
}
