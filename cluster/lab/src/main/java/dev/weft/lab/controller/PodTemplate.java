package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Hashes;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.Trees;
import java.util.List;

/** The pod template of a DaemonSet or a StatefulSet, and the pods that are made of it. */
record PodTemplate(ObjectNode owner, String kind) {
  /** Label that tells of which template a pod is (Kubernetes: apps/v1 types.go). */
  static final String REVISION = "controller-revision-hash";

  /** The name of the template as it is now. */
  String revision() {
    return Meta.name(owner) + "-" + Hashes.of(Trees.canonical(template()), 10);
  }

  /** Whether a pod is of the template as it is now. */
  boolean current(JsonNode pod) {
    return revision().equals(Meta.labels(pod).get(REVISION));
  }

  /** A pod that the owner controls. */
  ObjectNode pod(String name) {
    ObjectNode pod = Trees.object();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode metadata = pod.putObject("metadata");
    metadata.put("name", name).put("namespace", Meta.namespace(owner));
    for (String field : List.of("labels", "annotations", "finalizers")) {
      if (template().path("metadata").has(field)) {
        metadata.set(field, template().path("metadata").path(field).deepCopy());
      }
    }
    metadata.withObject("/labels").put(REVISION, revision());
    metadata.putArray("ownerReferences").add(Meta.ownerReference("apps/v1", kind, owner));
    pod.set("spec", template().path("spec").deepCopy());
    return pod;
  }

  private JsonNode template() {
    return owner.path("spec").path("template");
  }
}
