package dev.weft.inject;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.inject.SidecarInjector.Template;
import dev.weft.types.HopLabel;
import java.util.List;

/** Labels and annotations that injection adds to a pod. */
final class PodLabels {
  private static final int LONGEST = 63;
  private static final String NETWORK = "topology.istio.io/network";

  private PodLabels() {}

  static void apply(
      ObjectNode pod,
      InjectionInputs inputs,
      WorkloadOwner owner,
      Template template,
      String defaultContainer) {
    ObjectNode labels = pod.withObject("/metadata/labels");
    String name =
        first(
            labels,
            owner.name(),
            "service.istio.io/canonical-name",
            "app.kubernetes.io/name",
            "app");
    String revision =
        first(
            labels,
            "latest",
            "service.istio.io/canonical-revision",
            "app.kubernetes.io/version",
            "version");
    switch (template) {
      case SIDECAR -> addTo(labels, "security.istio.io/tlsMode", "istio");
      case GATEWAY -> labels.put(HopLabel.POD_LABEL, HopLabel.POD_VALUE);
    }
    if (!name.isEmpty()) {
      addTo(labels, "service.istio.io/canonical-name", cut(name));
    }
    addTo(labels, "service.istio.io/canonical-revision", cut(revision));
    String network = inputs.environment().getOrDefault("ISTIO_META_NETWORK", "");
    if (!network.isEmpty()) {
      addTo(labels, NETWORK, network);
    }

    ObjectNode annotations = pod.withObject("/metadata/annotations");
    annotations.put("istio.io/rev", inputs.settings().revision());
    inputs.settings().annotations().forEach((key, value) -> addTo(annotations, key, value));
    if (!defaultContainer.isEmpty()) {
      addTo(annotations, "kubectl.kubernetes.io/default-container", defaultContainer);
      addTo(annotations, "kubectl.kubernetes.io/default-logs-container", defaultContainer);
    }
  }

  /** What was added, for tools that take it out again, and so that it is added once. */
  static void status(
      ObjectNode pod,
      InjectionSettings settings,
      List<String> initContainers,
      List<String> containers,
      List<String> volumes) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    names(status, "initContainers", initContainers);
    names(status, "containers", containers);
    names(status, "volumes", volumes);
    names(status, "imagePullSecrets", settings.image().pullSecrets());
    status.put("revision", settings.revision());
    pod.withObject("/metadata/annotations").put(Injection.STATUS, status.toString());
  }

  private static void names(ObjectNode status, String field, List<String> names) {
    if (names.isEmpty()) {
      status.putNull(field);
      return;
    }
    ArrayNode list = status.putArray(field);
    names.forEach(list::add);
  }

  private static String first(ObjectNode labels, String otherwise, String... names) {
    for (String name : names) {
      String value = labels.path(name).asText("");
      if (!value.isEmpty()) {
        return value;
      }
    }
    return otherwise;
  }

  private static void addTo(ObjectNode map, String key, String value) {
    if (map.path(key).asText("").isEmpty()) {
      map.put(key, value);
    }
  }

  /** A label's value ends with a letter or digit. */
  private static String cut(String value) {
    String cut = value.length() > LONGEST ? value.substring(0, LONGEST) : value;
    return cut.replaceAll("[^A-Za-z0-9]+$", "");
  }
}
