package dev.weft.apiserver.object;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.admission.Call;
import dev.weft.apiserver.auth.RoleRules;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.schema.KnownType;
import dev.weft.apiserver.storage.StoredObject;

/**
 * Writes into roles that aggregate what they aggregate, so that people see it and conditions on it
 * hold (kubernetes pkg/controller/clusterroleaggregation).
 */
final class RoleAggregation {
  private RoleAggregation() {}

  static boolean concerns(KnownType known) {
    return known.key().text().equals("clusterroles.rbac.authorization.k8s.io");
  }

  /** After a cluster role was written or removed. */
  static void refresh(KnownType roles, Objects objects) {
    RoleRules rules = new RoleRules(objects.store());
    for (StoredObject role : objects.store().list(roles.key(), "").objects()) {
      if (!role.object().path("aggregationRule").isObject()) {
        continue;
      }
      ArrayNode all = Json.array().addAll(rules.of(role.object()));
      if (!all.equals(role.object().path("rules"))) {
        objects.update(
            roles,
            "",
            role.key().name(),
            Objects.Part.MAIN,
            old -> with(old, all),
            Call.inProcess());
      }
    }
  }

  private static ObjectNode with(ObjectNode role, ArrayNode rules) {
    role.set("rules", rules.deepCopy());
    return role;
  }
}
