package dev.weft.provision;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.inject.Injection;
import dev.weft.inject.InjectionWebhook;
import dev.weft.types.HostPort;
import dev.weft.types.MeshPorts;

/**
 * The MutatingWebhookConfiguration of the injector, with Istio's four webhooks: a revision or the
 * plain switch, each on the namespace or on the pod. Istio:
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
            settings.control().named("istio-sidecar-injector") + "-" + settings.rootNamespace());
    Objects.labels(body).put("app", "sidecar-injector");
    InjectorConfiguration made =
        new InjectorConfiguration(body.putArray("webhooks"), member, settings);
    made.revisions(revision);
    if (revision.equals("default")) {
      made.switches();
      if (settings.proxies().selection().namespacesByDefault()) {
        made.everywhere();
      }
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

  /** Pods of which neither they nor their namespace say anything. */
  private void everywhere() {
    ObjectNode auto = webhook("auto");
    ArrayNode namespaces = expressions(auto, "namespaceSelector");
    expression(namespaces, NAMESPACE_SWITCH, "DoesNotExist");
    expression(namespaces, REVISION, "DoesNotExist");
    expression(
        namespaces,
        "kubernetes.io/metadata.name",
        "NotIn",
        settings.skippedNamespaces().toArray(String[]::new));
    ArrayNode pods = expressions(auto, "objectSelector");
    expression(pods, Injection.SWITCH, "DoesNotExist");
    expression(pods, REVISION, "DoesNotExist");
  }

  private ObjectNode webhook(String name) {
    ObjectNode webhook = webhooks.addObject().put("name", name + SUFFIX);
    webhook.putArray("admissionReviewVersions").add("v1");
    ObjectNode client = webhook.putObject("clientConfig");
    client.put("caBundle", WebhookTrust.bundle(member.roots()));
    String path = InjectionWebhook.PATH + "/cluster/" + member.cluster();
    if (ClusterArtefacts.literal(settings.advertised()).isPresent()) {
      client
          .putObject("service")
          .put("name", settings.control().service())
          .put("namespace", settings.rootNamespace())
          .put("path", path)
          .put("port", 443);
    } else {
      // API servers go to the cluster address of a Service, which a host name does not give it.
      client.put(
          "url", "https://" + new HostPort(settings.advertised(), MeshPorts.WEBHOOKS) + path);
    }
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
