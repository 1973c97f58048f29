package dev.weft.types;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A condition on a request or connection that is over, written in CEL as filters of access logs
 * have it: comparisons of single attributes, joined by {@code &&}, {@code ||} and {@code !}. Both
 * planes read it here, so that what the control plane accepts no proxy refuses. Envoy: "Attributes"
 * and envoy/extensions/access_loggers/filters/cel/v3/cel.proto.
 */
public sealed interface Expression {

  /** Reads an expression; {@link ExpressionParser} says what may be written. */
  static Expression parse(String text) {
    return new ExpressionParser(text).parse();
  }

  /** Everything that it asks for. */
  default Stream<Attribute> attributes() {
    return switch (this) {
      case Both both -> Stream.concat(both.first().attributes(), both.second().attributes());
      case Either either ->
          Stream.concat(either.first().attributes(), either.second().attributes());
      case Not not -> not.of().attributes();
      case Always always -> Stream.empty();
      case Present present -> Stream.of(present.of());
      case Set set -> Stream.of(set.of());
      case NumberIs number -> Stream.of(number.of());
      case TextIs text -> Stream.of(text.of());
      case TextHas text -> Stream.of(text.of());
    };
  }

  /** Both hold. */
  record Both(Expression first, Expression second) implements Expression {}

  /** At least one holds. */
  record Either(Expression first, Expression second) implements Expression {}

  /** It does not hold. */
  record Not(Expression of) implements Expression {}

  /** {@code true} or {@code false}. */
  record Always(boolean holds) implements Expression {}

  /** There is a value: {@code has(a.b)}, {@code 'x' in request.headers}. */
  record Present(Attribute of) implements Expression {}

  /** The value of an attribute that is true or false. */
  record Set(Attribute of) implements Expression {}

  record NumberIs(Attribute of, Relation relation, long than) implements Expression {}

  record TextIs(Attribute of, Relation relation, String than) implements Expression {}

  /** {@code contains}, {@code startsWith} or {@code endsWith}. */
  record TextHas(Attribute of, Place place, String part) implements Expression {}

  /** Where in a text another one has to stand. */
  enum Place {
    ANYWHERE,
    START,
    END
  }

  /** How two values are compared. */
  enum Relation {
    EQUAL,
    DIFFERENT,
    LESS,
    AT_MOST,
    GREATER,
    AT_LEAST;

    /**
     * Whether it holds.
     *
     * @param order negative, zero or positive, as a {@link java.util.Comparator} says it
     */
    public boolean holds(int order) {
      return switch (this) {
        case EQUAL -> order == 0;
        case DIFFERENT -> order != 0;
        case LESS -> order < 0;
        case AT_MOST -> order <= 0;
        case GREATER -> order > 0;
        case AT_LEAST -> order >= 0;
      };
    }

    /** The same with its sides exchanged. */
    Relation turned() {
      return switch (this) {
        case EQUAL -> EQUAL;
        case DIFFERENT -> DIFFERENT;
        case LESS -> GREATER;
        case AT_MOST -> AT_LEAST;
        case GREATER -> LESS;
        case AT_LEAST -> AT_MOST;
      };
    }
  }

  /**
   * Something that is known of a request or its connection.
   *
   * @param key of one entry, in lower case; empty for attributes that have no entries
   */
  record Attribute(Name name, String key) {}

  /** What kind of value an attribute has. */
  enum Type {
    TEXT,
    NUMBER,
    FLAG,
    /** Texts by names. */
    ENTRIES
  }

  /** The attributes that can be asked for. */
  enum Name {
    REQUEST_PATH("request.path", Type.TEXT),
    REQUEST_URL_PATH("request.url_path", Type.TEXT),
    REQUEST_HOST("request.host", Type.TEXT),
    REQUEST_SCHEME("request.scheme", Type.TEXT),
    REQUEST_METHOD("request.method", Type.TEXT),
    REQUEST_HEADERS("request.headers", Type.ENTRIES),
    REQUEST_REFERER("request.referer", Type.TEXT),
    REQUEST_USERAGENT("request.useragent", Type.TEXT),
    REQUEST_ID("request.id", Type.TEXT),
    REQUEST_PROTOCOL("request.protocol", Type.TEXT),
    RESPONSE_CODE("response.code", Type.NUMBER),
    RESPONSE_CODE_DETAILS("response.code_details", Type.TEXT),
    RESPONSE_HEADERS("response.headers", Type.ENTRIES),
    SOURCE_ADDRESS("source.address", Type.TEXT),
    DESTINATION_ADDRESS("destination.address", Type.TEXT),
    DESTINATION_PORT("destination.port", Type.NUMBER),
    CONNECTION_MTLS("connection.mtls", Type.FLAG),
    CONNECTION_REQUESTED_SERVER_NAME("connection.requested_server_name", Type.TEXT),
    CONNECTION_TLS_VERSION("connection.tls_version", Type.TEXT),
    CONNECTION_URI_SAN_PEER_CERTIFICATE("connection.uri_san_peer_certificate", Type.TEXT),
    CONNECTION_SUBJECT_PEER_CERTIFICATE("connection.subject_peer_certificate", Type.TEXT),
    CONNECTION_TERMINATION_DETAILS("connection.termination_details", Type.TEXT),
    UPSTREAM_ADDRESS("upstream.address", Type.TEXT),
    UPSTREAM_TRANSPORT_FAILURE_REASON("upstream.transport_failure_reason", Type.TEXT),
    CLUSTER_NAME("xds.cluster_name", Type.TEXT),
    ROUTE_NAME("xds.route_name", Type.TEXT);

    private static final Map<String, Name> BY_PATH =
        Stream.of(values()).collect(Collectors.toUnmodifiableMap(n -> n.path, n -> n));

    private final String path;
    private final Type type;

    Name(String path, Type type) {
      this.path = path;
      this.type = type;
    }

    static Optional<Name> of(String path) {
      return Optional.ofNullable(BY_PATH.get(path));
    }

    /** As it is written. */
    String path() {
      return path;
    }

    Type type() {
      return type;
    }
  }
}
