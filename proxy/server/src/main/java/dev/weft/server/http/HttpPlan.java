package dev.weft.server.http;

import dev.weft.codec.HeadLimits;
import dev.weft.exchange.DownstreamConnection;
import dev.weft.exchange.Filter;
import dev.weft.exchange.Filters;
import dev.weft.exchange.ResponseFlag;
import dev.weft.runtime.FilterChain;
import dev.weft.runtime.HttpFilter;
import dev.weft.runtime.HttpPipeline;
import dev.weft.runtime.Listener;
import dev.weft.runtime.LogFormat;
import dev.weft.runtime.UpstreamTransport;
import dev.weft.server.log.AccessLogs;
import dev.weft.server.worker.Worker;
import dev.weft.types.Expression;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** An HTTP pipeline with everything that would be looked up per request. One loop's. */
public final class HttpPlan {
  private static final byte[] NOTHING = new byte[0];

  final HttpPipeline pipeline;
  final Upstreams upstreams;
  final Listener.Direction direction;
  final List<AccessLogs.Target> logs;
  final List<String> loggedResponseHeaders;
  final HeadLimits limits;
  final byte[] serverLine;
  final byte[] peerMetadata;
  final byte[] peerMetadataId;
  final boolean discoverDownstream;
  final boolean discoverUpstream;
  final boolean propagateUpstream;
  final boolean propagateDownstream;
  final boolean suppressEnvoyHeaders;

  /** What decides about the head of a request, in order. */
  final List<Filter> filters;

  /** What decides about answers, in the reverse order. */
  final List<Filter> answering;

  /** What looks at content. */
  final List<Filter> watching;

  private final Map<String, List<String>> alpn;
  private final Map<UpstreamTransport, UpstreamTransport> transports = new IdentityHashMap<>(4);
  private final Map<UpstreamTransport, UpstreamTransport> http2Transports =
      new IdentityHashMap<>(4);

  /**
   * The plan of a connection's loop for its filter chain; made once.
   *
   * @param upstreams where its requests find connections
   */
  public static HttpPlan of(
      Worker worker, DownstreamConnection connection, HttpPipeline pipeline, Upstreams upstreams) {
    FilterChain chain = connection.chain();
    return worker.plan(
        chain == null ? pipeline : chain,
        k -> new HttpPlan(worker, connection.listener().direction(), pipeline, upstreams));
  }

  private HttpPlan(
      Worker worker, Listener.Direction direction, HttpPipeline pipeline, Upstreams upstreams) {
    this.pipeline = pipeline;
    this.upstreams = upstreams;
    this.direction = direction;
    this.logs = worker.logs().targets(pipeline.accessLogs(), ResponseFlag::any);
    this.loggedResponseHeaders = loggedResponseHeaders(pipeline);
    this.limits =
        new HeadLimits(
            pipeline.maxRequestHeaderBytes() > 0
                ? Math.clamp(pipeline.maxRequestHeaderBytes(), 1024, 1 << 20)
                : HeadLimits.DEFAULT.maxHeadBytes(),
            pipeline.heads().maxHeaders());
    this.serverLine = ascii("server: " + pipeline.serverName());
    boolean down = false;
    boolean up = false;
    boolean toUp = false;
    boolean toDown = false;
    boolean suppress = false;
    Map<String, List<String>> overrides = Map.of();
    // What others do, their classes know (Filters).
    for (HttpFilter filter : pipeline.filters()) {
      if (filter instanceof HttpFilter.PeerMetadata peer) {
        down |= peer.discoverDownstream();
        up |= peer.discoverUpstream();
        toUp |= peer.propagateUpstream();
        toDown |= peer.propagateDownstream();
      } else if (filter instanceof HttpFilter.IstioAlpn istio) {
        overrides = istio.overrides();
      } else if (filter instanceof HttpFilter.Router router) {
        suppress = router.suppressEnvoyHeaders();
      }
    }
    String id = worker.settings().peerMetadataId();
    String metadata = worker.settings().peerMetadata();
    this.discoverDownstream = down;
    this.discoverUpstream = up;
    this.propagateUpstream = toUp && !metadata.isEmpty();
    this.propagateDownstream = toDown && !metadata.isEmpty();
    this.peerMetadata = metadata.isEmpty() ? NOTHING : ascii("x-envoy-peer-metadata: " + metadata);
    this.peerMetadataId = ascii("x-envoy-peer-metadata-id: " + id);
    this.suppressEnvoyHeaders = suppress;
    List<Filter> all = Filters.of(pipeline);
    this.filters = all.stream().filter(Filter::readsHeads).toList();
    this.answering = all.reversed().stream().filter(Filter::readsAnswers).toList();
    this.watching = all.stream().filter(Filter::readsBodies).toList();
    this.alpn = overrides;
  }

  /** What the configuration says. */
  public HttpPipeline pipeline() {
    return pipeline;
  }

  /** Of the heads of requests. */
  public HeadLimits limits() {
    return limits;
  }

  boolean inbound() {
    return direction == Listener.Direction.INBOUND;
  }

  boolean outbound() {
    return direction == Listener.Direction.OUTBOUND;
  }

  /**
   * The transport of an endpoint with the ALPN of the version that is spoken: the pipeline's own
   * list (istio.alpn), or of the cluster's what belongs to that version.
   */
  UpstreamTransport transport(UpstreamTransport configured, boolean http2) {
    if (!(configured instanceof UpstreamTransport.Tls tls)) {
      return configured;
    }
    return (http2 ? http2Transports : transports)
        .computeIfAbsent(configured, k -> withAlpn(tls, protocols(tls, http2)));
  }

  private List<String> protocols(UpstreamTransport.Tls tls, boolean http2) {
    List<String> given = alpn.get(http2 ? "h2" : "http/1.1");
    if (given != null) {
      return given;
    }
    return http2
        ? List.of("h2")
        : tls.alpn().stream().filter(p -> !p.equals("h2") && !p.equals("istio-h2")).toList();
  }

  private static UpstreamTransport withAlpn(UpstreamTransport.Tls tls, List<String> protocols) {
    return new UpstreamTransport.Tls(
        tls.sni(),
        tls.autoSni(),
        protocols,
        tls.certSecret(),
        tls.trust(),
        tls.autoSanValidation(),
        tls.parameters());
  }

  private static List<String> loggedResponseHeaders(HttpPipeline pipeline) {
    return pipeline.accessLogs().stream()
        .flatMap(log -> Stream.concat(written(log.format()), asked(log.conditions())))
        .filter(name -> !name.equals("x-envoy-upstream-service-time"))
        .distinct()
        .toList();
  }

  private static Stream<String> written(LogFormat format) {
    Stream<LogFormat.Segment> segments =
        switch (format) {
          case LogFormat.Text text -> text.segments().stream();
          case LogFormat.Json json ->
              json.fields().stream().flatMap(field -> field.value().stream());
        };
    return segments
        .filter(LogFormat.Operator.class::isInstance)
        .map(LogFormat.Operator.class::cast)
        .filter(operator -> operator.name().equals("RESP"))
        .map(LogFormat.Operator::argument);
  }

  private static Stream<String> asked(List<Expression> conditions) {
    return conditions.stream()
        .flatMap(Expression::attributes)
        .filter(attribute -> attribute.name() == Expression.Name.RESPONSE_HEADERS)
        .map(Expression.Attribute::key);
  }

  /** The bytes of a text of a head. */
  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
