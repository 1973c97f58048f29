package dev.weft.translate;

import dev.weft.config.AccessLog.Format;
import dev.weft.xds.DeterministicBytes;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.AndFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ExtensionFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ResponseFlagFilter;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Access logs of proxies. Istio: pilot/pkg/model/telemetry_logging.go; the 25 keys are those of
 * ASM's documents.
 */
final class AccessLogs {
  private static final String TEXT =
      "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
          + " %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%"
          + " %CONNECTION_TERMINATION_DETAILS% \"%UPSTREAM_TRANSPORT_FAILURE_REASON%\""
          + " %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%"
          + " \"%REQ(X-FORWARDED-FOR)%\" \"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\""
          + " \"%REQ(:AUTHORITY)%\" \"%UPSTREAM_HOST%\" %UPSTREAM_CLUSTER_RAW%"
          + " %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS%"
          + " %REQUESTED_SERVER_NAME% %ROUTE_NAME%\n";

  private AccessLogs() {}

  /** For requests and connections that found their way. */
  static List<AccessLog> of(List<dev.weft.config.AccessLog> logs) {
    return logs.stream().map(log -> log(log, condition(log))).toList();
  }

  /** For a listener: only connections that no filter chain took, the others are logged there. */
  static List<AccessLog> ofListener(List<dev.weft.config.AccessLog> logs) {
    return logs.stream()
        .map(
            log -> {
              List<AccessLogFilter> filters = new ArrayList<>();
              filters.add(
                  AccessLogFilter.newBuilder()
                      .setResponseFlagFilter(ResponseFlagFilter.newBuilder().addFlags("NR"))
                      .build());
              filters.addAll(condition(log));
              return log(log, filters);
            })
        .toList();
  }

  private static AccessLog log(dev.weft.config.AccessLog log, List<AccessLogFilter> filters) {
    FileAccessLog file =
        FileAccessLog.newBuilder().setPath(log.path()).setLogFormat(format(log.format())).build();
    AccessLog.Builder made =
        AccessLog.newBuilder()
            .setName("envoy.access_loggers.file")
            .setTypedConfig(DeterministicBytes.pack(file));
    if (filters.size() == 1) {
      made.setFilter(filters.getFirst());
    } else if (!filters.isEmpty()) {
      made.setFilter(
          AccessLogFilter.newBuilder().setAndFilter(AndFilter.newBuilder().addAllFilters(filters)));
    }
    return made.build();
  }

  private static List<AccessLogFilter> condition(dev.weft.config.AccessLog log) {
    return log.condition().isEmpty()
        ? List.of()
        : List.of(
            AccessLogFilter.newBuilder()
                .setExtensionFilter(
                    ExtensionFilter.newBuilder()
                        .setName("envoy.access_loggers.extension_filters.cel")
                        .setTypedConfig(
                            DeterministicBytes.pack(
                                ExpressionFilter.newBuilder()
                                    .setExpression(log.condition())
                                    .build())))
                .build());
  }

  private static SubstitutionFormatString format(Format format) {
    return switch (format) {
      // A template of text, because the JSON format writes numbers without quotes and null for '-'.
      case Format.Asm asm -> text(asmTemplate());
      case Format.IstioJson json -> json(istioFields());
      case Format.Text text -> text(TEXT);
      case Format.CustomText custom ->
          text(custom.format().endsWith("\n") ? custom.format() : custom.format() + "\n");
      case Format.CustomJson custom -> json(custom.fields());
    };
  }

  private static SubstitutionFormatString text(String template) {
    return SubstitutionFormatString.newBuilder()
        .setTextFormatSource(DataSource.newBuilder().setInlineString(template))
        .build();
  }

  private static SubstitutionFormatString json(Map<String, String> fields) {
    return SubstitutionFormatString.newBuilder().setJsonFormat(Structs.of(fields)).build();
  }

