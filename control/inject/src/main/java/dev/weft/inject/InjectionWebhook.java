package dev.weft.inject;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The mutating webhook: AdmissionReview in, AdmissionReview out. Served at {@code /inject} and
 * below: {@code /inject/cluster/<cluster>/net/<network>} and {@code /inject/:ENV:NAME=value:ENV:…}
 * say what the proxy's environment shall hold.
 */
public final class InjectionWebhook {
  /** Where the webhook is served. */
  public static final String PATH = "/inject";

  // The selectors of the webhook configuration have let the pod through; those that look at the
  // pod instead of the namespace let only pods through that carry the switch.
  private static final Map<String, String> SELECTED = Map.of("istio-injection", "enabled");

  private final Function<String, InjectionSettings> settings;
  private final Supplier<ProxyConfigs> proxyConfigs;

  /**
   * @param settings of the moment, for pods of the cluster with that id; the id is empty where the
   *     URL names none, which is so in the control plane's own cluster
   * @param proxyConfigs of the moment
   */
  public InjectionWebhook(
      Function<String, InjectionSettings> settings, Supplier<ProxyConfigs> proxyConfigs) {
    this.settings = settings;
    this.proxyConfigs = proxyConfigs;
  }

  /**
   * Answers a review. Never throws for what the body says: a body that is no review is answered
   * with a refusal.
   *
   * @param path of the request, without query
   * @param body an AdmissionReview, admission.k8s.io/v1
   */
  public byte[] handle(String path, byte[] body) {
    return Admission.answer(body, review -> admit(path, review));
  }

  private Admission.Verdict admit(String path, Admission review) {
    if (!review.ofPod() || !(review.object() instanceof ObjectNode pod)) {
      return Admission.Verdict.refused("only pods are injected, not a " + review.kind());
    }
    try {
      Map<String, String> environment = environment(path);
      InjectionInputs inputs =
          new InjectionInputs(
              review.namespace(),
              SELECTED,
              environment,
              settings.apply(environment.getOrDefault("ISTIO_META_CLUSTER_ID", "")),
              proxyConfigs.get());
      return switch (SidecarInjector.inject(pod, inputs)) {
        case SidecarInjector.Result.Untouched _ -> Admission.Verdict.unchanged(List.of());
        case SidecarInjector.Result.Patched p ->
            Admission.Verdict.patched(
                Base64.getEncoder()
                    .encodeToString(p.patch().toString().getBytes(StandardCharsets.UTF_8)),
                p.warnings());
      };
    } catch (InvalidPodException e) {
      return Admission.Verdict.refused("sidecar injection: " + e.getMessage());
    }
  }

  /** Reads the environment that a path carries. Istio: webhook.go parseInjectEnvs. */
  static Map<String, String> environment(String path) {
    Map<String, String> environment = new LinkedHashMap<>();
    String rest = path.startsWith(PATH + "/") ? path.substring(PATH.length() + 1) : "";
    if (rest.startsWith(":ENV:")) {
      for (String pair : rest.substring(":ENV:".length()).split(":ENV:", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          put(environment, pair.substring(0, equals), pair.substring(equals + 1));
        }
      }
      return environment;
    }
    String[] parts = rest.split("/", -1);
    for (int i = 0; i + 1 < parts.length; i += 2) {
      put(environment, parts[i], parts[i + 1]);
    }
    return environment;
  }

  private static void put(Map<String, String> environment, String name, String value) {
    String variable =
        switch (name) {
          case "cluster" -> "ISTIO_META_CLUSTER_ID";
          case "net" -> "ISTIO_META_NETWORK";
          default -> name;
        };
    if (!name.isEmpty() && !value.isEmpty()) {
      environment.put(variable, value.replace("--slash--", "/"));
    }
  }
}
