package dev.weft.mesh;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ObjectStore.DeleteOptions;
import dev.weft.apiserver.Selector;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.Trees;
import dev.weft.lab.supervisor.ClusterObjects;
import dev.weft.lab.supervisor.LabCluster;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which clusters a control plane may look into (Istio: istioctl/pkg/multicluster/remote_secret.go).
 */
final class RemoteSecrets {
  /** Label of those that the lab wrote. */
  static final String OURS = "lab.weft.dev/member";

  private RemoteSecrets() {}

  static String name(String cluster) {
    return "istio-remote-secret-" + cluster;
  }

  /** Lets the control planes of some clusters look into all that are not their own. */
  static void exchange(Operator operator, List<LabCluster> readers, List<LabCluster> members)
      throws IOException {
    Together.in(members, member -> show(operator, member, readers));
    Set<String> names =
        members.stream().map(member -> name(member.plan().name())).collect(Collectors.toSet());
    readers.forEach(reader -> forgetOthers(reader.api().store(), names));
  }

  private static void show(Operator operator, LabCluster member, List<LabCluster> readers)
      throws IOException {
    String cluster = member.plan().name();
    List<LabCluster> lacking =
        readers.stream()
            .filter(reader -> !reader.plan().name().equals(cluster))
            .filter(reader -> !has(reader, name(cluster)))
            .toList();
    if (lacking.isEmpty()) {
      return;
    }
    String yaml =
        operator.weft(List.of("create-remote-secret", "--context", cluster, "--name", cluster));
    for (LabCluster reader : lacking) {
      ObjectNode secret = Trees.yaml(yaml);
      secret.withObject("/metadata").withObject("/labels").put(OURS, "true");
      new ClusterObjects(reader.api().store())
          .createMissing(Kinds.SECRETS, MeshObjects.NAMESPACE, name(cluster), secret);
      operator.ground().say("%s may look into %s".formatted(reader.plan().name(), cluster));
    }
  }

  private static boolean has(LabCluster reader, String name) {
    return reader.api().store().get(Kinds.SECRETS, MeshObjects.NAMESPACE, name).isPresent();
  }

  /** A lab may come back with fewer clusters; what users registered stays. */
  static void forgetOthers(ObjectStore store, Set<String> names) {
    for (ObjectNode secret :
        store.list(Kinds.SECRETS, MeshObjects.NAMESPACE, Selector.labels(OURS)).items()) {
      if (!names.contains(Meta.name(secret))) {
        store.delete(Kinds.SECRETS, MeshObjects.NAMESPACE, Meta.name(secret), DeleteOptions.NOW);
      }
    }
  }
}
