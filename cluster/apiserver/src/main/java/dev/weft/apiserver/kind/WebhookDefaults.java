package dev.weft.apiserver.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.Json;

/** Defaults of admission webhook configurations. */
public final class WebhookDefaults {
  private WebhookDefaults() {}

  public static void configuration(ObjectNode object) {
    boolean mutating = Json.text(object, "kind").equals("MutatingWebhookConfiguration");
    for (ObjectNode webhook : Json.objects(object.get("webhooks"))) {
      Defaulting.text(webhook, "failurePolicy", "Fail");
      Defaulting.text(webhook, "matchPolicy", "Equivalent");
      Defaulting.number(webhook, "timeoutSeconds", 10);
      Defaulting.child(webhook, "namespaceSelector");
      Defaulting.child(webhook, "objectSelector");
      if (mutating) {
        Defaulting.text(webhook, "reinvocationPolicy", "Never");
      }
      for (ObjectNode rule : Json.objects(webhook.get("rules"))) {
        Defaulting.text(rule, "scope", "*");
      }
      if (webhook.path("clientConfig").path("service") instanceof ObjectNode service) {
        Defaulting.number(service, "port", 443);
      }
    }
  }
}
