package dev.weft.proxy.http;

import dev.weft.codec.HeadOverlay;
import dev.weft.codec.KnownHeader;
import dev.weft.codec.RequestHead;
import dev.weft.proxy.loop.DownstreamConnection;
import dev.weft.proxy.loop.UpstreamEndpoint;
import dev.weft.routing.HostRewrite;
import dev.weft.routing.PathRewrite;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.VirtualHost;
import dev.weft.runtime.HttpPipeline.Forwarded;
import dev.weft.runtime.HttpPipeline.Underscores;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The head of a request as it goes upstream. Confined to its exchange. */
final class RequestEdits {
  private static final byte[] REQUEST_ID = HttpPlan.ascii("x-request-id: ");
  private static final byte[] PROTO_HTTP = HttpPlan.ascii("x-forwarded-proto: http");
  private static final byte[] PROTO_HTTPS = HttpPlan.ascii("x-forwarded-proto: https");
  private static final byte[] ATTEMPT_COUNT = HttpPlan.ascii("x-envoy-attempt-count: ");
  private static final byte[] TIMEOUT = HttpPlan.ascii("x-envoy-expected-rq-timeout-ms: ");
  private static final byte[] UPGRADE = HttpPlan.ascii("connection: upgrade");
  private static final byte[] PROXIES = HttpPlan.ascii("x-envoy-");
  private static final byte[] HEX = HttpPlan.ascii("0123456789abcdef");

  private final Exchange exchange;
  private final ClientCertHeader clientCert;
  private final PeerText peerMetadata = new PeerText();
  private final byte[] requestId = new byte[36];
  private boolean ownRequestId;
  private boolean operationGiven;
  private boolean peerKnown;

  RequestEdits(Exchange exchange) {
    this.exchange = exchange;
    this.clientCert = new ClientCertHeader(exchange);
  }

  /** What is decided once per request, not per attempt. */
  void prepare() {
    RequestHead head = exchange.head;
    HttpPlan plan = exchange.plan;
    boolean external =
        plan.pipeline.forwarded().useRemoteAddress()
            && !plan.pipeline.requestId().preserveExternal();
    ownRequestId =
        plan.pipeline.requestId().generate()
            && (head.find(KnownHeader.X_REQUEST_ID) < 0 || external);
    if (ownRequestId) {
      uuid(exchange.worker.random(), requestId);
    }
    boolean edge = plan.pipeline.forwarded().useRemoteAddress();
    operationGiven = !edge && head.find(KnownHeader.X_ENVOY_DECORATOR_OPERATION) >= 0;
    // At the edge, those who have proven who they are may be proxies of the mesh.
    int peer =
        edge && exchange.connection.peer() == null
            ? -1
            : head.find(KnownHeader.X_ENVOY_PEER_METADATA);
    peerKnown = peer >= 0;
    if (plan.discoverDownstream) {
      if (peer >= 0) {
        String unused = peerMetadata.remember(head, peer);
      } else {
        peerMetadata.forget();
      }
    }
  }

  /** What the client says of itself, or null. */
  @Nullable String peerMetadata() {
    return peerMetadata.last();
  }

  /** The identifier that was made for this request, or null where the client sent one. */
  byte @Nullable [] ownRequestId() {
    return ownRequestId ? requestId : null;
  }

