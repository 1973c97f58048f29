package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.AccessLog;
import dev.weft.runtime.LogFormat;
import dev.weft.runtime.LogFormatParser;
import dev.weft.testkit.Ports;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AccessLogTest {
  /** The keys and operators that ASM's users see, in their order. */
  private static final Map<String, String> ASM = new LinkedHashMap<>();

  static {
    ASM.put("authority_for", "%REQ(:AUTHORITY)%");
    ASM.put("bytes_received", "%BYTES_RECEIVED%");
    ASM.put("bytes_sent", "%BYTES_SENT%");
    ASM.put("downstream_local_address", "%DOWNSTREAM_LOCAL_ADDRESS%");
    ASM.put("downstream_remote_address", "%DOWNSTREAM_REMOTE_ADDRESS%");
    ASM.put("duration", "%DURATION%");
    ASM.put("istio_policy_status", "%DYNAMIC_METADATA(istio.mixer:status)%");
    ASM.put("method", "%REQ(:METHOD)%");
    ASM.put("path", "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%");
    ASM.put("protocol", "%PROTOCOL%");
    ASM.put("request_id", "%REQ(X-REQUEST-ID)%");
    ASM.put("requested_server_name", "%REQUESTED_SERVER_NAME%");
    ASM.put("response_code", "%RESPONSE_CODE%");
    ASM.put("response_flags", "%RESPONSE_FLAGS%");
    ASM.put("route_name", "%ROUTE_NAME%");
    ASM.put("start_time", "%START_TIME%");
    ASM.put("trace_id", "%REQ(X-B3-TRACEID)%");
    ASM.put("upstream_cluster", "%UPSTREAM_CLUSTER%");
    ASM.put("upstream_host", "%UPSTREAM_HOST%");
    ASM.put("upstream_local_address", "%UPSTREAM_LOCAL_ADDRESS%");
    ASM.put("upstream_response_time", "%RESPONSE_DURATION%");
    ASM.put("upstream_service_time", "%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%");
    ASM.put("upstream_transport_failure_reason", "%UPSTREAM_TRANSPORT_FAILURE_REASON%");
    ASM.put("user_agent", "%REQ(USER-AGENT)%");
    ASM.put("x_forwarded_for", "%REQ(X-FORWARDED-FOR)%");
  }

  @RegisterExtension final Front front = new Front();

  private static LogFormat asmText() {
    StringBuilder template = new StringBuilder("{");
    String comma = "";
    for (Map.Entry<String, String> entry : ASM.entrySet()) {
      template.append(comma).append('"').append(entry.getKey()).append("\":\"");
      template.append(entry.getValue()).append('"');
      comma = ",";
    }
    return new LogFormat.Text(LogFormatParser.parse(template.append("}\n").toString()), false);
  }

  private Peer connectTo(LogFormat format, int endpoint) {
    return front.connectTo(
        new Configs()
            .cluster(Configs.cluster("outbound|8000||httpbin"), endpoint)
            .routes("t", Configs.route("/", "outbound|8000||httpbin"))
            .listener(
                Configs.plain(
                    "front",
                    front.port,
                    Configs.http(
                        "t",
                        Configs.OUTBOUND_FILTERS,
                        List.of(new AccessLog("/dev/stdout", format, List.of(), List.of()))))));
  }

  /** A JSON object of strings, strictly. */
  private static Map<String, String> strings(String line) {
    assertThat(line).matches("\\{(\"[a-z_]+\":\"([^\"\\\\\\x00-\\x1f]|\\\\[\"\\\\u])*\",?)*\\}");
    Map<String, String> values = new LinkedHashMap<>();
    Matcher m = Pattern.compile("\"([a-z_]+)\":\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(line);
    while (m.find()) {
      values.put(m.group(1), m.group(2));
    }
    return values;
  }

  @Test
  void line_has_the_25_keys_of_the_contract_with_quoted_values() {
    try (Origin origin = Origin.answering("x".repeat(135));
        Peer client = connectTo(asmText(), origin.port())) {
      client.send(
          "GET /status/418 HTTP/1.1\r\nHost: httpbin:8000\r\nUser-Agent: curl/8.1.2\r\n\r\n");
      assertThat(client.response().status()).isEqualTo(200);
      Map<String, String> line = strings(front.logs.next());
      assertThat(new ArrayList<>(line.keySet())).isEqualTo(new ArrayList<>(ASM.keySet()));
      assertThat(line)
          .containsEntry("authority_for", "httpbin:8000")
          .containsEntry("bytes_received", "0")
          .containsEntry("bytes_sent", "135")
          .containsEntry("downstream_local_address", "127.0.0.1:" + front.port)
          .containsEntry("downstream_remote_address", "127.0.0.1:" + client.socket().getLocalPort())
          .containsEntry("istio_policy_status", "-")
          .containsEntry("method", "GET")
          .containsEntry("path", "/status/418")
          .containsEntry("protocol", "HTTP/1.1")
          .containsEntry("requested_server_name", "-")
          .containsEntry("response_code", "200")
          .containsEntry("response_flags", "-")
          .containsEntry("route_name", "default")
          .containsEntry("trace_id", "-")
          .containsEntry("upstream_cluster", "outbound|8000||httpbin")
          .containsEntry("upstream_host", "127.0.0.1:" + origin.port())
          .containsEntry("upstream_transport_failure_reason", "-")
          .containsEntry("user_agent", "curl/8.1.2")
          .containsEntry("x_forwarded_for", "-");
      assertThat(line.get("request_id"))
          .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
      assertThat(line.get("start_time"))
          .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
      assertThat(line.get("upstream_local_address")).startsWith("127.0.0.1:");
      for (String number : List.of("duration", "upstream_response_time", "upstream_service_time")) {
        assertThat(line.get(number)).as(number).matches("\\d+");
      }
    }
  }

  @Test
  void operators_beyond_the_contract_have_their_values() {
    LogFormat format =
        text(
            "%GRPC_STATUS% %GRPC_STATUS(SNAKE_STRING)% %GRPC_STATUS(NUMBER)% %GRPC_STATUS_NUMBER%"
                + " %DOWNSTREAM_REMOTE_PORT% %FILTER_CHAIN_NAME% %REQ_WITHOUT_QUERY(:PATH)%"
                + " %REQ_WITHOUT_QUERY(X-NONE?:PATH):4% %DYNAMIC_METADATA(a:b)%\n");
    String answer =
        "HTTP/1.1 200 OK\r\n"
            + "content-type: application/grpc\r\n"
            + "grpc-status: 3\r\n"
            + "content-length: 0\r\n\r\n";
    Origin origin =
        new Origin(
            peer -> {
              peer.head();
              peer.send(answer);
            });
    try (origin;
        Peer client = connectTo(format, origin.port())) {
      client.send(
          "GET /shop.Cart/Add?token=secret HTTP/1.1\r\n"
              + "Host: a\r\n"
              + "Content-Type: application/grpc\r\n\r\n");
      assertThat(client.response().status()).isEqualTo(200);
      assertThat(front.logs.next())
          .isEqualTo(
              "InvalidArgument INVALID_ARGUMENT 3 3 "
                  + client.socket().getLocalPort()
                  + " front /shop.Cart/Add /sho -");
    }
  }

  @Test
  void flags_have_long_names() {
    try (Peer client = connectTo(text("%RESPONSE_FLAGS% %RESPONSE_FLAGS_LONG%\n"), Ports.free())) {
      assertThat(client.get("/").status()).isEqualTo(503);
      assertThat(front.logs.next()).isEqualTo("UF UpstreamConnectionFailure");
    }
  }

  private static LogFormat text(String format) {
    return new LogFormat.Text(LogFormatParser.parse(format), false);
  }

  @Test
  void what_clients_send_cannot_break_the_json() {
    try (Origin origin = Origin.answering("x");
        Peer client = connectTo(asmText(), origin.port())) {
      client.send(
          "GET /\"},{\\ HTTP/1.1\r\nHost: a\r\nUser-Agent: a\"b\\c\td\u00ff\r\n"
              + "X-Request-Id: mine\r\n\r\n");
      assertThat(client.response().status()).isEqualTo(200);
      assertThat(strings(front.logs.next()))
          .containsEntry("path", "/\\\"},{\\\\")
          .containsEntry("user_agent", "a\\\"b\\\\c\\u0009d\\u00ff")
          .containsEntry("request_id", "mine");
    }
  }

  @Test
  void what_a_response_said_is_not_in_the_line_of_the_next_request() {
    List<LogFormat.Field> fields =
        List.of(
            new LogFormat.Field("code", LogFormatParser.parse("%RESPONSE_CODE%")),
            new LogFormat.Field("length", LogFormatParser.parse("%RESP(CONTENT-LENGTH)%")));
    try (Origin origin = Origin.answering("x");
        Peer client = connectTo(new LogFormat.Json(fields, false), origin.port())) {
      assertThat(client.get("/").status()).isEqualTo(200);
      assertThat(front.logs.next()).isEqualTo("{\"code\":200,\"length\":\"1\"}");
      client.send("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n");
      assertThat(front.logs.next()).isEqualTo("{\"code\":405,\"length\":\"24\"}");
    }
  }

  @Test
  void json_format_keeps_types_and_missing_values_are_null() {
    List<LogFormat.Field> fields = new ArrayList<>();
    for (String key : List.of("response_code", "duration", "path", "trace_id")) {
      fields.add(
          new LogFormat.Field(
              key, LogFormatParser.parse(java.util.Objects.requireNonNull(ASM.get(key)))));
    }
    fields.add(new LogFormat.Field("both", LogFormatParser.parse("%REQ(:METHOD)% %REQ(X-NONE)%")));
    try (Origin origin = Origin.answering("x");
        Peer client = connectTo(new LogFormat.Json(fields, false), origin.port())) {
      assertThat(client.get("/").status()).isEqualTo(200);
      assertThat(front.logs.next())
          .matches(
              "\\{\"response_code\":200,\"duration\":\\d+,\"path\":\"/\",\"trace_id\":null,"
                  + "\"both\":\"GET -\"\\}");
    }
  }

  @Test
  void json_format_can_leave_missing_values_out() {
    List<LogFormat.Field> fields =
        List.of(
            new LogFormat.Field("trace", LogFormatParser.parse("%REQ(X-B3-TRACEID)%")),
            new LogFormat.Field("code", LogFormatParser.parse("%RESPONSE_CODE%")),
            new LogFormat.Field("agent", LogFormatParser.parse("%REQ(USER-AGENT)%")),
            new LogFormat.Field("both", LogFormatParser.parse("%REQ(:METHOD)% %REQ(X-NONE)%")));
    try (Origin origin = Origin.answering("x");
        Peer client = connectTo(new LogFormat.Json(fields, true), origin.port())) {
      assertThat(client.get("/").status()).isEqualTo(200);
      assertThat(front.logs.next()).isEqualTo("{\"code\":200,\"both\":\"GET \"}");
    }
  }

  @Test
  void default_text_format_of_istio_is_complete() {
    String format =
        "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
            + " %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%"
            + " %CONNECTION_TERMINATION_DETAILS% \"%UPSTREAM_TRANSPORT_FAILURE_REASON%\""
            + " %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%"
            + " \"%REQ(X-FORWARDED-FOR)%\" \"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\""
            + " \"%REQ(:AUTHORITY)%\" \"%UPSTREAM_HOST%\" %UPSTREAM_CLUSTER_RAW%"
            + " %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS%"
            + " %REQUESTED_SERVER_NAME% %ROUTE_NAME%\n";
    try (Origin origin = Origin.answering("x");
        Peer client =
            connectTo(new LogFormat.Text(LogFormatParser.parse(format), false), origin.port())) {
      assertThat(client.get("/p").status()).isEqualTo(200);
      assertThat(front.logs.next())
          .matches(
              "\\[[^]]+\\] \"GET /p HTTP/1.1\" 200 - via_upstream - \"-\" 0 1 \\d+ \\d+ \"-\" \"-\""
                  + " \"[0-9a-f-]{36}\" \"app\" \"127.0.0.1:\\d+\" outbound\\|8000\\|\\|httpbin"
                  + " 127.0.0.1:\\d+ 127.0.0.1:\\d+ 127.0.0.1:\\d+ - default");
    }
  }
}
