package dev.weft.cli.cluster;

import dev.weft.cli.reach.CommandFailure;
import dev.weft.cli.reach.MeshAccess;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The MemberCluster objects of the mesh's config API. */
public final class MemberClusters {
  private final KubernetesClient mesh;

  public MemberClusters(KubernetesClient mesh) {
    this.mesh = mesh;
  }

  public List<GenericKubernetesResource> list() {
    return answer(() -> operation().list().getItems());
  }

  /** Merges values into the spec. */
  GenericKubernetesResource patchSpec(String name, Map<String, Object> spec) {
    List<String> known = list().stream().map(c -> c.getMetadata().getName()).toList();
    if (!known.contains(name)) {
      throw CommandFailure.failed(
          "no cluster '" + name + "' in the mesh; there are: " + String.join(", ", known));
    }
    return answer(
        () ->
            operation()
                .withName(name)
                .edit(
                    cluster -> {
                      Map<String, Object> merged =
                          Trees.merged(
                              Trees.child(cluster.getAdditionalProperties(), "spec"), spec);
                      cluster.setAdditionalProperty("spec", merged);
                      return cluster;
                    }));
  }

  private MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      operation() {
    return mesh.genericKubernetesResources(MeshAccess.MEMBER_CLUSTERS);
  }

  private static <T> T answer(Supplier<T> request) {
    try {
      return request.get();
    } catch (KubernetesClientException e) {
      // A silent server is told of with its address, by whoever shows failures.
      throw e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
          ? CommandFailure.failed(
              "the mesh's API server has no MemberCluster objects: is a control plane running?")
          : e;
    }
  }
}