  private static String asmTemplate() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("authority_for", "%REQ(:AUTHORITY)%");
    keys.put("bytes_received", "%BYTES_RECEIVED%");
    keys.put("bytes_sent", "%BYTES_SENT%");
    keys.put("downstream_local_address", "%DOWNSTREAM_LOCAL_ADDRESS%");
    keys.put("downstream_remote_address", "%DOWNSTREAM_REMOTE_ADDRESS%");
    keys.put("duration", "%DURATION%");
    keys.put("istio_policy_status", "%DYNAMIC_METADATA(istio.mixer:status)%");
    keys.put("method", "%REQ(:METHOD)%");
    keys.put("path", "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%");
    keys.put("protocol", "%PROTOCOL%");
    keys.put("request_id", "%REQ(X-REQUEST-ID)%");
    keys.put("requested_server_name", "%REQUESTED_SERVER_NAME%");
    keys.put("response_code", "%RESPONSE_CODE%");
    keys.put("response_flags", "%RESPONSE_FLAGS%");
    keys.put("route_name", "%ROUTE_NAME%");
    keys.put("start_time", "%START_TIME%");
    keys.put("trace_id", "%REQ(X-B3-TRACEID)%");
    keys.put("upstream_cluster", "%UPSTREAM_CLUSTER%");
    keys.put("upstream_host", "%UPSTREAM_HOST%");
    keys.put("upstream_local_address", "%UPSTREAM_LOCAL_ADDRESS%");
    keys.put("upstream_response_time", "%RESPONSE_DURATION%");
    keys.put("upstream_service_time", "%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%");
    keys.put("upstream_transport_failure_reason", "%UPSTREAM_TRANSPORT_FAILURE_REASON%");
    keys.put("user_agent", "%REQ(USER-AGENT)%");
    keys.put("x_forwarded_for", "%REQ(X-FORWARDED-FOR)%");
    StringBuilder line = new StringBuilder("{");
    keys.forEach(
        (key, operator) ->
            line.append(line.length() > 1 ? "," : "")
                .append('"')
                .append(key)
                .append("\":\"")
                .append(operator)
                .append('"'));
    return line.append("}\n").toString();
  }

  private static Map<String, String> istioFields() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("start_time", "%START_TIME%");
    fields.put("route_name", "%ROUTE_NAME%");
    fields.put("method", "%REQ(:METHOD)%");
    fields.put("path", "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%");
    fields.put("protocol", "%PROTOCOL%");
    fields.put("response_code", "%RESPONSE_CODE%");
    fields.put("response_flags", "%RESPONSE_FLAGS%");
    fields.put("response_code_details", "%RESPONSE_CODE_DETAILS%");
    fields.put("connection_termination_details", "%CONNECTION_TERMINATION_DETAILS%");
    fields.put("bytes_received", "%BYTES_RECEIVED%");
    fields.put("bytes_sent", "%BYTES_SENT%");
    fields.put("duration", "%DURATION%");
    fields.put("upstream_service_time", "%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%");
    fields.put("x_forwarded_for", "%REQ(X-FORWARDED-FOR)%");
    fields.put("user_agent", "%REQ(USER-AGENT)%");
    fields.put("request_id", "%REQ(X-REQUEST-ID)%");
    fields.put("authority", "%REQ(:AUTHORITY)%");
    fields.put("upstream_host", "%UPSTREAM_HOST%");
    fields.put("upstream_cluster", "%UPSTREAM_CLUSTER_RAW%");
    fields.put("upstream_local_address", "%UPSTREAM_LOCAL_ADDRESS%");
    fields.put("downstream_local_address", "%DOWNSTREAM_LOCAL_ADDRESS%");
    fields.put("downstream_remote_address", "%DOWNSTREAM_REMOTE_ADDRESS%");
    fields.put("requested_server_name", "%REQUESTED_SERVER_NAME%");
    fields.put("upstream_transport_failure_reason", "%UPSTREAM_TRANSPORT_FAILURE_REASON%");
    return fields;
  }
}
