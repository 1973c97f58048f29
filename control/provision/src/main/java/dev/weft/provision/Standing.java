package dev.weft.provision;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ControlIdentity;
import dev.weft.config.KubeNamespace;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a member cluster is to the control plane, and so what is written into it. */
public enum Standing {
  /** The control plane runs in it; what a chart installs is there. */
  OWN,
  /** It has no control plane of its own and uses this one. */
  KEPT,
  /** It is read, and nothing else: another control plane looks after it. */
  READ;

  /** The clusters whose control planes look after a cluster; Istio's. On its root namespace. */
  static final String CONTROL_PLANES = "topology.istio.io/controlPlaneClusters";

  private static final Pattern COMMA = Pattern.compile(",");

  static Standing of(ClusterFacts facts, ControlIdentity control) {
    if (control.own().isEmpty()) {
      return KEPT;
    }
    String own = control.own().get().value();
    if (facts.id().value().equals(own)) {
      return OWN;
    }
    @Nullable KubeNamespace root = facts.namespaces().get(control.rootNamespace());
    Set<String> keepers =
        root == null
            ? Set.of()
            : COMMA
                .splitAsStream(root.annotations().getOrDefault(CONTROL_PLANES, ""))
                .map(String::strip)
                .collect(Collectors.toSet());
    return keepers.contains(own) || keepers.contains("*") ? KEPT : READ;
  }
}
