package dev.weft.runtime;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Requests are routed.
 *
 * @param filters in order; {@link HttpFilter.Router} is last
 * @param serverName the value of the {@code server} header
 * @param upgrades lower-case names of allowed upgrades ({@code websocket})
 * @param tracing null where no spans are made
 * @param maxRequestHeaderBytes larger requests are answered with 431
 */
public record HttpPipeline(
    String statPrefix,
    Codec codec,
    RouteSource routes,
    List<HttpFilter> filters,
    List<AccessLog> accessLogs,
    ForwardClientCert forwardClientCert,
    Forwarded forwarded,
    RequestId requestId,
    String serverName,
    ServerHeader serverHeader,
    List<String> upgrades,
    Timeouts timeouts,
    Http2 http2,
    PathNormalization paths,
    HeadRules heads,
    @Nullable Tracing tracing,
    int maxRequestHeaderBytes)
    implements Pipeline {
  public HttpPipeline {
    filters = List.copyOf(filters);
    accessLogs = List.copyOf(accessLogs);
    upgrades = List.copyOf(upgrades);
  }

  /** Which HTTP the client speaks; AUTO: ALPN or, in plaintext, the HTTP/2 preface tells. */
  public enum Codec {
    AUTO,
    HTTP1,
    HTTP2
  }

  /** What becomes of the {@code server} header of responses. */
  public enum ServerHeader {
    OVERWRITE,
    APPEND_IF_ABSENT,
    PASS_THROUGH
  }

  /**
   * What becomes of {@code x-forwarded-client-cert}.
   *
   * @param subject and the others: parts that are written of the client's certificate; {@code By}
   *     and {@code Hash} always are
   */
  public record ForwardClientCert(
      Mode mode, boolean subject, boolean cert, boolean dns, boolean uri) {
    public static final ForwardClientCert SANITIZE =
        new ForwardClientCert(Mode.SANITIZE, false, false, false, false);

    /** Envoy's {@code ForwardClientCertDetails}. */
    public enum Mode {
      SANITIZE,
      FORWARD_ONLY,
      APPEND_FORWARD,
      SANITIZE_SET,
      ALWAYS_FORWARD_ONLY
    }
  }

  /**
   * What becomes of {@code x-forwarded-for} and its kin.
   *
   * @param useRemoteAddress true: we are the edge; the peer's address is appended and {@code
   *     x-forwarded-proto} is set by us
   * @param trustedHops proxies in front of us whose entries are believed
   * @param skipXffAppend true: nothing is appended
   */
  public record Forwarded(boolean useRemoteAddress, int trustedHops, boolean skipXffAppend) {}

  /** What becomes of {@code x-request-id}. */
  public record RequestId(boolean generate, boolean preserveExternal, boolean alwaysInResponse) {}

  /** Zero: no limit. */
  public record Timeouts(
      Duration streamIdle,
      Duration request,
      Duration requestHeaders,
      Duration connectionIdle,
      Duration maxStreamDuration) {}

  /**
   * Which heads of requests are taken.
   *
   * @param maxHeaders number of header fields; more are answered with 431
   */
  public record HeadRules(int maxHeaders, Underscores underscores) {
    /** Envoy's. */
    public static final HeadRules DEFAULT = new HeadRules(100, Underscores.ALLOW);
  }

  /** What becomes of header fields with an underscore in their name, and of their request. */
  public enum Underscores {
    ALLOW,
    REJECT_REQUEST,
    DROP_HEADER
  }

  /** Settings of HTTP/2; 0: the proxy's own. */
  public record Http2(
      int maxConcurrentStreams, int initialStreamWindow, int initialConnectionWindow) {
    public static final Http2 DEFAULT = new Http2(0, 0, 0);
  }

  /** How paths are cleaned before routing. */
  public record PathNormalization(
      boolean normalize, boolean mergeSlashes, EscapedSlashes escapedSlashes) {
    public static final PathNormalization OFF =
        new PathNormalization(false, false, EscapedSlashes.KEEP);

    /** What is done with {@code %2F} and {@code %5C}. */
    public enum EscapedSlashes {
      KEEP,
      REJECT,
      UNESCAPE_AND_REDIRECT,
      UNESCAPE_AND_FORWARD
    }
  }
}
