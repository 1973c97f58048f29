package dev.weft.apiserver;

import java.util.List;
import java.util.Map;

/**
 * Who makes a request.
 *
 * @param extra such as {@code authentication.kubernetes.io/pod-name}
 */
record Identity(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
  static final Identity ADMIN =
      new Identity(
          "kubernetes-admin", "", List.of("system:masters", "system:authenticated"), Map.of());

  /** Code in the same process. */
  static final Identity CONTROLLER =
      new Identity(
          "system:kube-controller-manager",
          "",
          List.of("system:masters", "system:authenticated"),
          Map.of());
}
