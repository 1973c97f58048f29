package dev.weft.inject;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Lets scrapes of the pod go to the proxy, which answers for itself and asks the application where
 * it was annotated before. Istio: pkg/kube/inject/webhook.go applyPrometheusMerge.
 */
final class PrometheusMerge {
  private static final String PREFIX = "prometheus.io/";

  private PrometheusMerge() {}

  /**
   * Rewrites the annotations in place.
   *
   * @return how to scrape the application, for the proxy's environment; empty where it is not
   *     scraped
   */
  static String apply(ObjectNode pod, InjectionSettings settings, int statusPort)
      throws InvalidPodException {
    PodAnnotations before = PodAnnotations.of(pod);
    boolean merge =
        before.flag("prometheus.istio.io/merge-metrics", settings.mergePrometheus())
            && statusPort > 0
            && !before.text(PREFIX + "scrape", "").equals("false");
    if (!merge) {
      return "";
    }
    String scrape = "";
    // A pod that sends scrapes to the proxy already, as gateway charts do, has nothing else to ask.
    boolean ours = before.text(PREFIX + "port", "").equals(String.valueOf(statusPort));
    if (!ours && (before.has(PREFIX + "scrape") || before.has(PREFIX + "port"))) {
      scrape =
          JsonNodeFactory.instance
              .objectNode()
              .put("scrape", before.text(PREFIX + "scrape", ""))
              .put("path", before.text(PREFIX + "path", ""))
              .put("port", before.text(PREFIX + "port", ""))
              .toString();
    }
    pod.withObject("/metadata/annotations")
        .put(PREFIX + "port", String.valueOf(statusPort))
        .put(PREFIX + "scrape", "true")
        .put(PREFIX + "path", "/stats/prometheus");
    return scrape;
  }
}
