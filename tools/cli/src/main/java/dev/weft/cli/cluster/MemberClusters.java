package dev.weft.cli.cluster;

import dev.weft.cli.reach.CommandFailure;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The MemberCluster objects of the mesh's config API. */
final class MemberClusters {
  private static final ResourceDefinitionContext TYPE =
      new ResourceDefinitionContext.Builder()
          .withGroup("mesh.weft.dev")
          .withVersion("v1alpha1")
          .withKind("MemberCluster")
          .withPlural("memberclusters")
          .withNamespaced(false)
          .build();

  private final KubernetesClient mesh;

  MemberClusters(KubernetesClient mesh) {
    this.mesh = mesh;
  }

  List<GenericKubernetesResource> list() {
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
    return mesh.genericKubernetesResources(TYPE);
  }

  private static <T> T answer(Supplier<T> request) {
    try {
      return request.get();
    } catch (KubernetesClientException e) {
      throw switch (e.getCode()) {
        case 0 ->
            CommandFailure.unreachable("the mesh's API server does not answer: " + e.getMessage());
        case 404 ->
            CommandFailure.failed(
                "the mesh's API server has no MemberCluster objects: is a control plane running?");
        default -> CommandFailure.failed(String.valueOf(e.getMessage()));
      };
    }
  }
}
