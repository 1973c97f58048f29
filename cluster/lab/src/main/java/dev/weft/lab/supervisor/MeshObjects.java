package dev.weft.lab.supervisor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Selector;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.LabelSelector;
import dev.weft.lab.object.Meta;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * What the config API holds before the control plane comes: who the members are (Istio:
 * istioctl/pkg/multicluster/remote_secret.go).
 */
final class MeshObjects {
  private static final String NAMESPACE = "istio-system";

  /**
   * Where the control plane reads the network of a member and whether it has a cross-cluster proxy.
   */
  static final ResourceType MEMBER_CLUSTERS =
      new ResourceType("mesh.weft.dev", "v1alpha1", "memberclusters", "MemberCluster", false);

  private MeshObjects() {}

  static void write(Member mesh, Iterable<RunningNode> members) {
    ClusterObjects objects = new ClusterObjects(mesh.store());
    objects.namespace(NAMESPACE, Map.of());
    for (RunningNode each : members) {
      String cluster = each.plan().name();
      String name = "istio-remote-secret-" + cluster;
      String kubeconfig = each.member().api().kubeconfig(cluster, each.member().wanServer());
      ObjectNode secret = ClusterObjects.object("v1", "Secret", NAMESPACE, name);
      ObjectNode metadata = (ObjectNode) secret.path("metadata");
      metadata.putObject("labels").put("istio/multiCluster", "true");
      metadata.putObject("annotations").put("networking.istio.io/cluster", cluster);
      secret.put("type", "Opaque");
      secret
          .putObject("data")
          .put(
              cluster,
              Base64.getEncoder().encodeToString(kubeconfig.getBytes(StandardCharsets.UTF_8)));
      objects.put(Kinds.SECRETS, NAMESPACE, name, secret);
    }
  }

  /**
   * Registers the members as a fresh lab has them; what users changed since is kept.
   *
   * @return false while the control plane has not defined the type yet
   */
  static boolean memberClusters(Member mesh, LabPlan plan) {
    ClusterObjects objects = new ClusterObjects(mesh.store());
    try {
      for (ClusterPlan each : plan.clusters()) {
        ObjectNode member =
            ClusterObjects.object("mesh.weft.dev/v1alpha1", "MemberCluster", "", each.name());
        ObjectNode spec = member.putObject("spec").put("network", each.network());
        spec.putObject("crossClusterProxy").put("enabled", plan.hasCrossClusterProxy(each.name()));
        objects.createMissing(MEMBER_CLUSTERS, "", each.name(), member);
      }
      return true;
    } catch (ApiException e) {
      if (e.code() == 404) {
        return false;
      }
      throw e;
    }
  }

  /** Whether pods that are created now get a sidecar where they should. */
  static boolean injects(ObjectStore cluster) {
    return cluster.list(Kinds.MUTATING_WEBHOOKS, "", Selector.ALL).items().stream()
        .anyMatch(c -> !c.path("webhooks").isEmpty());
  }

  /** As it is switched now, which may not be how the lab began. */
  static boolean wantsCrossClusterProxy(Member mesh, String cluster) {
    return mesh.store()
        .get(MEMBER_CLUSTERS, "", cluster)
        .filter(m -> m.path("spec").path("crossClusterProxy").path("enabled").asBoolean())
        .isPresent();
  }

  /** Whether as many pods are ready as are wanted; statuses above pods may be late. */
  static boolean crossClusterProxyReady(ObjectStore cluster, String name) {
    Optional<ObjectNode> deployment =
        cluster.get(Kinds.DEPLOYMENTS, NAMESPACE, "istio-asm-cross-network-" + name);
    if (deployment.isEmpty()) {
      return false;
    }
    LabelSelector selector = LabelSelector.of(deployment.get().path("spec").path("selector"));
    long ready =
        cluster.list(Kinds.PODS, NAMESPACE, Selector.ALL).items().stream()
            .filter(pod -> selector.matches(Meta.labels(pod)) && !Meta.deleting(pod))
            .filter(pod -> Meta.condition(pod, "Ready").path("status").asText().equals("True"))
            .count();
    return ready >= deployment.get().path("spec").path("replicas").asInt();
  }
}
