package dev.weft.apiserver.http;

import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.auth.Authorizer;
import dev.weft.apiserver.auth.Identity;
import dev.weft.apiserver.auth.Tokens;
import dev.weft.apiserver.document.Errors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Acting as somebody else ({@code --as}, {@code --as-group}, {@code --as-uid}), which needs the
 * verb {@code impersonate} for each name (kubernetes
 * staging/src/k8s.io/apiserver/pkg/endpoints/filters/impersonation.go). Extra attributes are not
 * taken over: nothing here decides by them.
 */
final class Impersonation {
  private static final String ACCOUNT_PREFIX = "system:serviceaccount:";
  private static final String AUTHENTICATED = "system:authenticated";
  private static final String ANONYMOUS = "system:anonymous";

  private final Authorizer authorizer;

  Impersonation(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  /**
   * Whom a request is answered as: {@code who} where it names nobody else.
   *
   * @throws ApiException 403 where {@code who} may not, 400 where groups have no user
   */
  Identity of(Identity who, Request request) {
    String user = request.headerText("Impersonate-User");
    String uid = request.headerText("Impersonate-Uid");
    List<String> groups = groups(request.headerText("Impersonate-Group"));
    if (user.isEmpty()) {
      if (groups.isEmpty() && uid.isEmpty()) {
        return who;
      }
      throw Errors.badRequest(
          "requested [%s] without impersonating a user".formatted(groups.isEmpty() ? uid : groups));
    }
    groups.forEach(each -> check(who, "", "groups", "", each));
    if (user.startsWith(ACCOUNT_PREFIX)) {
      String[] account = user.substring(ACCOUNT_PREFIX.length()).split(":", 2);
      String name = account.length > 1 ? account[1] : "";
      check(who, "", "serviceaccounts", account[0], name);
      if (groups.isEmpty()) {
        groups.addAll(Tokens.groups(account[0]));
      }
    } else {
      check(who, "", "users", "", user);
    }
    if (!uid.isEmpty()) {
      check(who, "authentication.k8s.io", "uids", "", uid);
    }
    if (!user.equals(ANONYMOUS) && !groups.contains(AUTHENTICATED)) {
      groups.add(AUTHENTICATED);
    }
    return new Identity(user, uid, List.copyOf(groups), Map.of());
  }

  private static List<String> groups(String header) {
    List<String> groups = new ArrayList<>();
    for (String each : header.split(",", -1)) {
      if (!each.isBlank()) {
        groups.add(each.strip());
      }
    }
    return groups;
  }

  private void check(Identity who, String group, String resource, String namespace, String name) {
    Authorizer.Action action =
        new Authorizer.Action("impersonate", group, "v1", resource, "", namespace, name, "");
    if (!authorizer.allows(who, action)) {
      throw Errors.forbidden(
          new ResourceType(group, "v1", resource, "", !namespace.isEmpty()),
          name,
          "User \"%s\" cannot impersonate resource \"%s\" in API group \"%s\" %s"
              .formatted(who.name(), resource, group, Errors.scope(namespace)));
    }
  }
}
