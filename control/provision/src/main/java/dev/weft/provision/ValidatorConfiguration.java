package dev.weft.provision;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.config.ConfigKind;
import java.util.TreeMap;
import java.util.TreeSet;

/** The ValidatingWebhookConfiguration of the mesh's own API: what the mesh reads, it checks. */
final class ValidatorConfiguration {
  private static final int SECONDS = 3;

  private ValidatorConfiguration() {}

  static Manifest of(ProvisionSettings settings, String roots) {
    ObjectNode body =
        Objects.named(
            ManagedKind.VALIDATING_WEBHOOK,
            "",
            settings.control().named("istio-validator") + "-" + settings.rootNamespace());
    Objects.labels(body).put("app", "istiod");
    ObjectNode webhook =
        body.putArray("webhooks").addObject().put("name", "rev.validation.istio.io");
    webhook.putArray("admissionReviewVersions").add("v1");
    webhook
        .putObject("clientConfig")
        .put("url", settings.validationUrl())
        .put("caBundle", WebhookTrust.bundle(roots));
    TreeMap<String, TreeSet<String>> kinds = new TreeMap<>();
    for (ConfigKind kind : ConfigKind.values()) {
      kinds.computeIfAbsent(kind.group(), _ -> new TreeSet<>()).add(kind.plural());
    }
    ArrayNode rules = webhook.putArray("rules");
    kinds.forEach(
        (group, plurals) -> {
          ObjectNode rule = rules.addObject();
          rule.putArray("apiGroups").add(group);
          rule.putArray("apiVersions").add("*");
          rule.putArray("operations").add("CREATE").add("UPDATE");
          ArrayNode resources = rule.putArray("resources");
          plurals.forEach(resources::add);
        });
    // Configuration can be written while no control plane runs: errors show in the status then.
    webhook
        .put("failurePolicy", "Ignore")
        .put("sideEffects", "None")
        .put("timeoutSeconds", SECONDS);
    return Manifest.of(body);
  }
}
