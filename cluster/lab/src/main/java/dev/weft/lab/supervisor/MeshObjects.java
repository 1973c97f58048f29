package dev.weft.lab.supervisor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Kinds;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * What the config API holds before the control plane comes: who the members are (Istio:
 * istioctl/pkg/multicluster/remote_secret.go).
 */
final class MeshObjects {
  private static final String NAMESPACE = "istio-system";

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
}
