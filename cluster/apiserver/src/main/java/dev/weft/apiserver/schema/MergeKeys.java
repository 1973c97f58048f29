package dev.weft.apiserver.schema;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which lists a strategic merge patch merges, and by which key: the {@code patchMergeKey} and
 * {@code patchStrategy} tags of the Go types (k8s.io/api), which the protobuf messages do not
 * carry.
 */
public final class MergeKeys {
  /** {@code Message.field} to key. */
  private static final Map<String, String> KEYS =
      Map.ofEntries(
          Map.entry("ObjectMeta.ownerReferences", "uid"),
          Map.entry("PodSpec.volumes", "name"),
          Map.entry("PodSpec.initContainers", "name"),
          Map.entry("PodSpec.containers", "name"),
          Map.entry("PodSpec.ephemeralContainers", "name"),
          Map.entry("PodSpec.imagePullSecrets", "name"),
          Map.entry("PodSpec.hostAliases", "ip"),
          Map.entry("PodSpec.topologySpreadConstraints", "topologyKey"),
          Map.entry("PodSpec.schedulingGates", "name"),
          Map.entry("PodSpec.resourceClaims", "name"),
          Map.entry("Container.ports", "containerPort"),
          Map.entry("Container.env", "name"),
          Map.entry("Container.volumeMounts", "mountPath"),
          Map.entry("Container.volumeDevices", "devicePath"),
          Map.entry("EphemeralContainerCommon.ports", "containerPort"),
          Map.entry("EphemeralContainerCommon.env", "name"),
          Map.entry("EphemeralContainerCommon.volumeMounts", "mountPath"),
          Map.entry("EphemeralContainerCommon.volumeDevices", "devicePath"),
          Map.entry("ServiceSpec.ports", "port"),
          Map.entry("ServiceStatus.conditions", "type"),
          Map.entry("ServiceAccount.secrets", "name"),
          Map.entry("PodStatus.conditions", "type"),
          Map.entry("PodStatus.podIPs", "ip"),
          Map.entry("PodStatus.hostIPs", "ip"),
          Map.entry("NodeStatus.conditions", "type"),
          Map.entry("NodeStatus.addresses", "type"),
          Map.entry("NamespaceStatus.conditions", "type"),
          Map.entry("DeploymentStatus.conditions", "type"),
          Map.entry("ReplicaSetStatus.conditions", "type"),
          Map.entry("DaemonSetStatus.conditions", "type"),
          Map.entry("StatefulSetStatus.conditions", "type"),
          Map.entry("JobStatus.conditions", "type"),
          Map.entry("PodDisruptionBudgetStatus.conditions", "type"),
          Map.entry("MutatingWebhookConfiguration.webhooks", "name"),
          Map.entry("ValidatingWebhookConfiguration.webhooks", "name"));

  /** Lists of plain values that are merged as sets. */
  private static final Set<String> SETS = Set.of("ObjectMeta.finalizers", "NodeSpec.podCIDRs");

  /** Where the patch says with {@code $retainKeys} which keys stay. */
  private static final Set<String> RETAIN_KEYS =
      Set.of("PodSpec.volumes", "PodSpec.resourceClaims", "DeploymentSpec.strategy");

  private MergeKeys() {}

  private static String name(FieldDescriptor field) {
    return field.getContainingType().getName() + "." + field.getName();
  }

  /** Empty for a list that a patch replaces as a whole. */
  public static Optional<String> key(FieldDescriptor field) {
    return Optional.ofNullable(KEYS.get(name(field)));
  }

  public static boolean set(FieldDescriptor field) {
    return SETS.contains(name(field));
  }

  /** The {@code x-kubernetes-patch-strategy}; empty for none. */
  public static String strategy(FieldDescriptor field) {
    boolean merge = KEYS.containsKey(name(field)) || SETS.contains(name(field));
    boolean retain = RETAIN_KEYS.contains(name(field));
    return merge && retain ? "merge,retainKeys" : merge ? "merge" : retain ? "retainKeys" : "";
  }
}
