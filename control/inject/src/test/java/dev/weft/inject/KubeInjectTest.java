package dev.weft.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/**
 * What {@code istioctl kube-inject} sends to the webhook: a pod that is no object yet, in a request
 * without an id, whose kind is the request's. Istio: istioctl/pkg/kubeinject/kubeinject.go.
 */
class KubeInjectTest {
  private static final String REVIEW =
      """
      {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": {
        "uid": "",
        "kind": {"group": "admission.k8s.io", "version": "v1", "kind": "AdmissionRequest"},
        "resource": {"group": "", "version": "", "resource": ""},
        "operation": "", "userInfo": {}, "oldObject": null, "options": null,
        "object": {"metadata": {"labels": {"app": "sleep"}, "creationTimestamp": null},
                   "spec": {"containers": [{"name": "sleep", "image": "sleep", "resources": {}}]},
                   "status": {}}}}
      """;

  private static JsonNode answer(String review) throws Exception {
    return new JsonMapper()
        .readTree(
            new InjectionWebhook(cluster -> InjectionSettings.defaults(), () -> ProxyConfigs.NONE)
                .handle("/inject", review.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void pod_that_is_no_object_yet_gets_its_sidecar() throws Exception {
    JsonNode answer = answer(REVIEW);
    assertThat(answer.path("kind").asText()).isEqualTo("AdmissionReview");
    assertThat(answer.path("apiVersion").asText()).isEqualTo("admission.k8s.io/v1");
    assertThat(answer.at("/response/allowed").asBoolean()).as("%s", answer).isTrue();
    String patch =
        new String(
            Base64.getDecoder().decode(answer.at("/response/patch").asText()),
            StandardCharsets.UTF_8);
    assertThat(patch).contains("istio-proxy");
  }

  @Test
  void request_about_another_kind_is_refused_still() throws Exception {
    JsonNode answer = answer(REVIEW.replace("admission.k8s.io\", \"version", "apps\", \"version"));
    assertThat(answer.at("/response/allowed").asBoolean()).isFalse();
    assertThat(answer.at("/response/status/message").asText()).contains("only pods are injected");
  }
}
