package dev.weft.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What exists in every cluster from the start. */
final class Bootstrap {
  private Bootstrap() {}

  static void run(Objects objects, String apiAddress) {
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
  }
}
