package dev.weft.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ValidationWebhookTest {
  private static JsonNode answer(String object) throws IOException {
    String review =
        "{\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"u\",\"object\":"
            + object.replace('\'', '"')
            + "}}";
    return new JsonMapper()
        .readTree(new ValidationWebhook().handle(review.getBytes(StandardCharsets.UTF_8)))
        .path("response");
  }

  @Test
  void an_object_with_an_error_is_refused_with_field_and_reason() throws IOException {
    JsonNode refused =
        answer(
            "{'apiVersion':'istio.alibabacloud.com/v1beta1','kind':'IstioGateway','metadata':"
                + "{'name':'edge','namespace':'istio-system'},'spec':{'gatewayType':'magic',"
                + "'clusterIds':['cluster1']}}");
    assertThat(refused.path("allowed").asBoolean(true)).isFalse();
    assertThat(refused.at("/status/message").asText()).contains("gatewayType").contains("magic");
  }

  @Test
  void a_doubtful_object_is_admitted_with_a_warning_and_a_foreign_one_without() throws IOException {
    JsonNode warned =
        answer(
            "{'apiVersion':'istio.alibabacloud.com/v1beta1','kind':'IstioGateway','metadata':"
                + "{'name':'edge','namespace':'istio-system'},'spec':{'gatewayType':'ingress'}}");
    assertThat(warned.path("allowed").asBoolean(false)).isTrue();
    assertThat(warned.path("warnings").toString()).contains("clusterIds");

    JsonNode foreign = answer("{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'x'}}");
    assertThat(foreign.path("allowed").asBoolean(false)).isTrue();
    assertThat(foreign.has("warnings")).isFalse();
    assertThat(answer("null").path("allowed").asBoolean(false)).isTrue();
  }
}
