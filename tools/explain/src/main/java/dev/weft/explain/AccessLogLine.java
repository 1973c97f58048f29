package dev.weft.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.routing.IpLiteral;
import dev.weft.types.HostPort;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request as a proxy logged it. Values that the log does not have are empty.
 *
 * @param downstreamLocal where the caller wanted to go
 * @param downstreamRemote where the caller called from
 * @param upstreamLocal where the proxy called from
 */
record AccessLogLine(
    String method,
    String path,
    String authority,
    String code,
    String flags,
    String upstreamHost,
    String upstreamCluster,
    Optional<HostPort> downstreamLocal,
    Optional<HostPort> downstreamRemote,
    Optional<HostPort> upstreamLocal,
    String serverName,
    Map<String, String> headers) {

  /** Longer ones are not read. */
  private static final int MAX_CHARACTERS = 32_768;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Istio's default format (mesh config {@code accessLogEncoding: TEXT}). */
  private static final Pattern TEXT =
      Pattern.compile(
          "\\[[^\\]]*\\] \"(?<method>\\S+) (?<path>\\S+) \\S+\" (?<code>\\d+) (?<flags>\\S+) \\S+"
              + " \\S+ \"[^\"]*\" \\S+ \\S+ \\S+ \\S+ \"(?<xff>[^\"]*)\" \"(?<agent>[^\"]*)\""
              + " \"(?<id>[^\"]*)\" \"(?<authority>[^\"]*)\" \"(?<host>[^\"]*)\" (?<cluster>\\S+)"
              + " (?<up>\\S+) (?<local>\\S+) (?<remote>\\S+) (?<sni>\\S+) \\S+");

  /**
   * Reads a line; what stands before it, such as the name of a pod, is left out.
   *
   * @throws UnclearException where it has none of the formats
   */
  static AccessLogLine parse(String line) throws UnclearException {
    if (line.length() > MAX_CHARACTERS) {
      throw new UnclearException(
          "the line has %d characters, more than %d".formatted(line.length(), MAX_CHARACTERS));
    }
    int brace = line.indexOf('{');
    int bracket = line.indexOf('[');
    if (brace >= 0 && (bracket < 0 || brace < bracket)) {
      return json(line.substring(brace));
    }
    Matcher text = TEXT.matcher(line);
    if (!text.find()) {
      throw new UnclearException(
          "the line is no access log that is known: the formats are asm, istio-json and text"
              + " (accessLogFormat of the mesh)");
    }
    return new AccessLogLine(
        text.group("method"),
        text.group("path"),
        known(text.group("authority")),
        text.group("code"),
        text.group("flags"),
        known(text.group("host")),
        known(text.group("cluster")),
        address(text.group("local")),
        address(text.group("remote")),
        address(text.group("up")),
        known(text.group("sni")),
        headers(text.group("agent"), text.group("xff"), text.group("id")));
  }

  private static AccessLogLine json(String line) throws UnclearException {
    JsonNode tree;
    try {
      tree = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new UnclearException("the line is no JSON: " + e.getOriginalMessage());
    }
    if (!tree.has("method") || !tree.has("upstream_cluster")) {
      throw new UnclearException(
          "the line has no method or no upstream_cluster, which the formats asm and istio-json"
              + " have");
    }
    String authority = text(tree, "authority_for");
    return new AccessLogLine(
        text(tree, "method"),
        text(tree, "path"),
        authority.isEmpty() ? text(tree, "authority") : authority,
        text(tree, "response_code"),
        text(tree, "response_flags"),
        text(tree, "upstream_host"),
        text(tree, "upstream_cluster"),
        address(text(tree, "downstream_local_address")),
        address(text(tree, "downstream_remote_address")),
        address(text(tree, "upstream_local_address")),
        text(tree, "requested_server_name"),
        headers(text(tree, "user_agent"), text(tree, "x_forwarded_for"), text(tree, "request_id")));
  }

  private static String text(JsonNode tree, String key) {
    return known(tree.path(key).asText(""));
  }

  private static String known(String value) {
    return value.equals("-") ? "" : value;
  }

  private static Optional<HostPort> address(String text) {
    try {
      return text.isEmpty() || text.equals("-")
          ? Optional.empty()
          : Optional.of(HostPort.parse(text)).filter(a -> IpLiteral.is(a.host()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Map<String, String> headers(String agent, String forwardedFor, String id) {
    Map<String, String> headers = new TreeMap<>();
    Map.of("user-agent", agent, "x-forwarded-for", forwardedFor, "x-request-id", id)
        .forEach(
            (name, value) -> {
              if (!known(value).isEmpty()) {
                headers.put(name, value);
              }
            });
    return headers;
  }

  /** Whether it was a connection of bytes. */
  boolean bytes() {
    return method.isEmpty() || method.equals("-");
  }
}
