package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Settle;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What proxies tell of traffic, as Telemetry objects want it, while requests go on. */
class TelemetryTest extends WithClient {
  private static final String MESH =
      """
      mesh: {accessLogFile: /dev/stdout, accessLogFormat: istio-json}
      clusters:
        west:
          services:
            - {name: web.shop, vip: 10.96.0.1, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: cart.shop, vip: 10.96.0.2, ports: [{name: http, port: 8000, targetPort: 8080}]}
          pods:
            - {name: client-1.shop, app: client, ip: NET.9}
            - {name: web-1.shop, app: web, ip: NET.11}
            - {name: cart-1.shop, app: cart, ip: NET.12}
      """;

  TelemetryTest() {
    super(MESH);
  }

  private void telemetry(String spec) {
    world.objects(
        "- {kind: Telemetry, metadata: {name: own, namespace: shop}, spec: " + spec + "}");
  }

  private void get(String host, String path, String... headers) {
    String[] all = new String[headers.length + 1];
    all[0] = "host: " + host;
    System.arraycopy(headers, 0, all, 1, headers.length);
    assertThat(client.get(path, all).status()).isEqualTo(200);
  }

  /** Lines of a pod's log are in the order of its requests, so that a later one proves it. */
  private void logsFirst(String pod, String logged, List<String> missing) {
    world.logs(pod, logged);
    assertThat(world.proxy(pod).log())
        .allSatisfy(line -> assertThat(line).doesNotContain(missing.toArray(String[]::new)));
  }

  @Test
  void the_log_of_one_workload_is_turned_off_and_on_again() {
    telemetry("{selector: {matchLabels: {app: web}}, accessLogging: [{disabled: true}]}");
    get("web.shop:8000", "/hidden");
    get("cart.shop:8000", "/of-cart");
    world.logs("cart-1", "/of-cart");
    telemetry("{selector: {matchLabels: {app: web}}, accessLogging: [{disabled: false}]}");
    get("web.shop:8000", "/seen");
    logsFirst("web-1", "/seen", List.of("/hidden"));
  }

  @Test
  void a_filter_leaves_out_what_does_not_meet_it() {
    telemetry(
        "{selector: {matchLabels: {app: web}}, accessLogging: [{filter: {expression:"
            + " \"connection.mtls && has(request.headers['x-log']) || response.code >= 400\"}}]}");
    get("web.shop:8000", "/hidden");
    get("web.shop:8000", "/seen", "x-log: yes");
    logsFirst("web-1", "/seen", List.of("/hidden"));
  }

  @Test
  void a_metric_is_dropped_and_a_label_removed_while_the_count_goes_on() {
    get("web.shop:8000", "/");
    Settle.until("it is counted", () -> requests("web-1").endsWith(" 1"));
    assertThat(requests("web-1")).contains("response_flags=");
    telemetry(
        "{selector: {matchLabels: {app: web}}, metrics: [{overrides: ["
            + "{match: {metric: REQUEST_SIZE, mode: SERVER}, disabled: true},"
            + "{match: {metric: REQUEST_COUNT}, tagOverrides:"
            + " {response_flags: {operation: REMOVE}, tier: {value: \"'gold'\"}}}]}]}");
    get("web.shop:8000", "/");
    get("cart.shop:8000", "/");
    Settle.until("it is counted", () -> requests("web-1").endsWith(" 2"));
    assertThat(requests("web-1")).doesNotContain("response_flags=").contains("tier=\"gold\"");
    assertThat(world.proxy("web-1").metrics())
        .doesNotContain("istio_request_bytes")
        .contains("istio_response_bytes");
    Settle.until("it is counted", () -> requests("cart-1").endsWith(" 1"));
    assertThat(requests("cart-1")).contains("response_flags=");
    assertThat(world.proxy("cart-1").metrics()).contains("istio_request_bytes");
    telemetry("{}");
    assertThat(requests("web-1")).contains("response_flags=").endsWith(" 2");
  }

  /** The only series of requests; empty where there is none yet. */
  private String requests(String pod) {
    return world
        .proxy(pod)
        .metrics()
        .lines()
        .filter(line -> line.startsWith("istio_requests_total{"))
        .collect(Collectors.joining(";"));
  }
}
