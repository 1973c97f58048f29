package dev.weft.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.weft.config.VirtualService.HeaderChanges;
import dev.weft.config.VirtualService.HttpAction;
import dev.weft.config.VirtualService.HttpMatch;
import dev.weft.config.VirtualService.HttpRoute;
import dev.weft.types.GroupReferences;
import dev.weft.types.HeaderText;
import dev.weft.types.SubstitutionFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy would refuse of a route, reported to its author. A proxy that has refused a route
 * keeps an older one or answers 503 for it, and nobody looks there first.
 */
final class RouteChecks {
  private static final Pattern CLAIM =
      Pattern.compile(Pattern.quote(NameChecks.CLAIM) + "((\\.[^.\\[\\]]+)+|(\\[[^\\[\\]]+])+)");
  private static final java.util.regex.Pattern STATUS =
      java.util.regex.Pattern.compile("[1-5][0-9][0-9]");

  /** Conditions that our proxies know. */
  static final Set<String> RETRY_ON =
      Set.of(
          "5xx",
          "gateway-error",
          "reset",
          "reset-before-request",
          "connect-failure",
          "retriable-4xx",
          "refused-stream",
          "retriable-status-codes",
          "envoy-ratelimited",
          "cancelled",
          "deadline-exceeded",
          "internal",
          "resource-exhausted",
          "unavailable");

  /** Envoy's other conditions, which our proxies do not act on. */
  private static final Set<String> RETRY_ON_OF_OTHERS =
      Set.of("retriable-headers", "http3-post-connect-failure");

  private static final List<String> GRPC_STATUS =
      List.of(
          "OK",
          "CANCELLED",
          "UNKNOWN",
          "INVALID_ARGUMENT",
          "DEADLINE_EXCEEDED",
          "NOT_FOUND",
          "ALREADY_EXISTS",
          "PERMISSION_DENIED",
          "RESOURCE_EXHAUSTED",
          "FAILED_PRECONDITION",
          "ABORTED",
          "OUT_OF_RANGE",
          "UNIMPLEMENTED",
          "INTERNAL",
          "UNAVAILABLE",
          "DATA_LOSS",
          "UNAUTHENTICATED");

  private RouteChecks() {}

  /** Hosts as virtual hosts and server names take them. */
  static List<String> hosts(TreeReader r, String key) {
    List<String> hosts = r.strings(key);
    hosts.forEach(host -> NameChecks.serverName(r, key, host));
    return hosts;
  }

  /** What has no hosts is only of use as the delegate of another. */
  static void delegate(TreeReader spec, List<HttpRoute> http) {
    String needed = "without hosts this is a delegate, which has HTTP routes alone: ";
    for (String key : List.of("gateways", "tls", "tcp")) {
      if (spec.has(key)) {
        spec.error(key, needed + "name hosts, or take this away");
      }
    }
    for (int i = 0; i < http.size(); i++) {
      if (http.get(i).action() instanceof HttpAction.Delegate) {
        spec.error(
            "http[" + i + "].delegate",
            needed + "it cannot delegate any further; name the other one where this one is named");
      }
    }
  }

  /**
   * Whether a host, or a pattern with a leading {@code *}, has all that another one has; a short
   * name has the longer ones of its service.
   */
  static boolean covers(String host, String other) {
    boolean longer = host.indexOf('.') < 0 && other.startsWith(host + ".");
    return longer
        || (host.startsWith("*") ? other.endsWith(host.substring(1)) : host.equals(other));
  }

  /** Headers that are set or added. */
  static void values(TreeReader r, String key, Map<String, String> headers, boolean authority) {
    headers.forEach(
        (name, value) -> {
          String field = key + "." + name;
          if (!(authority && isAuthority(name))) {
            name(r, field, name);
          }
          if (!HeaderText.isValue(value)) {
            r.error(field, "a value has no line ends and no zero bytes");
          } else {
            format(r, field, value);
          }
        });
  }

  /** Of these fields one at least has to be there. */
  static void oneOf(TreeReader r, String... keys) {
    if (Arrays.stream(keys).noneMatch(r::has)) {
      r.error(keys[0], "this says nothing: at least one of " + String.join(", ", keys));
    }
  }

  /** What cannot be done to a request that goes nowhere, or that goes to two kinds of copies. */
  static void conflicts(TreeReader r) {
    for (String action : List.of("redirect", "directResponse")) {
      for (String key : List.of("fault", "rewrite")) {
        if (r.has(action) && r.has(key)) {
          r.error(key, "cannot stand beside " + action + ", which sends the request nowhere");
        }
      }
    }
    if (r.has("mirror") && r.has("mirrors")) {
      r.error("mirrors", "cannot stand beside mirror; keep one");
    }
  }

  /** The host that a request gets is written once. */
  static void authority(TreeReader r, String rewritten, HeaderChanges request) {
    long times =
        request.set().keySet().stream().filter(RouteChecks::isAuthority).count()
            + request.add().keySet().stream().filter(RouteChecks::isAuthority).count()
            + (rewritten.isEmpty() ? 0 : 1);
    if (times > 1) {
      r.error("headers", "the host is set " + times + " times; keep one");
    }
  }

  /** A redirect of prefixes needs prefixes. */
  static void prefixes(TreeReader r, HttpAction.Redirect redirect, List<HttpMatch> matches) {
    boolean others =
        matches.stream().anyMatch(m -> m.uri() != null && !(m.uri() instanceof StringMatch.Prefix));
    if (!redirect.prefix().isEmpty() && others) {
      r.error(
          "redirect.prefixRewrite", "a prefix is replaced, so every uri of match has to be one");
    }
  }

