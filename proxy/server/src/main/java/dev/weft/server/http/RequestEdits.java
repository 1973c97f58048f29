package dev.weft.server.http;

import dev.weft.codec.HeadOverlay;
import dev.weft.codec.KnownHeader;
import dev.weft.codec.RequestHead;
import dev.weft.exchange.DownstreamConnection;
import dev.weft.exchange.Step;
import dev.weft.routing.HostRewrite;
import dev.weft.routing.PathRewrite;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.VirtualHost;
import dev.weft.runtime.HttpPipeline.Forwarded;
import dev.weft.runtime.HttpPipeline.Underscores;
import dev.weft.server.worker.UpstreamEndpoint;
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

  private final Received in;
  private final Declared declared;
  private final RouteChoice routing;
  private final FilterRun filters;
  private final Attempts attempts;
  private final ExchangeLog log;
  private final ExchangeTrace trace;
  private final ClientCertHeader clientCert;

  RequestEdits(
      Received in,
      Declared declared,
      RouteChoice routing,
      FilterRun filters,
      Attempts attempts,
      ExchangeLog log,
      ExchangeTrace trace) {
    this.in = in;
    this.declared = declared;
    this.routing = routing;
    this.filters = filters;
    this.attempts = attempts;
    this.log = log;
    this.trace = trace;
    this.clientCert = new ClientCertHeader(in);
  }

  /** Makes the head that goes to the endpoint that was picked. */
  void edit(HeadOverlay overlay) {
    RequestHead head = in.head();
    HttpPlan plan = in.plan();
    overlay.reset();
    overlay.removeHopByHop(head, attempts.upgrade());
    underscores(head, overlay);
    if (attempts.upgrade()) {
      overlay.addLine(UPGRADE);
    }
    identify(head, overlay);
    trace.edit(head, overlay);
    forwarded(head, overlay);
    clientCert.edit(overlay);
    filters.edit(overlay);
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
    RequestHead head = in.head();
    overlay.reset();
    overlay.removeHopByHop(head, false);
    underscores(head, overlay);
    identify(head, overlay);
    trace.edit(head, overlay);
    overlay.remove(head, KnownHeader.EXPECT);
    overlay.remove(head, KnownHeader.X_FORWARDED_CLIENT_CERT);
    filters.edit(overlay);
    Step.Forward to = attempts.forward();
    if (to != null) {
      path(to.action(), overlay);
    }
    String authority = head.authority();
    int colon = authority.lastIndexOf(':');
    boolean port = colon > 0 && authority.indexOf(']', colon) < 0;
    overlay.authority(
        port
            ? authority.substring(0, colon) + "-shadow" + authority.substring(colon)
            : authority + "-shadow");
  }

  private void identify(RequestHead head, HeadOverlay overlay) {
    byte[] own = declared.ownRequestId();
    if (own != null) {
      overlay.remove(head, KnownHeader.X_REQUEST_ID);
      overlay.addLine(REQUEST_ID, own);
    }
  }

  private void underscores(RequestHead head, HeadOverlay overlay) {
    if (in.plan().pipeline.heads().underscores() == Underscores.DROP_HEADER) {
      overlay.removeNamed(head, (byte) '_');
    }
  }

  private void forwarded(RequestHead head, HeadOverlay overlay) {
    Forwarded rules = in.plan().pipeline.forwarded();
    DownstreamConnection connection = in.connection();
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
    HttpPlan plan = in.plan();
    Route route = routing.route();
    Step.Forward to = attempts.forward();
    VirtualHost host = routing.virtualHost();
    UpstreamEndpoint endpoint = attempts.endpoint();
    if (route == null || to == null || host == null || endpoint == null) {
      throw new IllegalStateException("a request goes upstream without a route");
    }
    RouteAction.Forward forward = to.action();
    if (plan.inbound()) {
      overlay.remove(head, KnownHeader.X_ENVOY_DECORATOR_OPERATION);
    } else if (!route.operation().isEmpty()
        && !declared.operationGiven()
        && !plan.suppressEnvoyHeaders) {
      overlay.add("x-envoy-decorator-operation", route.operation());
    }
    if (host.attemptCountHeader()) {
      overlay.remove(head, KnownHeader.X_ENVOY_ATTEMPT_COUNT);
      overlay.addNumber(ATTEMPT_COUNT, attempts.count());
    }
    if (!forward.timeout().isZero() && !plan.suppressEnvoyHeaders) {
      overlay.addNumber(TIMEOUT, forward.timeout().toMillis());
    }
    path(forward, overlay);
    String authority = authority(forward.host(), endpoint);
    if (authority == null && head.authorityStart() < 0) {
      authority = in.view().authority().toString();
    }
    if (!to.request().isEmpty()) {
      authority = or(EditWriter.apply(to.request(), head, overlay, log), authority);
    }
    if (!route.request().isEmpty()) {
      authority = or(EditWriter.apply(route.request(), head, overlay, log), authority);
    }
    if (authority != null) {
      overlay.authority(authority);
      log.headers().authority(authority);
    }
  }

  private static @Nullable String or(@Nullable String first, @Nullable String second) {
    return first != null ? first : second;
  }

  private void path(RouteAction.Forward forward, HeadOverlay overlay) {
    String normalized = in.view().normalized();
    if (normalized != null) {
      overlay.path(normalized);
    }
    if (!(forward.path() instanceof PathRewrite.Keep)) {
      String before = in.view().path().toString();
      String after = forward.path().apply(before).toString();
      if (!after.equals(before)) {
        overlay.path(after.isEmpty() ? "/" : after);
        if (!in.plan().suppressEnvoyHeaders) {
          overlay.remove(in.head(), KnownHeader.X_ENVOY_ORIGINAL_PATH);
          overlay.add("x-envoy-original-path", before);
        }
        log.headers().path(after);
      }
    }
  }

  private @Nullable String authority(HostRewrite rewrite, UpstreamEndpoint endpoint) {
    return switch (rewrite) {
      case HostRewrite.Keep keep -> null;
      case HostRewrite.Literal literal -> literal.authority();
      case HostRewrite.Upstream upstream ->
          endpoint.endpoint().hostname().isEmpty() ? null : endpoint.endpoint().hostname();
      case HostRewrite.FromHeader from -> in.head().value(from.name());
    };
  }
}
