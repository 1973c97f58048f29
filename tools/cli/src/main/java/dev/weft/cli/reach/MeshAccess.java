package dev.weft.cli.reach;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Which API server holds the mesh's own objects: the config API of a hosted mesh, or the cluster of
 * a control plane that runs in one. Found by what the API servers serve, not by the names of
 * contexts.
 */
public final class MeshAccess {
  /** The MemberCluster objects of a mesh. */
  public static final ResourceDefinitionContext MEMBER_CLUSTERS =
      new ResourceDefinitionContext.Builder()
          .withGroup("mesh.weft.dev")
          .withVersion("v1alpha1")
          .withKind("MemberCluster")
          .withPlural("memberclusters")
          .withNamespaced(false)
          .build();

  /** The context that a lab gives the config API of a hosted mesh; asked before others. */
  private static final String USUAL = "mesh";

  @Mixin private final ClusterAccess clusters = new ClusterAccess();

  @Option(
      names = "--mesh-context",
      paramLabel = "NAME",
      description =
          "The context that holds the mesh's own objects (default: found by asking; --context"
              + " first, then the others)")
  private @Nullable String meshContext;

  /** What an API server says when it is asked for MemberCluster objects; the best comes first. */
  enum Answer {
    HAS_SOME,
    HAS_NONE,
    NOT_SERVED,
    SILENT
  }

  /** The options for the clusters. */
  public ClusterAccess clusters() {
    return clusters;
  }

  /**
   * A client of the mesh's API server. The caller closes it.
   *
   * @throws CommandFailure where no context holds a mesh
   */
  public KubernetesClient client(LabHere lab) {
    Kubeconfig config = clusters.kubeconfig(lab.kubeconfig());
    return clusters.client(config, context(config));
  }

  private String context(Kubeconfig config) {
    if (meshContext != null) {
      return config.context(Optional.of(meshContext));
    }
    List<Asked> asked = new ArrayList<>();
    for (String name : candidates(config, clusters.context())) {
      Asked answer = new Asked(name, ask(config, name));
      if (answer.said() == Answer.HAS_SOME) {
        return name;
      }
      asked.add(answer);
    }
    return best(asked);
  }

  record Asked(String context, Answer said) {}

  /** Where to look, in this order: what was named, the usual name, the current one, all others. */
  static Set<String> candidates(Kubeconfig config, Optional<String> named) {
    Set<String> names = new LinkedHashSet<>();
    named.ifPresent(name -> names.add(config.context(Optional.of(name))));
    if (config.contexts().contains(USUAL)) {
      names.add(USUAL);
    }
    config.currentContext().filter(config.contexts()::contains).ifPresent(names::add);
    names.addAll(config.contexts());
    return names;
  }

  static String best(List<Asked> asked) {
    Asked first =
        asked.stream()
            .min(Comparator.comparing(Asked::said))
            .orElseThrow(() -> CommandFailure.failed("the kubeconfig has no contexts"));
    return switch (first.said()) {
      case HAS_SOME, HAS_NONE -> first.context();
      case NOT_SERVED ->
          throw new CommandFailure(
              // The one that is silent may be the one that is meant.
              names(asked, Answer.SILENT).isEmpty()
                  ? CommandFailure.Kind.FAILED
                  : CommandFailure.Kind.UNREACHABLE,
              "no context has a mesh's own objects (MemberCluster): asked "
                  + names(asked, Answer.NOT_SERVED)
                  + silent(asked)
                  + "; is a control plane running there? Give --mesh-context where it is another");
      case SILENT ->
          throw CommandFailure.unreachable(
              "no API server answers: asked "
                  + names(asked, Answer.SILENT)
                  + "; are they up, and reachable from here?");
    };
  }

  private static String silent(List<Asked> asked) {
    String names = names(asked, Answer.SILENT);
    return names.isEmpty() ? "" : " (no answer from " + names + ")";
  }

  private static String names(List<Asked> asked, Answer said) {
    return String.join(
        ", ", asked.stream().filter(a -> a.said() == said).map(Asked::context).toList());
  }

  private Answer ask(Kubeconfig config, String name) {
    if (config.server(name).isEmpty()) {
      return Answer.SILENT;
    }
    try (KubernetesClient client = clusters.client(config, name)) {
      List<GenericKubernetesResource> found =
          client.genericKubernetesResources(MEMBER_CLUSTERS).list().getItems();
      return found.isEmpty() ? Answer.HAS_NONE : Answer.HAS_SOME;
    } catch (KubernetesClientException e) {
      return e.getCode() <= 0 ? Answer.SILENT : Answer.NOT_SERVED;
    }
  }
}