  /** Claims of tokens are headers to gateways alone. */
  static void claims(TreeReader spec, List<HttpRoute> http, List<String> gateways) {
    boolean sidecars = gateways.stream().allMatch(g -> g.equals(VirtualService.MESH));
    for (int i = 0; i < http.size(); i++) {
      for (int j = 0; j < http.get(i).matches().size(); j++) {
        HttpMatch match = http.get(i).matches().get(j);
        String at = "http[" + i + "].match[" + j + "].";
        claims(spec, at + "headers.", match.headers().keySet(), sidecars);
        claims(spec, at + "withoutHeaders.", match.withoutHeaders().keySet(), sidecars);
      }
    }
  }

  private static void claims(TreeReader spec, String at, Set<String> names, boolean sidecars) {
    for (String name : names) {
      if (!name.startsWith(NameChecks.CLAIM)) {
        continue;
      }
      if (sidecars) {
        spec.error(at + name, "claims of tokens are for gateways: name one in gateways");
      } else if (!CLAIM.matcher(name).matches()) {
        spec.error(
            at + name, "write " + NameChecks.CLAIM + ".NAME, or [NAME] for each level of claims");
      }
    }
  }

  /** Hosts of which none has another one: two would stand for the same requests. */
  static void apart(TreeReader spec, List<String> hosts, List<String> gateways) {
    for (int i = 0; i < hosts.size(); i++) {
      for (int j = i + 1; j < hosts.size(); j++) {
        String one = hosts.get(i);
        String other = hosts.get(j);
        boolean twice = one.equals(other) || has(one, other) || has(other, one);
        if (twice) {
          spec.error("hosts", "'" + one + "' and '" + other + "' overlap: keep the wider one");
        }
      }
    }
    if (hosts.contains("*") && (gateways.isEmpty() || gateways.contains(VirtualService.MESH))) {
      spec.error(
          "hosts",
          "'*' would take every request of every sidecar: name hosts, or gateways without mesh");
    }
  }

  private static boolean has(String pattern, String host) {
    return pattern.startsWith("*") && host.endsWith(pattern.substring(1));
  }

  /** The name of a header that is added or removed. */
  static void name(TreeReader r, String field, String name) {
    if (isAuthority(name)) {
      r.error(field, "the host can only be set, in headers.request.set or rewrite.authority");
    } else if (!HeaderText.isName(name)) {
      r.error(field, "'" + name + "' is not the name of a header");
    }
  }

  private static boolean isAuthority(String name) {
    return name.equalsIgnoreCase("host") || name.equals(":authority");
  }

  /** A text with {@code %OPERATOR%}s; whether it can be read. */
  static boolean format(TreeReader r, String field, String value) {
    try {
      List<String> empty = SubstitutionFormat.parse(value).withoutValue();
      if (!empty.isEmpty()) {
        r.warning(
            "unsupported-field",
            field,
            "%" + String.join("%, %", empty) + "% has no value here, and is written as if missing");
      }
      return true;
    } catch (IllegalArgumentException e) {
      r.error(field, String.valueOf(e.getMessage()));
      return false;
    }
  }

  /** A text that goes into a head as it is. */
  static String plain(TreeReader r, String key) {
    String text = r.string(key);
    if (!HeaderText.isValue(text)) {
      r.error(key, "a value has no line ends and no zero bytes");
    }
    return text;
  }

  /** What takes the place of a match. */
  static void references(TreeReader r, String key, String expression, String text) {
    try {
      GroupReferences.check(text, Pattern.compile(expression).groupCount());
    } catch (PatternSyntaxException e) {
      // Said where the expression stands.
      return;
    } catch (IllegalArgumentException e) {
      r.error(key, String.valueOf(e.getMessage()));
    }
  }

  /** The conditions of retries that are acted on, joined as they were written. */
  static String retryOn(TreeReader r, String key) {
    List<String> kept = new ArrayList<>();
    for (String part : r.string(key).split(",", -1)) {
      String word = part.strip();
      if (RETRY_ON_OF_OTHERS.contains(word)) {
        r.warning("unsupported-field", key, "'" + word + "' is not supported and left out");
      } else if (RETRY_ON.contains(word) || STATUS.matcher(word).matches()) {
        kept.add(word);
      } else if (!word.isEmpty()) {
        r.error(
            key,
            "'"
                + word
                + "' is neither a status code nor one of "
                + String.join(", ", RETRY_ON.stream().sorted().toList()));
      }
    }
    return String.join(",", kept);
  }

  /** A length of time of at least a millisecond; null where none is written. Istio's limit. */
  static @Nullable Duration length(TreeReader r, String key) {
    Duration length = r.duration(key);
    if (length != null && length.toMillis() < 1) {
      r.error(key, "at least 1ms is needed; for no limit, take the field away");
    } else if (length != null && !length.equals(Duration.ofMillis(length.toMillis()))) {
      r.error(key, "whole milliseconds are needed");
    }
    return length;
  }

  /** The same, where zero turns something off. */
  static @Nullable Duration lengthOrZero(TreeReader r, String key) {
    Duration length = r.duration(key);
    return length == null || length.isZero() ? length : length(r, key);
  }

  /** The name of a gRPC status; empty where none is written. */
  static String grpcStatus(TreeReader r, String key) {
    String name = r.string(key);
    if (!name.isEmpty() && !GRPC_STATUS.contains(name)) {
      r.error(key, "'" + name + "' is none of " + String.join(", ", GRPC_STATUS));
    }
    return name;
  }

  /** The status of a redirect. */
  static int redirectCode(TreeReader r, String key) {
    int code = r.integer(key, 301, 300, 399);
    if (!Set.of(301, 302, 303, 307, 308).contains(code)) {
      r.error(key, code + " is none of 301, 302, 303, 307, 308");
    }
    return code;
  }
}
