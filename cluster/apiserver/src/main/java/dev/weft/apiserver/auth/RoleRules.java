package dev.weft.apiserver.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.select.LabelSelector;
import dev.weft.apiserver.storage.ObjectKey;
import dev.weft.apiserver.storage.Store;
import dev.weft.apiserver.storage.StoredObject;
import dev.weft.apiserver.storage.TypeKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is in roles; those that aggregate are put together when they are asked for. */
public final class RoleRules {
  static final String GROUP = "rbac.authorization.k8s.io";
  private static final TypeKey ROLES = new TypeKey(GROUP, "roles");
  private static final TypeKey CLUSTER_ROLES = new TypeKey(GROUP, "clusterroles");

  private final Store store;

  public RoleRules(Store store) {
    this.store = store;
  }

  /** The rules behind a {@code roleRef}; empty where there is no such role. */
  Optional<List<ObjectNode>> behind(JsonNode reference, String namespace) {
    String name = Json.text(reference, "name");
    boolean cluster = Json.text(reference, "kind").equals("ClusterRole");
    return store
        .get(cluster ? CLUSTER_ROLES : ROLES, new ObjectKey(cluster ? "" : namespace, name))
        .map(role -> of(role.object()));
  }

  /** A role's own rules, or those of all that it aggregates. */
  public List<ObjectNode> of(ObjectNode role) {
    JsonNode aggregation = role.path("aggregationRule");
    if (!aggregation.isObject()) {
      return Json.objects(role.get("rules"));
    }
    List<ObjectNode> rules = new ArrayList<>();
    for (ObjectNode selector : Json.objects(aggregation.get("clusterRoleSelectors"))) {
      LabelSelector labels = LabelSelector.of(selector);
      for (StoredObject other : store.list(CLUSTER_ROLES, "").objects()) {
        if (!other.key().name().equals(Json.text(role, "metadata", "name"))
            && labels.matches(other.object().path("metadata").path("labels"))) {
          Json.objects(other.object().get("rules")).stream()
              .filter(rule -> !rules.contains(rule))
              .forEach(rules::add);
        }
      }
    }
    return rules;
  }
}
