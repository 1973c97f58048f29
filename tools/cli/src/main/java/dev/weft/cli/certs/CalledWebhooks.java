package dev.weft.cli.certs;

import dev.weft.ca.Pem;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The webhooks of the mesh that an API server calls: it does so only where it trusts them. */
final class CalledWebhooks {
  private CalledWebhooks() {}

  /**
   * Which of them do not trust all of these roots.
   *
   * @param before what makes a webhook the mesh's: it trusts one of these
   */
  static List<String> withoutTrust(
      KubernetesClient client,
      Collection<X509Certificate> wanted,
      Collection<X509Certificate> before) {
    var api = client.admissionRegistration().v1();
    List<String> late = new ArrayList<>();
    api.mutatingWebhookConfigurations()
        .list()
        .getItems()
        .forEach(
            c ->
                late.addAll(
                    late(
                        c,
                        c.getWebhooks().stream().map(MutatingWebhook::getClientConfig),
                        wanted,
                        before)));
    api.validatingWebhookConfigurations()
        .list()
        .getItems()
        .forEach(
            c ->
                late.addAll(
                    late(
                        c,
                        c.getWebhooks().stream().map(ValidatingWebhook::getClientConfig),
                        wanted,
                        before)));
    return late;
  }

  private static List<String> late(
      HasMetadata configuration,
      Stream<WebhookClientConfig> called,
      Collection<X509Certificate> wanted,
      Collection<X509Certificate> before) {
    boolean late =
        called
            .map(WebhookClientConfig::getCaBundle)
            .filter(Objects::nonNull)
            .map(CalledWebhooks::certificates)
            .anyMatch(
                trusted ->
                    trusted.stream().anyMatch(before::contains) && !trusted.containsAll(wanted));
    return late
        ? List.of(configuration.getKind() + " " + configuration.getMetadata().getName())
        : List.of();
  }

  /** None where somebody else's cannot be read. */
  private static List<X509Certificate> certificates(String bundle) {
    try {
      return Pem.certificates(
          "caBundle", new String(Base64.getDecoder().decode(bundle), StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }
}
