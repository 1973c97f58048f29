package dev.weft.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.config.Diagnostic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ValidationWebhookTest {
  private static JsonNode answer(String object) throws IOException {
    return answer(object, List.of());
  }

  /**
   * @param known of every object, from the mesh as it is
   */
  private static JsonNode answer(String object, List<Diagnostic> known) throws IOException {
    String review =
        "{\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"u\",\"object\":"
            + object.replace('\'', '"')
            + "}}";
    return new JsonMapper()
        .readTree(
            new ValidationWebhook(any -> known).handle(review.getBytes(StandardCharsets.UTF_8)))
        .path("response");
  }

  private record Bad(String kind, String spec, String path, String wayOut) {
    @Override
    public String toString() {
      return kind + " " + path;
    }
  }

  private static List<Bad> bad() {
    String networking = "networking.istio.io/v1 ";
    String route = "'route':[{'destination':{'host':'cart'}}]";
    return List.of(
        new Bad(
            networking + "VirtualService",
            "{'hosts':['cart'],'http':[{'timeout':'soon'," + route + "}]}",
            "spec.http[0].timeout",
            "'soon' is not a duration such as 1.5s, 100ms or 1h30m"),
        new Bad(
            networking + "VirtualService",
            "{'hosts':['cart'],'http':[{'route':[{'destination':{'subset':'v1'}}]}]}",
            "spec.http[0].route[0].destination.host",
            "a host is needed"),
        new Bad(
            networking + "VirtualService",
            "{'hosts':['cart'],'http':[{'route':[{'destination':{'host':'a'}},"
                + "{'destination':{'host':'b'}}]}]}",
            "spec.http[0].route",
            "give each one its share as weight"),
        new Bad(
            networking + "VirtualService",
            "{'hosts':['cart'],'tcp':[{'route':[{'destination':{'host':'a'}},"
                + "{'destination':{'host':'b'}}]}]}",
            "spec.tcp[0].route",
            "give each one its share as weight"),
        new Bad(
            networking + "VirtualService",
            "{'hosts':['cart'],'http':[{'match':[{'uri':{'regex':'('}}]," + route + "}]}",
            "spec.http[0].match[0].uri.regex",
            "RE2"),
        new Bad(
            networking + "VirtualService",
            "{'hosts':['cart'],'http':[{'headers':{'response':{'set':{'x':'100%'}}},"
                + route
                + "}]}",
            "spec.http[0].headers.response.set.x",
            "write %% where a percent sign is meant"),
        new Bad(
            networking + "DestinationRule",
            "{'host':'cart','trafficPolicy':{'loadBalancer':{'simple':'FASTEST'}}}",
            "spec.trafficPolicy.loadBalancer.simple",
            "LEAST_REQUEST"),
        new Bad(networking + "DestinationRule", "{}", "spec.host", "a host is needed"),
        new Bad(
            networking + "Gateway",
            "{'servers':[{'port':{'number':80,'name':'p','protocol':'SMTP'},'hosts':['*']}]}",
            "spec.servers[0].port.protocol",
            "HTTPS"),
        new Bad(
            networking + "Gateway",
            "{'servers':[{'port':{'number':80,'name':'p','protocol':'HTTP'}}]}",
            "spec.servers[0].hosts",
            "* is all"),
        new Bad(
            "security.istio.io/v1 PeerAuthentication",
            "{'mtls':{'mode':'ALWAYS'}}",
            "spec.mtls.mode",
            "STRICT"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void a_refusal_names_object_field_and_way_out(Bad bad) throws IOException {
    String[] kind = bad.kind().split(" ");
    JsonNode refused =
        answer(
            "{'apiVersion':'"
                + kind[0]
                + "','kind':'"
                + kind[1]
                + "','metadata':{'name':'wrong','namespace':'shop'},'spec':"
                + bad.spec()
                + "}");
    assertThat(refused.path("allowed").asBoolean(true)).isFalse();
    assertThat(refused.at("/status/message").asText())
        .startsWith(kind[1] + " shop/wrong, " + bad.path() + ": ")
        .contains(bad.wayOut());
  }

  @Test
  void what_has_no_effect_is_admitted_and_said_to_have_none() throws IOException {
    JsonNode warned =
        answer(
            "{'apiVersion':'extensions.istio.io/v1alpha1','kind':'WasmPlugin','metadata':"
                + "{'name':'x','namespace':'shop'},'spec':{'anything':1}}");
    assertThat(warned.path("allowed").asBoolean(false)).isTrue();
    assertThat(warned.at("/warnings/0").asText())
        .isEqualTo("WasmPlugin shop/x: objects of kind WasmPlugin are stored, but have no effect");
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

  @Test
  void what_the_mesh_lacks_is_a_warning_and_no_reason_to_refuse() throws IOException {
    JsonNode admitted =
        answer(
            "{'apiVersion':'networking.istio.io/v1','kind':'DestinationRule','metadata':{'name':'r',"
                + "'namespace':'shop'},'spec':{'host':'reviews'}}",
            List.of(Diagnostic.error("IST0173", "DestinationRule shop/r", "spec.subsets", "none")));
    assertThat(admitted.path("allowed").asBoolean()).isTrue();
    assertThat(admitted.path("warnings").toString())
        .isEqualTo("[\"DestinationRule shop/r, spec.subsets: none\"]");
  }
}
