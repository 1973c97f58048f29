package dev.weft.apiserver.auth;

import java.util.List;
import java.util.Map;

/**
 * Who makes a request.
 *
 * @param extra such as {@code authentication.kubernetes.io/pod-name}
 */
public record Identity(
    String name, String uid, List<String> groups, Map<String, List<String>> extra) {
  public static final Identity ADMIN =
      new Identity(
          "kubernetes-admin", "", List.of("system:masters", "system:authenticated"), Map.of());

  /** Code in the same process. */
  public static final Identity CONTROLLER =
      new Identity(
          "system:kube-controller-manager",
          "",
          List.of("system:masters", "system:authenticated"),
          Map.of());
}
