package dev.weft.server.log;

import dev.weft.server.log.LogField.Kind;
import dev.weft.types.Expression;
import dev.weft.types.Expression.Attribute;
import dev.weft.types.Expression.Place;
import dev.weft.types.Expression.Relation;

/**
 * A condition of a log, compiled. What asks for a value that is not there neither holds nor does
 * not hold, as in CEL: only the other side of {@code &&} and {@code ||} may decide then. Confined
 * to its event loop.
 */
final class LogCondition {
  private final Test test;
  private final LogText value;

  /**
   * @param scratch for values; only used while it is asked
   */
  LogCondition(Expression expression, LogText scratch) {
    this.value = scratch;
    this.test = test(expression);
  }

  /** Whether a line is wanted. */
  boolean holds(LogValues values) {
    return test.of(values) == Truth.YES;
  }

  private enum Truth {
    YES,
    NO,
    UNKNOWN;

    static Truth of(boolean holds) {
      return holds ? YES : NO;
    }
  }

  @FunctionalInterface
  private interface Test {
    Truth of(LogValues values);
  }

  private Test test(Expression expression) {
    return switch (expression) {
      case Expression.Both both -> joined(test(both.first()), test(both.second()), Truth.NO);
      case Expression.Either either ->
          joined(test(either.first()), test(either.second()), Truth.YES);
      case Expression.Not not -> {
        Test inner = test(not.of());
        yield values ->
            switch (inner.of(values)) {
              case YES -> Truth.NO;
              case NO -> Truth.YES;
              case UNKNOWN -> Truth.UNKNOWN;
            };
      }
      case Expression.Always always -> values -> Truth.of(always.holds());
      case Expression.Present present -> {
        LogField field = field(present.of());
        // Whether a client shows a certificate is known of every connection.
        yield field.kind() == Kind.DOWNSTREAM_MUTUAL_TLS
            ? values -> Truth.YES
            : values -> Truth.of(read(field, values));
      }
      case Expression.Set set -> {
        LogField field = field(set.of());
        yield values -> Truth.of(read(field, values));
      }
      case Expression.NumberIs(Attribute of, Relation relation, long than) -> {
        LogField field = field(of);
        yield values ->
            read(field, values)
                ? Truth.of(relation.holds(Long.compare(value.asNumber(), than)))
                : Truth.UNKNOWN;
      }
      case Expression.TextIs(Attribute of, Relation relation, String than) -> {
        LogField field = field(of);
        yield values ->
            read(field, values)
                ? Truth.of(relation.holds(text(of).compareTo(than)))
                : Truth.UNKNOWN;
      }
      case Expression.TextHas(Attribute of, Place place, String part) -> {
        LogField field = field(of);
        yield values -> read(field, values) ? Truth.of(has(text(of), place, part)) : Truth.UNKNOWN;
      }
    };
  }

  /**
   * @param decides whatever the other side is
   */
  private static Test joined(Test first, Test second, Truth decides) {
    return values -> {
      Truth one = first.of(values);
      if (one == decides) {
        return one;
      }
      Truth other = second.of(values);
      return one == Truth.UNKNOWN && other != decides ? Truth.UNKNOWN : other;
    };
  }

  private boolean read(LogField field, LogValues values) {
    value.clear();
    // Where nobody answered, logs have 0 for a code, and Envoy's attribute is not there.
    return values.write(field, value)
        && (field.kind() != Kind.RESPONSE_CODE || value.asNumber() != 0);
  }

  private String text(Attribute of) {
    String text = value.asText();
    if (of.name() != Expression.Name.REQUEST_URL_PATH) {
      return text;
    }
    int query = text.indexOf('?');
    return query < 0 ? text : text.substring(0, query);
  }

  private static boolean has(String text, Place place, String part) {
    return switch (place) {
      case ANYWHERE -> text.contains(part);
      case START -> text.startsWith(part);
      case END -> text.endsWith(part);
    };
  }

  private static LogField field(Attribute of) {
    return switch (of.name()) {
      case REQUEST_PATH, REQUEST_URL_PATH -> header(":path");
      case REQUEST_HOST -> header(":authority");
      case REQUEST_SCHEME -> header(":scheme");
      case REQUEST_METHOD -> header(":method");
      case REQUEST_HEADERS -> header(of.key());
      case REQUEST_REFERER -> header("referer");
      case REQUEST_USERAGENT -> header("user-agent");
      case REQUEST_ID -> header("x-request-id");
      case REQUEST_PROTOCOL -> LogField.plain(Kind.PROTOCOL);
      case RESPONSE_CODE -> LogField.plain(Kind.RESPONSE_CODE);
      case RESPONSE_CODE_DETAILS -> LogField.plain(Kind.RESPONSE_CODE_DETAILS);
      case RESPONSE_HEADERS -> LogField.ofHeader(Kind.RESPONSE_HEADER, of.key());
      case SOURCE_ADDRESS -> LogField.plain(Kind.DOWNSTREAM_REMOTE_ADDRESS);
      case DESTINATION_ADDRESS -> LogField.plain(Kind.DOWNSTREAM_LOCAL_ADDRESS);
      case DESTINATION_PORT -> LogField.plain(Kind.DOWNSTREAM_LOCAL_PORT);
      case CONNECTION_MTLS -> LogField.plain(Kind.DOWNSTREAM_MUTUAL_TLS);
      case CONNECTION_REQUESTED_SERVER_NAME -> LogField.plain(Kind.REQUESTED_SERVER_NAME);
      case CONNECTION_TLS_VERSION -> LogField.plain(Kind.DOWNSTREAM_TLS_VERSION);
      case CONNECTION_URI_SAN_PEER_CERTIFICATE -> LogField.plain(Kind.DOWNSTREAM_PEER_URI_SAN);
      case CONNECTION_SUBJECT_PEER_CERTIFICATE -> LogField.plain(Kind.DOWNSTREAM_PEER_SUBJECT);
      case CONNECTION_TERMINATION_DETAILS -> LogField.plain(Kind.CONNECTION_TERMINATION_DETAILS);
      case UPSTREAM_ADDRESS -> LogField.plain(Kind.UPSTREAM_HOST);
      case UPSTREAM_TRANSPORT_FAILURE_REASON ->
          LogField.plain(Kind.UPSTREAM_TRANSPORT_FAILURE_REASON);
      case CLUSTER_NAME -> LogField.plain(Kind.UPSTREAM_CLUSTER);
      case ROUTE_NAME -> LogField.plain(Kind.ROUTE_NAME);
    };
  }

  private static LogField header(String name) {
    return LogField.ofHeader(Kind.REQUEST_HEADER, name);
  }
}
