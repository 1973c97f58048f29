package dev.weft.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.admin.LocalHttp.Answer;
import dev.weft.proxy.admin.LocalHttp.Call;
import dev.weft.proxy.stats.Exposition;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatsPageTest {
  private static final String CLUSTER = "outbound|80||web.shop.svc.cluster.local";

  private static String exposition() {
    return new Exposition()
        .counters(
            "envoy_cluster_upstream_cx_total",
            "Connections to the cluster.",
            Map.of("cluster_name=\"" + CLUSTER + "\"", 7))
        .gauges(
            "envoy_cluster_outlier_detection_ejections_active",
            "Endpoints that are ejected.",
            Map.of("cluster_name=\"" + CLUSTER + "\"", 0))
        .counters(
            "istio_requests_total",
            "Requests, HTTP and gRPC, that are over.",
            Map.of("reporter=\"source\",response_code=\"200\"", 3))
        .gauge("envoy_server_live", "1 where the proxy is ready.", 1)
        .counter(
            "istio_agent_process_cpu_seconds_total",
            "CPU time of the process, user and system.",
            1.5)
        .toString();
  }

  private static Answer ask(String... query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query) {
      int equals = pair.indexOf('=');
      parameters.put(
          equals < 0 ? pair : pair.substring(0, equals),
          equals < 0 ? "" : pair.substring(equals + 1));
    }
    return StatsPage.answer(new Call("GET", "/stats", parameters, Map.of(), true), exposition());
  }

  @Test
  void text_has_the_names_of_envoy() {
    assertThat(ask().body().lines())
        .containsExactly(
            "cluster." + CLUSTER + ".outlier_detection.ejections_active: 0",
            "cluster." + CLUSTER + ".upstream_cx_total: 7",
            "istio_agent_process_cpu_seconds_total: 1.5",
            "istiocustom.istio_requests_total.reporter.source.response_code.200: 3",
            "server.live: 1");
  }

  @Test
  void filter_is_a_regular_expression_in_the_name() {
    assertThat(ask("filter=outbound%5C%7C80.*cx_total%24").body())
        .isEqualTo("cluster." + CLUSTER + ".upstream_cx_total: 7\n");
    assertThat(ask("filter=*").status()).isEqualTo(400);
  }

  @Test
  void usedonly_leaves_out_what_is_zero() {
    assertThat(ask("usedonly", "filter=ejections").body()).isEmpty();
  }

  @Test
  void json_lists_names_and_values() {
    assertThat(ask("format=json", "filter=server").body())
        .contains("\"stats\":[{")
        .contains("\"name\":\"server.live\"")
        .contains("\"value\":1");
  }

  @Test
  void prometheus_text_is_left_as_it_is() {
    assertThat(ask("format=prometheus").body()).isEqualTo(exposition());
  }
}
