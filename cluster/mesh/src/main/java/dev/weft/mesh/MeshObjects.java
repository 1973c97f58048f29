package dev.weft.mesh;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Selector;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.Trees;
import dev.weft.lab.supervisor.ClusterObjects;
import dev.weft.lab.supervisor.ClusterPlan;
import dev.weft.lab.supervisor.LabApi;
import dev.weft.lab.supervisor.LabCluster;
import dev.weft.lab.supervisor.LabPlan;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the config API holds before the control plane comes: who the members are (Istio:
 * istioctl/pkg/multicluster/remote_secret.go).
 */
final class MeshObjects {
  static final String NAMESPACE = "istio-system";

  /** Annotation of members: whether the lab was asked for a cross-cluster proxy. */
  private static final String PROXIED = "lab.weft.dev/cross-cluster-proxy";

  /**
   * Where the control plane reads the network of a member and whether it has a cross-cluster proxy.
   */
  static final ResourceType MEMBER_CLUSTERS =
      new ResourceType("mesh.weft.dev", "v1alpha1", "memberclusters", "MemberCluster", false);

  private MeshObjects() {}

  static void write(LabApi mesh, Iterable<LabCluster> members) {
    ClusterObjects objects = new ClusterObjects(mesh.store());
    objects.namespace(NAMESPACE, Map.of());
    Set<String> names = new HashSet<>();
    for (LabCluster each : members) {
      String cluster = each.plan().name();
      String name = RemoteSecrets.name(cluster);
      names.add(name);
      String kubeconfig = each.api().wanKubeconfig(NAMESPACE, ControlProcess.ACCOUNT);
      ObjectNode secret = ClusterObjects.object("v1", "Secret", NAMESPACE, name);
      ObjectNode metadata = (ObjectNode) secret.path("metadata");
      metadata
          .putObject("labels")
          .put("istio/multiCluster", "true")
          .put(RemoteSecrets.OURS, "true");
      metadata.putObject("annotations").put("networking.istio.io/cluster", cluster);
      secret.put("type", "Opaque");
      secret
          .putObject("data")
          .put(
              cluster,
              Base64.getEncoder().encodeToString(kubeconfig.getBytes(StandardCharsets.UTF_8)));
      objects.put(Kinds.SECRETS, NAMESPACE, name, secret);
    }
    RemoteSecrets.forgetOthers(mesh.store(), names);
  }

  /**
   * Registers the members as a fresh lab has them; what users changed since is kept, until the lab
   * is asked for other cross-cluster proxies.
   *
   * @return false while the control plane has not defined the type yet
   */
  static boolean memberClusters(LabApi mesh, LabPlan plan) {
    try {
      for (ClusterPlan each : plan.all()) {
        boolean enabled = plan.proxied(each.name());
        Optional<ObjectNode> has = mesh.store().get(MEMBER_CLUSTERS, "", each.name());
        if (has.isEmpty()) {
          ObjectNode member =
              ClusterObjects.object("mesh.weft.dev/v1alpha1", "MemberCluster", "", each.name());
          ObjectNode spec = member.putObject("spec").put("network", each.network());
          if (each.name().equals(LabPlan.MESH)) {
            spec.put("serverlessGateways", true);
          }
          mesh.store().create(MEMBER_CLUSTERS, "", proxied(member, enabled));
        } else if (!Meta.annotation(has.get(), PROXIED).equals(String.valueOf(enabled))) {
          ObjectNode patch = proxied(Trees.object(), enabled);
          if (Meta.annotation(has.get(), PROXIED).isEmpty()) {
            patch.remove("spec");
          }
          mesh.store().mergePatch(MEMBER_CLUSTERS, "", each.name(), patch);
        }
      }
      return true;
    } catch (ApiException e) {
      if (e.code() == 404) {
        return false;
      }
      throw e;
    }
  }

  /** With the annotation that remembers for the next start what was asked for. */
  private static ObjectNode proxied(ObjectNode member, boolean enabled) {
    member.withObject("/metadata").withObject("/annotations").put(PROXIED, String.valueOf(enabled));
    member.withObject("/spec").withObject("/crossClusterProxy").put("enabled", enabled);
    return member;
  }

  /** What an earlier run of the control plane said of the members is not known to be so now. */
  static void forget(LabApi mesh) {
    try {
      for (ObjectNode each : mesh.store().list(MEMBER_CLUSTERS, "", Selector.ALL).items()) {
        ObjectNode patch = Trees.object();
        patch.putObject("status").putNull("phase");
        mesh.store().mergePatchStatus(MEMBER_CLUSTERS, "", Meta.name(each), patch);
      }
    } catch (ApiException e) {
      // not defined yet
      return;
    }
  }
}
