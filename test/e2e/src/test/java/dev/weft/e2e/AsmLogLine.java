package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** A line of the access log in the format that people have their dashboards for. */
final class AsmLogLine {
  private static final List<String> KEYS =
      List.of(
          """
          authority_for bytes_received bytes_sent downstream_local_address
          downstream_remote_address duration istio_policy_status method path protocol
          request_id requested_server_name response_code response_flags route_name
          start_time trace_id upstream_cluster upstream_host upstream_local_address
          upstream_response_time upstream_service_time upstream_transport_failure_reason
          user_agent x_forwarded_for
          """
              .strip()
              .split("\\s+"));

  private AsmLogLine() {}

  /** It has all fields, in order, and every value is text. */
  static void check(JsonNode line) {
    List<String> keys = new ArrayList<>();
    line.fieldNames().forEachRemaining(keys::add);
    assertThat(keys).isEqualTo(KEYS).isEqualTo(new ArrayList<>(new TreeSet<>(KEYS)));
    line.forEach(value -> assertThat(value.isTextual()).as(line.toString()).isTrue());
  }
}
