package dev.weft.apiserver.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.admission.Call;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.object.Effects;
import dev.weft.apiserver.object.Objects;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** What exists in every cluster from the start. */
final class Bootstrap {
  private static final String AUTO_UPDATE = "rbac.authorization.kubernetes.io/autoupdate";

  private Bootstrap() {}

  static void run(Objects objects, String apiAddress) throws IOException {
    ResourceType namespaces = ResourceType.coreClusterScoped("namespaces", "Namespace");
    for (String name : List.of("default", "kube-system", "kube-public", "kube-node-lease")) {
      ObjectNode namespace = Json.object();
      namespace.putObject("metadata").put("name", name);
      Effects.createMissing(namespaces, "", namespace, objects);
    }
    ObjectNode service = Json.object();
    ObjectNode meta = service.putObject("metadata").put("name", "kubernetes");
    meta.putObject("labels").put("component", "apiserver").put("provider", "kubernetes");
    ObjectNode spec = service.putObject("spec").put("clusterIP", apiAddress);
    spec.putArray("ports")
        .addObject()
        .put("name", "https")
        .put("port", 443)
        .put("targetPort", 6443);
    Effects.createMissing(ResourceType.core("services", "Service"), "default", service, objects);
    written(objects);
  }

  private static void written(Objects objects) throws IOException {
    try (InputStream file =
        java.util.Objects.requireNonNull(Bootstrap.class.getResourceAsStream("bootstrap.yaml"))) {
      for (ObjectNode object :
          Json.objects(Json.readYaml(file.readAllBytes(), new ArrayList<>()))) {
        ResourceType type =
            objects
                .registry()
                .byKind(Json.text(object, "apiVersion"), Json.text(object, "kind"))
                .orElseThrow()
                .type();
        Effects.createMissing(type, "", object, objects);
        if (type.plural().equals("clusterroles")) {
          reconcile(objects, type, object);
        }
      }
    }
  }

  /** A role that an older server wrote gets what it lacks, unless somebody said to leave it. */
  private static void reconcile(Objects objects, ResourceType type, ObjectNode wanted) {
    objects.update(
        objects.registry().require(type),
        "",
        Json.text(wanted, "metadata", "name"),
        Objects.Part.MAIN,
        role -> {
          if (!Json.text(role, "metadata", "annotations", AUTO_UPDATE).equals("false")) {
            Json.child(Json.meta(role), "labels")
                .setAll((ObjectNode) wanted.path("metadata").path("labels"));
            if (wanted.has("aggregationRule")) {
              role.set("aggregationRule", wanted.get("aggregationRule").deepCopy());
            } else {
              ArrayNode rules = role.withArray("rules");
              List<ObjectNode> held = Json.objects(rules);
              Json.objects(wanted.get("rules")).stream()
                  .filter(rule -> !held.contains(rule))
                  .forEach(rule -> rules.add(rule.deepCopy()));
            }
          }
          return role;
        },
        Call.inProcess());
  }
}
