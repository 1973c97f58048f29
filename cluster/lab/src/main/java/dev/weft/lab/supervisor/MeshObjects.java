package dev.weft.lab.supervisor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ObjectStore.DeleteOptions;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Selector;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the config API holds before the control plane comes: who the members are (Istio:
 * istioctl/pkg/multicluster/remote_secret.go).
 */
final class MeshObjects {
  private static final String NAMESPACE = "istio-system";

  /** Label of remote secrets that the lab wrote. */
  private static final String OURS = "lab.weft.dev/member";

  /**
   * Where the control plane reads the network of a member and whether it has a cross-cluster proxy.
   */
  static final ResourceType MEMBER_CLUSTERS =
      new ResourceType("mesh.weft.dev", "v1alpha1", "memberclusters", "MemberCluster", false);

  private MeshObjects() {}

  static void write(Member mesh, Iterable<RunningNode> members) {
    ClusterObjects objects = new ClusterObjects(mesh.store());
    objects.namespace(NAMESPACE, Map.of());
    Set<String> names = new HashSet<>();
    for (RunningNode each : members) {
      String cluster = each.plan().name();
      String name = "istio-remote-secret-" + cluster;
      names.add(name);
      String kubeconfig = each.member().api().kubeconfig(cluster, each.member().wanServer());
      ObjectNode secret = ClusterObjects.object("v1", "Secret", NAMESPACE, name);
      ObjectNode metadata = (ObjectNode) secret.path("metadata");
      metadata.putObject("labels").put("istio/multiCluster", "true").put(OURS, "true");
      metadata.putObject("annotations").put("networking.istio.io/cluster", cluster);
      secret.put("type", "Opaque");
      secret
          .putObject("data")
          .put(
              cluster,
              Base64.getEncoder().encodeToString(kubeconfig.getBytes(StandardCharsets.UTF_8)));
      objects.put(Kinds.SECRETS, NAMESPACE, name, secret);
    }
    // A lab may come back with fewer clusters; what users registered stays.
    for (ObjectNode secret :
        mesh.store().list(Kinds.SECRETS, NAMESPACE, Selector.labels(OURS)).items()) {
      if (!names.contains(Meta.name(secret))) {
        mesh.store().delete(Kinds.SECRETS, NAMESPACE, Meta.name(secret), DeleteOptions.NOW);
      }
    }
  }

  /**
   * Registers the members as a fresh lab has them; what users changed since is kept.
   *
   * @return false while the control plane has not defined the type yet
   */
  static boolean memberClusters(Member mesh, LabPlan plan) {
    ClusterObjects objects = new ClusterObjects(mesh.store());
    List<String> proxies = List.of(plan.crossClusterProxy().split(",", -1));
    try {
      for (ClusterPlan each : plan.clusters()) {
        ObjectNode member =
            ClusterObjects.object("mesh.weft.dev/v1alpha1", "MemberCluster", "", each.name());
        ObjectNode spec = member.putObject("spec").put("network", each.network());
        boolean enabled = proxies.contains("all") || proxies.contains(each.name());
        spec.putObject("crossClusterProxy").put("enabled", enabled);
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
}
