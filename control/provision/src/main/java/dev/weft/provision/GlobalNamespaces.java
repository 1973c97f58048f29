package dev.weft.provision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.KubeNamespace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Namespaces of the mesh's own API whose mesh labels hold in every cluster: there they are made
 * where they are missing (Alibaba Cloud ASM: global namespaces).
 */
final class GlobalNamespaces {
  private static final List<String> SYNCED =
      List.of("istio-injection", "istio.io/rev", "istio.io/dataplane-mode");

  private GlobalNamespaces() {}

  /** Whether a cluster's API is the mesh's own: what stands there is the user's word itself. */
  static boolean comeFrom(ClusterFacts facts, ConfigSet config, ProvisionSettings settings) {
    KubeNamespace there = facts.namespaces().get(settings.rootNamespace());
    KubeNamespace here = config.namespaces().get(settings.rootNamespace());
    return there != null
        && here != null
        && !there.uid().isEmpty()
        && there.uid().equals(here.uid());
  }

  static List<Manifest> of(Collection<KubeNamespace> namespaces, ProvisionSettings settings) {
    List<Manifest> manifests = new ArrayList<>();
    for (KubeNamespace namespace : namespaces) {
      boolean ours =
          !namespace.terminating()
              && !namespace.name().equals(settings.rootNamespace())
              && !settings.skippedNamespaces().contains(namespace.name())
              && SYNCED.stream().anyMatch(namespace.labels()::containsKey);
      if (ours) {
        ObjectNode body = Objects.named(ManagedKind.NAMESPACE, "", namespace.name());
        ObjectNode labels = Objects.labels(body);
        for (String label : SYNCED) {
          String value = namespace.labels().get(label);
          if (value != null) {
            labels.put(label, value);
          }
        }
        manifests.add(Manifest.of(body));
      }
    }
    return manifests;
  }
}
