package dev.weft.install;

import java.util.Collections;
import java.util.Map;

/**
 * An object as a chart renders it, or as a cluster has it.
 *
 * @param namespace empty for kinds without namespaces
 */
record KubeObject(KubeKind kind, String namespace, String name, Map<String, Object> body) {
  KubeObject {
    body = Collections.unmodifiableMap(body);
  }

  /** From a tree with apiVersion, kind and metadata. */
  static KubeObject of(Map<String, Object> body) {
    String apiVersion = Trees.text(body.get("apiVersion"));
    String kind = Trees.text(body.get("kind"));
    String name = Trees.text(Trees.at(body, "metadata", "name"));
    KubeKind known =
        KubeKind.find(apiVersion, kind)
            .orElseThrow(
                () ->
                    new InstallException(
                        "the charts make a "
                            + kind
                            + " ("
                            + apiVersion
                            + ") '"
                            + name
                            + "', which this program does not know to install"));
    return new KubeObject(
        known,
        known.namespaced() ? Trees.text(Trees.at(body, "metadata", "namespace")) : "",
        name,
        body);
  }

  Map<String, Object> labels() {
    return Trees.map(Trees.at(body, "metadata", "labels"));
  }

  String label(String name) {
    return Trees.text(labels().get(name));
  }

  String annotation(String name) {
    return Trees.text(Trees.map(Trees.at(body, "metadata", "annotations")).get(name));
  }

  /** As people speak of it: {@code Deployment istio-system/istiod}. */
  String title() {
    return kind.kind() + " " + (namespace.isEmpty() ? "" : namespace + "/") + name;
  }

  boolean sameAs(KubeObject other) {
    return kind == other.kind && namespace.equals(other.namespace) && name.equals(other.name);
  }
}
