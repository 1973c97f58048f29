package dev.weft.apiserver.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.storage.Store;
import dev.weft.apiserver.storage.StoredObject;
import dev.weft.apiserver.storage.TypeKey;
import java.util.ArrayList;
import java.util.List;

/**
 * Authorizes by roles and bindings (kubernetes plugin/pkg/auth/authorizer/rbac). Aggregated roles
 * are put together when they are asked for. Thread-safe.
 */
public final class RbacAuthorizer implements Authorizer {
  private static final String MASTERS = "system:masters";
  private static final String ACCOUNT_PREFIX = "system:serviceaccount:";
  private static final TypeKey BINDINGS = new TypeKey(RoleRules.GROUP, "rolebindings");
  private static final TypeKey CLUSTER_BINDINGS =
      new TypeKey(RoleRules.GROUP, "clusterrolebindings");

  private final Store store;
  private final RoleRules roles;

  public RbacAuthorizer(Store store) {
    this.store = store;
    this.roles = new RoleRules(store);
  }

  @Override
  public boolean allows(Identity who, Action action) {
    return who.groups().contains(MASTERS)
        || rules(who, action.namespace()).stream().anyMatch(rule -> matches(rule, action));
  }

  @Override
  public List<ObjectNode> rules(Identity who, String namespace) {
    if (who.groups().contains(MASTERS)) {
      return Authorizer.all();
    }
    List<ObjectNode> rules = new ArrayList<>();
    for (StoredObject binding : store.list(CLUSTER_BINDINGS, "").objects()) {
      if (binds(binding.object(), who)) {
        rules.addAll(rulesOf(binding.object().path("roleRef"), ""));
      }
    }
    if (!namespace.isEmpty()) {
      for (StoredObject binding : store.list(BINDINGS, namespace).objects()) {
        if (binds(binding.object(), who)) {
          rules.addAll(rulesOf(binding.object().path("roleRef"), namespace));
        }
      }
    }
    return rules;
  }

  private static boolean binds(JsonNode binding, Identity who) {
    for (ObjectNode subject : Json.objects(binding.get("subjects"))) {
      String name = Json.text(subject, "name");
      boolean meant =
          switch (Json.text(subject, "kind")) {
            case "User" -> name.equals(who.name());
            case "Group" -> who.groups().contains(name);
            case "ServiceAccount" ->
                who.name().equals(ACCOUNT_PREFIX + Json.text(subject, "namespace") + ":" + name);
            default -> false;
          };
      if (meant) {
        return true;
      }
    }
    return false;
  }

  private List<ObjectNode> rulesOf(JsonNode reference, String namespace) {
    return roles.behind(reference, namespace).orElse(List.of());
  }

  public static boolean matches(JsonNode rule, Action action) {
    List<String> verbs = Json.texts(rule.get("verbs"));
    if (!verbs.contains("*") && !verbs.contains(action.verb())) {
      return false;
    }
    if (action.resource().isEmpty()) {
      return Json.texts(rule.get("nonResourceURLs")).stream()
          .anyMatch(url -> url(url, action.path()));
    }
    List<String> groups = Json.texts(rule.get("apiGroups"));
    List<String> names = Json.texts(rule.get("resourceNames"));
    return (groups.contains("*") || groups.contains(action.group()))
        && resource(Json.texts(rule.get("resources")), action)
        && (names.isEmpty() || names.contains(action.name()));
  }

  private static boolean resource(List<String> resources, Action action) {
    if (resources.contains("*")) {
      return true;
    }
    return action.subresource().isEmpty()
        ? resources.contains(action.resource())
        : resources.contains(action.resource() + "/" + action.subresource())
            || resources.contains("*/" + action.subresource());
  }

  private static boolean url(String pattern, String path) {
    return pattern.equals("*")
        || pattern.equals(path)
        || (pattern.endsWith("*") && path.startsWith(pattern.substring(0, pattern.length() - 1)));
  }
}
