package dev.weft.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Webhook configurations that a chart installed for this control plane, for its revision and for
 * tags of it: API servers call them only with the mesh's roots in them. Only {@code caBundle} is
 * written, and {@code failurePolicy} of validation, which charts leave at {@code Ignore} until
 * somebody answers. Istio: pkg/webhooks/webhookpatch.go, pkg/webhooks/validation/controller.
 *
 * @param own whether this is the control plane's own cluster; elsewhere an Istio may have webhooks
 *     that look the same, so only those that the charts marked are touched
 * @param service the control plane's Service
 * @param rootNamespace its namespace
 * @param roots the mesh's trust bundle, PEM
 */
public record WebhookTrust(
    boolean own, String revision, String service, String rootNamespace, String roots) {

  /** The kinds concerned: objects of the mesh are checked where its control plane runs. */
  public Set<ManagedKind> kinds() {
    return own
        ? EnumSet.of(ManagedKind.MUTATING_WEBHOOK, ManagedKind.VALIDATING_WEBHOOK)
        : EnumSet.of(ManagedKind.MUTATING_WEBHOOK);
  }

  /** By which the configurations concerned are listed. */
  public String selector() {
    return Ownership.REVISION + "=" + revision;
  }

  /** What has to be written; empty where all is as it should be. */
  public List<Applying.Step> steps(ManagedKind kind, List<ObjectNode> live) {
    List<Applying.Step> steps = new ArrayList<>();
    for (ObjectNode body : live) {
      ObjectNode changed = body.deepCopy();
      for (JsonNode webhook : changed.path("webhooks")) {
        if (webhook instanceof ObjectNode object && meant(body) && calls(object)) {
          trust(kind, object);
        }
      }
      if (!changed.equals(body)) {
        steps.add(
            new Applying.Step.Replace(
                new Manifest.Key(kind, "", body.path("metadata").path("name").asText()), changed));
      }
    }
    return steps;
  }

  private boolean meant(ObjectNode body) {
    return own
        || body.path("metadata")
            .path("labels")
            .path(Ownership.INSTALLED_FOR)
            .asText("")
            .equals(rootNamespace);
  }

  /** Whether it is this control plane that the webhook calls. */
  private boolean calls(ObjectNode webhook) {
    JsonNode client = webhook.path("clientConfig");
    if (!own && client.has("url")) {
      // Behind a host name: the chart put it there for whoever keeps this cluster.
      return true;
    }
    JsonNode to = client.path("service");
    return to.path("name").asText("").equals(service)
        && to.path("namespace").asText("").equals(rootNamespace);
  }

  private void trust(ManagedKind kind, ObjectNode webhook) {
    webhook.withObject("/clientConfig").put("caBundle", bundle(roots));
    if (kind == ManagedKind.VALIDATING_WEBHOOK
        && webhook.path("failurePolicy").asText("").equals("Ignore")) {
      webhook.put("failurePolicy", "Fail");
    }
  }

  /** PEM as Kubernetes carries it. */
  static String bundle(String roots) {
    return Base64.getEncoder().encodeToString(roots.getBytes(StandardCharsets.UTF_8));
  }
}
