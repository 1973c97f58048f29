package dev.weft.types;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A text with Envoy's command operators ({@code %REQ(x-user)%}), as access logs and the values of
 * added headers have them; {@code %%} is a percent sign. Both planes read it here, so that what the
 * control plane accepts no proxy refuses.
 *
 * @param parts in order
 */
public record SubstitutionFormat(List<Part> parts) {
  private static final Set<String> HEADER_OPERATORS =
      Set.of("REQ", "RESP", "TRAILER", "REQ_WITHOUT_QUERY");

  /** What filters leave for each other; none of this proxy's leaves anything. */
  private static final Set<String> STATE_OF_FILTERS = Set.of("DYNAMIC_METADATA", "FILTER_STATE");

  /** Operators of Envoy's that are taken and have no value here, so that a format stays usable. */
  private static final Set<String> WITHOUT_VALUE =
      Set.of(
          "ENVIRONMENT",
          "HOSTNAME",
          "REQUEST_HEADERS_BYTES",
          "REQUEST_TX_DURATION",
          "RESPONSE_HEADERS_BYTES",
          "TRAILER",
          "UPSTREAM_TLS_VERSION",
          "VIRTUAL_CLUSTER_NAME");

  private static final Set<String> OPERATORS =
      Set.of(
          "BYTES_RECEIVED",
          "BYTES_SENT",
          "CONNECTION_ID",
          "CONNECTION_TERMINATION_DETAILS",
          "DOWNSTREAM_DIRECT_REMOTE_ADDRESS",
          "DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT",
          "DOWNSTREAM_LOCAL_ADDRESS",
          "DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT",
          "DOWNSTREAM_LOCAL_PORT",
          "DOWNSTREAM_LOCAL_URI_SAN",
          "DOWNSTREAM_PEER_SUBJECT",
          "DOWNSTREAM_PEER_URI_SAN",
          "DOWNSTREAM_REMOTE_ADDRESS",
          "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT",
          "DOWNSTREAM_REMOTE_PORT",
          "DOWNSTREAM_TLS_CIPHER",
          "DOWNSTREAM_TLS_VERSION",
          "DOWNSTREAM_TRANSPORT_FAILURE_REASON",
          "DURATION",
          "DYNAMIC_METADATA",
          "ENVIRONMENT",
          "FILTER_CHAIN_NAME",
          "FILTER_STATE",
          "GRPC_STATUS",
          "GRPC_STATUS_NUMBER",
          "HOSTNAME",
          "PROTOCOL",
          "REQUEST_DURATION",
          "REQUEST_HEADERS_BYTES",
          "REQUEST_TX_DURATION",
          "REQUESTED_SERVER_NAME",
          "RESPONSE_CODE",
          "RESPONSE_CODE_DETAILS",
          "RESPONSE_DURATION",
          "RESPONSE_FLAGS",
          "RESPONSE_FLAGS_LONG",
          "RESPONSE_HEADERS_BYTES",
          "RESPONSE_TX_DURATION",
          "ROUTE_NAME",
          "START_TIME",
          "TRACE_ID",
          "UPSTREAM_CLUSTER",
          "UPSTREAM_CLUSTER_RAW",
          "UPSTREAM_HOST",
          "UPSTREAM_LOCAL_ADDRESS",
          "UPSTREAM_PEER_URI_SAN",
          "UPSTREAM_REMOTE_ADDRESS",
          "UPSTREAM_REQUEST_ATTEMPT_COUNT",
          "UPSTREAM_TLS_VERSION",
          "UPSTREAM_TRANSPORT_FAILURE_REASON",
          "VIRTUAL_CLUSTER_NAME");

  public SubstitutionFormat {
    parts = List.copyOf(parts);
  }

  /** A part of a format. */
  public sealed interface Part {}

  /** Written as it is. */
  public record Literal(String text) implements Part {}

  /**
   * {@code %NAME(argument):maxLength%}.
   *
   * @param argument empty where there is none
   * @param maxLength 0: unlimited
   */
  public record Operator(String name, String argument, int maxLength) implements Part {
    /** Whether the argument names headers. */
    public boolean ofHeader() {
      return HEADER_OPERATORS.contains(name);
    }
  }

  /** Whether an operator of that name never has a value. */
  public static boolean isEmpty(String operator) {
    return STATE_OF_FILTERS.contains(operator) || WITHOUT_VALUE.contains(operator);
  }

  /**
   * Those of its operators that have a value in other proxies and none here, each once, in order.
   */
  public List<String> withoutValue() {
    return parts.stream()
        .filter(Operator.class::isInstance)
        .map(part -> ((Operator) part).name())
        .filter(WITHOUT_VALUE::contains)
        .distinct()
        .toList();
  }

  /** The names of all operators that are taken. */
  public static Set<String> operators() {
    return Stream.concat(OPERATORS.stream(), HEADER_OPERATORS.stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Takes a text apart.
   *
   * @throws IllegalArgumentException naming the operator that is unknown or does not end
   */
  public static SubstitutionFormat parse(String format) {
    List<Part> out = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int at = 0;
    while (at < format.length()) {
      char c = format.charAt(at);
      if (c != '%') {
        literal.append(c);
        at++;
      } else if (at + 1 < format.length() && format.charAt(at + 1) == '%') {
        literal.append('%');
        at += 2;
      } else {
        int end = end(format, at + 1);
        flush(literal, out);
        out.add(operator(format.substring(at + 1, end)));
        at = end + 1;
      }
    }
    flush(literal, out);
    return new SubstitutionFormat(out);
  }

  private static void flush(StringBuilder literal, List<Part> out) {
    if (!literal.isEmpty()) {
      out.add(new Literal(literal.toString()));
      literal.setLength(0);
    }
  }

  /** The closing percent sign; arguments in parentheses may contain others. */
  private static int end(String format, int from) {
    boolean argument = false;
    for (int i = from; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c == '(') {
        argument = true;
      } else if (c == ')') {
        argument = false;
      } else if (c == '%' && !argument) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        "'%"
            + format.substring(from)
            + "' has no closing '%'; write %% where a percent sign is meant");
  }

  private static Operator operator(String text) {
    int open = text.indexOf('(');
    int close = text.lastIndexOf(')');
    String name = open < 0 ? text : text.substring(0, open);
    String rest = close < 0 ? "" : text.substring(close + 1);
    String argument = open < 0 || close < open ? "" : text.substring(open + 1, close);
    int colon = name.indexOf(':');
    if (colon >= 0) {
      rest = name.substring(colon);
      name = name.substring(0, colon);
    }
    if (!HEADER_OPERATORS.contains(name) && !OPERATORS.contains(name)) {
      throw new IllegalArgumentException(
          "operator %" + name + "% is not supported; write %% where a percent sign is meant");
    }
    return new Operator(name, argument, maxLength(text, rest));
  }

  private static int maxLength(String text, String rest) {
    if (!rest.startsWith(":")) {
      return 0;
    }
    try {
      return Integer.parseInt(rest.substring(1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'%" + text + "%' has no number after ':'", e);
    }
  }
}
