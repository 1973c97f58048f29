package dev.weft.apiserver.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.object.Kinds;
import dev.weft.apiserver.object.Objects;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** What exists in every cluster from the start. */
final class Bootstrap {
  private Bootstrap() {}

  static void run(Objects objects, String apiAddress) throws IOException {
    ResourceType namespaces = ResourceType.coreClusterScoped("namespaces", "Namespace");
    for (String name : List.of("default", "kube-system", "kube-public", "kube-node-lease")) {
      ObjectNode namespace = Json.object();
      namespace.putObject("metadata").put("name", name);
      Kinds.createMissing(namespaces, "", namespace, objects);
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
    Kinds.createMissing(ResourceType.core("services", "Service"), "default", service, objects);
    roles(objects);
  }

  private static void roles(Objects objects) throws IOException {
    try (InputStream file =
        java.util.Objects.requireNonNull(
            Bootstrap.class.getResourceAsStream("bootstrap-roles.yaml"))) {
      for (ObjectNode object :
          Json.objects(Json.readYaml(file.readAllBytes(), new ArrayList<>()))) {
        String kind = Json.text(object, "kind");
        ResourceType type =
            new ResourceType(
                "rbac.authorization.k8s.io",
                "v1",
                kind.equals("ClusterRole") ? "clusterroles" : "clusterrolebindings",
                kind,
                false);
        Kinds.createMissing(type, "", object, objects);
      }
    }
  }
}
