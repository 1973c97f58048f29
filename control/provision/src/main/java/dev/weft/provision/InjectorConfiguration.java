package dev.weft.provision;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.inject.Injection;
import dev.weft.inject.InjectionWebhook;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The MutatingWebhookConfiguration of the injector, with Istio's four webhooks: a revision or the
 * plain switch, each on the namespace or on the pod. Reference 2.23.1; Istio:
 * istio-discovery/templates/mutatingwebhook.yaml.
 */
final class InjectorConfiguration {
  private static final String SUFFIX = ".sidecar-injector.istio.io";
  private static final String REVISION = "istio.io/rev";
  private static final String NAMESPACE_SWITCH = "istio-injection";

  private final ArrayNode webhooks;
  private final MemberInputs member;
  private final ProvisionSettings settings;

  private InjectorConfiguration(
      ArrayNode webhooks, MemberInputs member, ProvisionSettings settings) {
    this.webhooks = webhooks;
    this.member = member;
    this.settings = settings;
  }

  static ObjectNode of(MemberInputs member, ProvisionSettings settings) {
    String revision = settings.revision();
    ObjectNode body =
        Objects.named(
            ManagedKind.MUTATING_WEBHOOK,
            "",
            "istio-sidecar-injector"
                + (revision.equals("default") ? "" : "-" + revision)
                + "-"
                + settings.rootNamespace());
    Objects.labels(body).put("app", "sidecar-injector").put(REVISION, revision);
    InjectorConfiguration made =
        new InjectorConfiguration(body.putArray("webhooks"), member, settings);
    made.revisions(revision);
    if (revision.equals("default")) {
      made.switches();
    }
    return body;
  }

  private void revisions(String revision) {
    ObjectNode byNamespace = webhook("rev.namespace");
    ArrayNode namespaces = expressions(byNamespace, "namespaceSelector");
    expression(namespaces, REVISION, "In", revision);
    expression(namespaces, NAMESPACE_SWITCH, "DoesNotExist");
    expression(expressions(byNamespace, "objectSelector"), Injection.SWITCH, "NotIn", "false");

    ObjectNode byPod = webhook("rev.object");
    ArrayNode unsaid = expressions(byPod, "namespaceSelector");
    expression(unsaid, REVISION, "DoesNotExist");
    expression(unsaid, NAMESPACE_SWITCH, "DoesNotExist");
    ArrayNode pods = expressions(byPod, "objectSelector");
    expression(pods, Injection.SWITCH, "NotIn", "false");
    expression(pods, REVISION, "In", revision);
  }

  private void switches() {
    ObjectNode byNamespace = webhook("namespace");
    expression(expressions(byNamespace, "namespaceSelector"), NAMESPACE_SWITCH, "In", "enabled");
    expression(expressions(byNamespace, "objectSelector"), Injection.SWITCH, "NotIn", "false");

    ObjectNode byPod = webhook("object");
    ArrayNode unsaid = expressions(byPod, "namespaceSelector");
    expression(unsaid, NAMESPACE_SWITCH, "DoesNotExist");
    expression(unsaid, REVISION, "DoesNotExist");
    ArrayNode pods = expressions(byPod, "objectSelector");
    expression(pods, Injection.SWITCH, "In", "true");
    expression(pods, REVISION, "DoesNotExist");
  }

  private ObjectNode webhook(String name) {
    ObjectNode webhook = webhooks.addObject().put("name", name + SUFFIX);
    webhook.putArray("admissionReviewVersions").add("v1");
    ObjectNode client = webhook.putObject("clientConfig");
    client.put(
        "caBundle",
        Base64.getEncoder().encodeToString(member.roots().getBytes(StandardCharsets.UTF_8)));
    client
        .putObject("service")
        .put("name", "istiod")
        .put("namespace", settings.rootNamespace())
        .put("path", InjectionWebhook.PATH + "/cluster/" + member.cluster())
        .put("port", 443);
    ObjectNode rule = webhook.putArray("rules").addObject();
    rule.putArray("apiGroups").add("");
    rule.putArray("apiVersions").add("v1");
    rule.putArray("operations").add("CREATE");
    rule.putArray("resources").add("pods");
    return webhook
        .put("failurePolicy", "Fail")
        .put("reinvocationPolicy", "Never")
        .put("sideEffects", "None");
  }

  private static ArrayNode expressions(ObjectNode webhook, String selector) {
    return webhook.putObject(selector).putArray("matchExpressions");
  }

  private static void expression(
      ArrayNode expressions, String key, String operator, String... values) {
    ObjectNode expression = expressions.addObject().put("key", key).put("operator", operator);
    if (values.length > 0) {
      ArrayNode list = expression.putArray("values");
      for (String value : values) {
        list.add(value);
      }
    }
  }
}