  /** The identifier of the request, or null where it has none. */
  byte @Nullable [] requestId() {
    if (ownRequestId) {
      return requestId;
    }
    String given = exchange.head.value(KnownHeader.X_REQUEST_ID);
    return given == null ? null : given.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Whether the client named the operation. */
  boolean operationGiven() {
    return operationGiven;
  }

  /** Whether the client said who it is, and so wants to know who we are. */
  boolean peerKnown() {
    return peerKnown;
  }

  /** Whether the proxy of another workload sent the request, and understands what proxies say. */
  boolean fromPeer() {
    return peerKnown && exchange.plan.propagateDownstream;
  }

  /** Makes the head that goes to the endpoint that was picked. */
  void edit(HeadOverlay overlay) {
    RequestHead head = exchange.head;
    HttpPlan plan = exchange.plan;
    overlay.reset();
    overlay.removeHopByHop(head, exchange.tunnel.wanted());
    underscores(head, overlay);
    if (exchange.tunnel.wanted()) {
      overlay.addLine(UPGRADE);
    }
    if (ownRequestId) {
      overlay.remove(head, KnownHeader.X_REQUEST_ID);
      overlay.addLine(REQUEST_ID, requestId);
    }
    forwarded(head, overlay);
    clientCert.edit(overlay);
    exchange.access.edit(overlay);
    if (plan.discoverDownstream || plan.propagateUpstream) {
      overlay.remove(head, KnownHeader.X_ENVOY_PEER_METADATA);
      overlay.remove(head, KnownHeader.X_ENVOY_PEER_METADATA_ID);
    }
    if (plan.propagateUpstream) {
      overlay.addLine(plan.peerMetadataId);
      overlay.addLine(plan.peerMetadata);
    }
    route(head, overlay);
  }

  /** Makes the head of a copy: Envoy marks its authority with {@code -shadow}. */
  void editShadow(HeadOverlay overlay) {
    RequestHead head = exchange.head;
    overlay.reset();
    overlay.removeHopByHop(head, false);
    underscores(head, overlay);
    if (ownRequestId) {
      overlay.remove(head, KnownHeader.X_REQUEST_ID);
      overlay.addLine(REQUEST_ID, requestId);
    }
    overlay.remove(head, KnownHeader.EXPECT);
    overlay.remove(head, KnownHeader.X_FORWARDED_CLIENT_CERT);
    exchange.access.edit(overlay);
    RouteAction.Forward forward = exchange.attempts.forward();
    if (forward != null) {
      path(forward, overlay);
    }
    String authority = head.authority();
    int colon = authority.lastIndexOf(':');
    boolean port = colon > 0 && authority.indexOf(']', colon) < 0;
    overlay.authority(
        port
            ? authority.substring(0, colon) + "-shadow" + authority.substring(colon)
            : authority + "-shadow");
  }

  private void underscores(RequestHead head, HeadOverlay overlay) {
    if (exchange.plan.pipeline.heads().underscores() == Underscores.DROP_HEADER) {
      overlay.removeNamed(head, (byte) '_');
    }
  }

  private void forwarded(RequestHead head, HeadOverlay overlay) {
    Forwarded rules = exchange.plan.pipeline.forwarded();
    DownstreamConnection connection = exchange.connection;
    if (rules.useRemoteAddress()) {
      int from = head.find(KnownHeader.X_FORWARDED_FOR);
      if (!rules.skipXffAppend()) {
        String ip = DownstreamConnection.ip(connection.remote());
        if (from >= 0) {
          String before = head.value("x-forwarded-for");
          overlay.remove(head, KnownHeader.X_FORWARDED_FOR);
          overlay.add("x-forwarded-for", before + "," + ip);
        } else {
          overlay.add("x-forwarded-for", ip);
        }
      }
      // Envoy leaves them to internal clients; which addresses are internal, nobody has said.
      overlay.removeAll(head, PROXIES);
      if (rules.trustedHops() == 0 || head.find(KnownHeader.X_FORWARDED_PROTO) < 0) {
        overlay.remove(head, KnownHeader.X_FORWARDED_PROTO);
        overlay.addLine(connection.tls() ? PROTO_HTTPS : PROTO_HTTP);
      }
    } else if (head.find(KnownHeader.X_FORWARDED_PROTO) < 0) {
      overlay.addLine(connection.tls() ? PROTO_HTTPS : PROTO_HTTP);
    }
  }

  private void route(RequestHead head, HeadOverlay overlay) {
    HttpPlan plan = exchange.plan;
    Route route = exchange.routing.route();
    RouteAction.Forward forward = exchange.attempts.forward();
    VirtualHost host = exchange.routing.virtualHost();
    UpstreamEndpoint endpoint = exchange.attempts.endpoint();
    if (route == null || forward == null || host == null || endpoint == null) {
      throw new IllegalStateException("a request goes upstream without a route");
    }
    if (plan.inbound()) {
      overlay.remove(head, KnownHeader.X_ENVOY_DECORATOR_OPERATION);
    } else if (!route.operation().isEmpty() && !operationGiven && !plan.suppressEnvoyHeaders) {
      overlay.add("x-envoy-decorator-operation", route.operation());
    }
    if (host.attemptCountHeader()) {
      overlay.remove(head, KnownHeader.X_ENVOY_ATTEMPT_COUNT);
      overlay.addNumber(ATTEMPT_COUNT, exchange.attempts.count());
    }
    if (!forward.timeout().isZero() && !plan.suppressEnvoyHeaders) {
      overlay.addNumber(TIMEOUT, forward.timeout().toMillis());
    }
    path(forward, overlay);
    String authority = authority(forward.host(), endpoint);
    if (authority == null && head.authorityStart() < 0) {
      authority = exchange.view.authority().toString();
    }
    if (!exchange.routing.weightedRequest().isEmpty()) {
      authority =
          or(
              EditWriter.apply(exchange.routing.weightedRequest(), head, overlay, exchange.log),
              authority);
    }
    if (!route.request().isEmpty()) {
      authority = or(EditWriter.apply(route.request(), head, overlay, exchange.log), authority);
    }
    if (authority != null) {
      overlay.authority(authority);
      exchange.log.headers().authority(authority);
    }
  }

  private static @Nullable String or(@Nullable String first, @Nullable String second) {
    return first != null ? first : second;
  }

  private void path(RouteAction.Forward forward, HeadOverlay overlay) {
    String normalized = exchange.view.normalized();
    if (normalized != null) {
      overlay.path(normalized);
    }
    if (!(forward.path() instanceof PathRewrite.Keep)) {
      String before = exchange.view.path().toString();
      String after = forward.path().apply(before).toString();
      if (!after.equals(before)) {
        overlay.path(after.isEmpty() ? "/" : after);
        if (!exchange.plan.suppressEnvoyHeaders) {
          overlay.remove(exchange.head, KnownHeader.X_ENVOY_ORIGINAL_PATH);
          overlay.add("x-envoy-original-path", before);
        }
        exchange.log.headers().path(after);
      }
    }
  }

  private @Nullable String authority(HostRewrite rewrite, UpstreamEndpoint endpoint) {
    return switch (rewrite) {
      case HostRewrite.Keep keep -> null;
      case HostRewrite.Literal literal -> literal.authority();
      case HostRewrite.Upstream upstream ->
          endpoint.endpoint().hostname().isEmpty() ? null : endpoint.endpoint().hostname();
      case HostRewrite.FromHeader from -> exchange.head.value(from.name());
    };
  }

  /** A random UUID (version 4) as text. */
  private static void uuid(SplittableRandom random, byte[] out) {
    long high = random.nextLong() & ~0xf000L | 0x4000L;
    long low = random.nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L;
    int at = 0;
    for (int i = 0; i < 32; i++) {
      if (i == 8 || i == 12 || i == 16 || i == 20) {
        out[at++] = '-';
      }
      long bits = i < 16 ? high >>> (60 - i * 4) : low >>> (124 - i * 4);
      out[at++] = HEX[(int) (bits & 15)];
    }
  }
}
