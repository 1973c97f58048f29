package dev.weft.explain;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Which request is asked about: one that a proxy logged, or one that could be made.
 *
 * @param log one line of an access log in the formats {@code asm}, {@code istio-json} or {@code
 *     text}; empty where the request is described by the others
 * @param from who makes it: {@code POD[.NAMESPACE]}, {@code deploy/NAME[.NAMESPACE]} or {@code
 *     CLUSTER/NAMESPACE/WORKLOAD}; with a log line it may be empty
 * @param cluster of the caller; empty where its name says enough
 * @param method empty for GET
 * @param host {@code HOST[:PORT]} as the caller writes it, with {@code https://} before it where
 *     the caller itself speaks TLS
 * @param path with its query string; empty for {@code /}
 * @param headers by name, in lower case
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RequestQuestion(
    String log,
    String from,
    String cluster,
    String method,
    String host,
    String path,
    Map<String, String> headers) {
  public RequestQuestion {
    log = Objects.requireNonNullElse(log, "");
    from = Objects.requireNonNullElse(from, "");
    cluster = Objects.requireNonNullElse(cluster, "");
    method = Objects.requireNonNullElse(method, "");
    host = Objects.requireNonNullElse(host, "");
    path = Objects.requireNonNullElse(path, "");
    Map<String, String> lower = new TreeMap<>();
    Objects.requireNonNullElse(headers, Map.<String, String>of())
        .forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
    headers = Collections.unmodifiableMap(lower);
  }

  /** A line of an access log. */
  public static RequestQuestion logged(String line) {
    return new RequestQuestion(line, "", "", "", "", "", Map.of());
  }
}
