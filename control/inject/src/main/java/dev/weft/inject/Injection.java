package dev.weft.inject;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Whether a pod gets a proxy. Istio: pkg/kube/inject/inject.go, {@code injectRequired}. */
public sealed interface Injection {
  /** Names of the pod's switch; the label wins over the annotation. */
  String SWITCH = "sidecar.istio.io/inject";

  /** The annotation that says that it was done, and what was added. */
  String STATUS = "sidecar.istio.io/status";

  /** It does. */
  record Inject() implements Injection {}

  /** It does not. */
  record Skip(String reason) implements Injection {}

  /**
   * Decides.
   *
   * @param namespaceLabels where the webhook's selectors have decided already and the labels are
   *     not known, those that its selectors ask for
   * @throws InvalidPodException where the switch is neither on nor off
   */
  static Injection decide(
      JsonNode pod,
      String namespace,
      Map<String, String> namespaceLabels,
      InjectionSettings settings)
      throws InvalidPodException {
    if (settings.selection().systemNamespaces().contains(namespace)) {
      return new Skip("namespace " + namespace + " belongs to the system");
    }
    if (pod.path("spec").path("hostNetwork").asBoolean(false)) {
      return new Skip("the pod uses its node's network");
    }
    if (pod.path("metadata").path("annotations").has(STATUS)) {
      return new Skip("the pod has its proxy already");
    }
    JsonNode labels = pod.path("metadata").path("labels");
    String label = labels.path(SWITCH).asText("");
    String annotation = pod.path("metadata").path("annotations").path(SWITCH).asText("");
    if (!label.isEmpty()) {
      return asked("label", label);
    }
    if (!annotation.isEmpty()) {
      return asked("annotation", annotation);
    }
    Optional<Injection> selected = bySelectors(labels, settings.selection());
    if (selected.isPresent()) {
      return selected.get();
    }
    return byNamespace(
        namespace, namespaceLabels, labels.path("istio.io/rev").asText(""), settings);
  }

  private static Injection asked(String where, String value) throws InvalidPodException {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "y", "on" -> new Inject();
      case "false", "no", "n", "off" ->
          new Skip("the pod's " + where + " " + SWITCH + " is \"" + value + "\"");
      default ->
          throw new InvalidPodException(
              where + " " + SWITCH + ": \"" + value + "\" is neither \"true\" nor \"false\"");
    };
  }

  /** The installation's exceptions; Istio: injectRequired, which asks the never-selectors first. */
  private static Optional<Injection> bySelectors(
      JsonNode podLabels, InjectionSettings.Selection selection) {
    Map<String, String> labels = new TreeMap<>();
    podLabels.properties().forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
    if (selection.never().stream().anyMatch(s -> s.matches(labels))) {
      return Optional.of(new Skip("the pod's labels match a neverInjectSelector"));
    }
    return selection.always().stream().anyMatch(s -> s.matches(labels))
        ? Optional.of(new Inject())
        : Optional.empty();
  }

  private static Injection byNamespace(
      String namespace,
      Map<String, String> labels,
      String podRevision,
      InjectionSettings settings) {
    String injection = labels.getOrDefault("istio-injection", "");
    if (injection.equals("disabled")) {
      return new Skip("namespace " + namespace + " has the label istio-injection=disabled");
    }
    // An explicit istio-injection wins over a revision, as with Istio.
    if (injection.equals("enabled")) {
      return new Inject();
    }
    String revision = podRevision.isEmpty() ? labels.getOrDefault("istio.io/rev", "") : podRevision;
    if (!revision.isEmpty()) {
      return revision.equals(settings.revision())
          ? new Inject()
          : new Skip("revision " + revision + " is not this one, " + settings.revision());
    }
    return settings.selection().namespacesByDefault()
        ? new Inject()
        : new Skip("namespace " + namespace + " has no label istio-injection=enabled");
  }
}
