package dev.weft.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebhookTrustTest {
  private static final String BUNDLE = WebhookTrust.bundle("ROOT");

  private static WebhookTrust trust(boolean own) {
    return new WebhookTrust(own, "canary", "istiod-canary", "istio-system", "ROOT");
  }

  private static ObjectNode configuration(String labels, String service, String policy)
      throws IOException {
    return (ObjectNode)
        new JsonMapper()
            .readTree(
                """
                {'metadata':{'name':'hooks','labels':{%s}},'webhooks':[{'name':'a','failurePolicy':'%s',
                 'clientConfig':{'service':{'name':'%s','namespace':'istio-system'}}}]}
                """
                    .formatted(labels, policy, service)
                    .replace('\'', '"'));
  }

  @Test
  void the_control_planes_own_cluster_learns_its_roots_and_that_somebody_answers()
      throws IOException {
    ObjectNode injector = configuration("'istio.io/rev':'canary'", "istiod-canary", "Fail");
    ObjectNode validator = configuration("'istio.io/rev':'canary'", "istiod-canary", "Ignore");

    assertThat(trust(true).steps(ManagedKind.MUTATING_WEBHOOK, List.of(injector)))
        .singleElement()
        .isInstanceOfSatisfying(
            Applying.Step.Replace.class,
            r -> {
              assertThat(r.body().at("/webhooks/0/clientConfig/caBundle").asText())
                  .isEqualTo(BUNDLE);
              assertThat(trust(true).steps(ManagedKind.MUTATING_WEBHOOK, List.of(r.body())))
                  .isEmpty();
            });
    assertThat(trust(true).steps(ManagedKind.VALIDATING_WEBHOOK, List.of(validator)))
        .singleElement()
        .isInstanceOfSatisfying(
            Applying.Step.Replace.class,
            r -> assertThat(r.body().at("/webhooks/0/failurePolicy").asText()).isEqualTo("Fail"));
  }

  @Test
  void webhooks_that_call_another_control_plane_are_not_touched() throws IOException {
    ObjectNode istio = configuration("'istio.io/rev':'canary'", "istiod", "Ignore");
    assertThat(trust(true).steps(ManagedKind.VALIDATING_WEBHOOK, List.of(istio))).isEmpty();
  }

  @Test
  void in_another_cluster_only_webhooks_of_the_charts_are_touched() throws IOException {
    ObjectNode istio = configuration("'istio.io/rev':'canary'", "istiod-canary", "Fail");
    ObjectNode charted =
        configuration(
            "'istio.io/rev':'canary','install.weft.dev/owner':'istio-system'",
            "istiod-canary",
            "Fail");
    assertThat(trust(false).steps(ManagedKind.MUTATING_WEBHOOK, List.of(istio))).isEmpty();
    assertThat(trust(false).steps(ManagedKind.MUTATING_WEBHOOK, List.of(charted))).hasSize(1);
  }

  @Test
  void in_another_cluster_a_webhook_of_the_charts_may_call_a_host_name() throws IOException {
    ObjectNode charted =
        configuration(
            "'istio.io/rev':'canary','install.weft.dev/owner':'istio-system'",
            "istiod-canary",
            "Fail");
    ((ObjectNode) charted.at("/webhooks/0/clientConfig"))
        .put("url", "https://mesh.example.com:15017/inject")
        .remove("service");
    ObjectNode other = charted.deepCopy();
    other.withObject("/metadata/labels").put("install.weft.dev/owner", "other");
    assertThat(trust(false).steps(ManagedKind.MUTATING_WEBHOOK, List.of(charted))).hasSize(1);
    assertThat(trust(false).steps(ManagedKind.MUTATING_WEBHOOK, List.of(other))).isEmpty();
    assertThat(trust(true).steps(ManagedKind.MUTATING_WEBHOOK, List.of(charted))).isEmpty();
  }
}
