package dev.weft.console.access;

import dev.weft.console.api.Session.Role;
import dev.weft.discovery.KubeApi;
import dev.weft.discovery.KubeApi.RefusedException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Asks the config API, with the token itself: whose is it, and what may they do. So a token needs
 * no rights beyond those that every authenticated user has ({@code system:basic-user}), and this
 * process none at all. A user who may look at the mesh's objects is a reader, one who may change
 * them an admin.
 */
public final class ConfigApiAuthority implements Authority {
  private static final String WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  private static final String MAY = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  private static final String ANONYMOUS = "system:anonymous";

  private static final List<Action> READS =
      List.of(
          new Action("get", "mesh.weft.dev", "memberclusters"),
          new Action("list", "networking.istio.io", "virtualservices"));
  private static final List<Action> WRITES =
      List.of(
          new Action("update", "mesh.weft.dev", "memberclusters"),
          new Action("update", "networking.istio.io", "virtualservices"));

  private final Function<String, KubeApi> users;

  /** In all namespaces. */
  private record Action(String verb, String group, String resource) {
    Map<String, Object> review() {
      return Map.of(
          "apiVersion",
          "authorization.k8s.io/v1",
          "kind",
          "SelfSubjectAccessReview",
          "spec",
          Map.of("resourceAttributes", Map.of("verb", verb, "group", group, "resource", resource)));
    }
  }

  /**
   * @param users the config API as whoever has a token
   */
  public ConfigApiAuthority(Function<String, KubeApi> users) {
    this.users = users;
  }

  @Override
  public Verdict judge(String token) {
    KubeApi api = users.apply(token);
    try {
      String user = user(api);
      if (user.isEmpty() || user.equals(ANONYMOUS)) {
        return new Verdict.Unknown();
      }
      if (any(api, WRITES)) {
        return new Verdict.Admitted(user, Role.ADMIN);
      }
      return any(api, READS) ? new Verdict.Admitted(user, Role.READER) : new Verdict.Stranger(user);
    } catch (RefusedException e) {
      return switch (e.status()) {
        case 401 -> new Verdict.Unknown();
        // An anonymous user may not even ask who they are.
        case 403 -> new Verdict.Unknown();
        default -> new Verdict.Unanswered("the config API: " + e.reason());
      };
    }
  }

  private static String user(KubeApi api) throws RefusedException {
    Map<String, Object> review =
        api.create(
            WHO, Map.of("apiVersion", "authentication.k8s.io/v1", "kind", "SelfSubjectReview"));
    return review.get("status") instanceof Map<?, ?> status
            && status.get("userInfo") instanceof Map<?, ?> info
            && info.get("username") instanceof String name
        ? name
        : "";
  }

  private static boolean any(KubeApi api, List<Action> actions) throws RefusedException {
    for (Action action : actions) {
      if (api.create(MAY, action.review()).get("status") instanceof Map<?, ?> status
          && Boolean.TRUE.equals(status.get("allowed"))) {
        return true;
      }
    }
    return false;
  }
}
