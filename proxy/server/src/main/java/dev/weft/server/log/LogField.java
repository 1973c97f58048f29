package dev.weft.server.log;

import dev.weft.runtime.LogFormat;
import dev.weft.types.SubstitutionFormat;
import org.jspecify.annotations.Nullable;

/**
 * A command operator, compiled.
 *
 * @param argument lower case for headers; empty where there is none
 * @param alternative another header where the first is missing, or null
 * @param maxLength 0: unlimited
 */
public record LogField(Kind kind, String argument, @Nullable String alternative, int maxLength) {

  /** What an operator stands for. */
  public enum Kind {
    START_TIME(false),
    REQUEST_HEADER(false),
    REQUEST_HEADER_WITHOUT_QUERY(false),
    RESPONSE_HEADER(false),
    PROTOCOL(false),
    RESPONSE_CODE(true),
    RESPONSE_CODE_DETAILS(false),
    CONNECTION_TERMINATION_DETAILS(false),
    RESPONSE_FLAGS(false),
    RESPONSE_FLAGS_LONG(false),
    BYTES_RECEIVED(true),
    BYTES_SENT(true),
    DURATION(true),
    REQUEST_DURATION(true),
    RESPONSE_DURATION(true),
    RESPONSE_TX_DURATION(true),
    UPSTREAM_HOST(false),
    UPSTREAM_CLUSTER(false),
    UPSTREAM_LOCAL_ADDRESS(false),
    UPSTREAM_TRANSPORT_FAILURE_REASON(false),
    UPSTREAM_REQUEST_ATTEMPT_COUNT(true),
    UPSTREAM_PEER_URI_SAN(false),
    DOWNSTREAM_LOCAL_ADDRESS(false),
    DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT(false),
    DOWNSTREAM_LOCAL_PORT(true),
    DOWNSTREAM_LOCAL_URI_SAN(false),
    DOWNSTREAM_REMOTE_ADDRESS(false),
    DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(false),
    DOWNSTREAM_REMOTE_PORT(true),
    DOWNSTREAM_PEER_URI_SAN(false),
    DOWNSTREAM_PEER_SUBJECT(false),
    /** Is there with mutual TLS alone; no operator stands for it. */
    DOWNSTREAM_MUTUAL_TLS(false),
    DOWNSTREAM_TLS_VERSION(false),
    DOWNSTREAM_TLS_CIPHER(false),
    DOWNSTREAM_TRANSPORT_FAILURE_REASON(false),
    REQUESTED_SERVER_NAME(false),
    ROUTE_NAME(false),
    FILTER_CHAIN_NAME(false),
    TRACE_ID(false),
    CONNECTION_ID(true),
    GRPC_STATUS(false),
    GRPC_STATUS_NUMBER(true),
    /** Taken, and without a value: {@link SubstitutionFormat#isEmpty}. */
    UNSET(false);

    private final boolean number;

    Kind(boolean number) {
      this.number = number;
    }

    boolean number() {
      return number;
    }
  }

  static LogField of(LogFormat.Operator operator) {
    Kind kind =
        switch (operator.name()) {
          case "REQ" -> Kind.REQUEST_HEADER;
          case "REQ_WITHOUT_QUERY" -> Kind.REQUEST_HEADER_WITHOUT_QUERY;
          case "RESP" -> Kind.RESPONSE_HEADER;
          case "UPSTREAM_CLUSTER_RAW" -> Kind.UPSTREAM_CLUSTER;
          case "DOWNSTREAM_DIRECT_REMOTE_ADDRESS" -> Kind.DOWNSTREAM_REMOTE_ADDRESS;
          case "DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT" ->
              Kind.DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT;
          case "UPSTREAM_REMOTE_ADDRESS" -> Kind.UPSTREAM_HOST;
          default -> byName(operator.name());
        };
    return new LogField(kind, operator.argument(), operator.alternative(), operator.maxLength());
  }

  /** The same of another kind. */
  public LogField as(Kind other) {
    return new LogField(other, argument, alternative, maxLength);
  }

  static LogField plain(Kind kind) {
    return ofHeader(kind, "");
  }

  static LogField ofHeader(Kind kind, String name) {
    return new LogField(kind, name, null, 0);
  }

  private static Kind byName(String name) {
    for (Kind kind : Kind.values()) {
      if (kind.name().equals(name)) {
        return kind;
      }
    }
    return Kind.UNSET;
  }
}
