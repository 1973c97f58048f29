package dev.weft.server.http;

import dev.weft.codec.HeadOverlay;
import dev.weft.codec.KnownHeader;
import dev.weft.codec.ResponseHead;
import dev.weft.exchange.BodyCoder;
import dev.weft.exchange.Step;
import dev.weft.routing.Route;
import dev.weft.routing.VirtualHost;
import dev.weft.runtime.HttpPipeline.ServerHeader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The head of a response as it goes to the client. Confined to its exchange. */
final class ResponseEdits {
  private static final byte[] SERVICE_TIME = HttpPlan.ascii("x-envoy-upstream-service-time: ");
  private static final byte[] ATTEMPT_COUNT = HttpPlan.ascii("x-envoy-attempt-count: ");
  private static final byte[] SERVER = HttpPlan.ascii("server");
  private static final byte[] REQUEST_ID = HttpPlan.ascii("x-request-id: ");

  private final Received in;
  private final Declared declared;
  private final RouteChoice routing;
  private final FilterRun filters;
  private final Attempts attempts;
  private final ExchangeLog log;

  ResponseEdits(
      Received in,
      Declared declared,
      RouteChoice routing,
      FilterRun filters,
      Attempts attempts,
      ExchangeLog log) {
    this.in = in;
    this.declared = declared;
    this.routing = routing;
    this.filters = filters;
    this.attempts = attempts;
    this.log = log;
  }

  /**
   * Makes the head that goes to the client: what the router does, then the filters before it, then
   * what every answer has.
   *
   * @param hasContent whether content may follow
   * @return what codes the content, or null
   */
  @Nullable BodyCoder edit(
      ResponseHead head, UpstreamLeg from, HeadOverlay overlay, boolean hasContent) {
    HttpPlan plan = in.plan();
    overlay.reset();
    peer(head, from, overlay);
    serviceTime(head, overlay);
    overlay.mark();
    if (plan.outbound()) {
      overlay.remove(head, KnownHeader.X_ENVOY_DECORATOR_OPERATION);
    }
    Route route = routing.route();
    if (route != null) {
      route(head, route, overlay);
    }
    List<String> lines = filters.responseLines();
    for (int i = 0; i < lines.size(); i++) {
      overlay.addLine(HttpPlan.ascii(lines.get(i)));
    }
    BodyCoder coder = filters.answer(head, hasContent);
    server(head, overlay);
    if (!overlay.hasByNow(head, KnownHeader.DATE)) {
      overlay.addLine(in.worker().dateLine());
    }
    return coder;
  }

  /** Makes of the head of a response of our own what the filters demand. */
  @Nullable BodyCoder edit(ResponseHead own, HeadOverlay overlay, boolean hasContent) {
    overlay.reset();
    return filters.answer(own, hasContent);
  }

  private void peer(ResponseHead head, UpstreamLeg from, HeadOverlay overlay) {
    HttpPlan plan = in.plan();
    if (plan.discoverUpstream) {
      int peer = head.find(KnownHeader.X_ENVOY_PEER_METADATA);
      if (peer >= 0) {
        log.upstream().peer(from.peerMetadata().remember(head, peer));
      }
    }
    if (plan.discoverUpstream || plan.propagateDownstream) {
      overlay.remove(head, KnownHeader.X_ENVOY_PEER_METADATA);
      overlay.remove(head, KnownHeader.X_ENVOY_PEER_METADATA_ID);
      overlay.remove(head, KnownHeader.X_WEFT_UNDELIVERED);
    }
    if (declared.fromPeer()) {
      overlay.addLine(plan.peerMetadataId);
      overlay.addLine(plan.peerMetadata);
    }
  }

  private void serviceTime(ResponseHead head, HeadOverlay overlay) {
    int given = head.find(KnownHeader.X_ENVOY_UPSTREAM_SERVICE_TIME);
    if (given >= 0) {
      log.headers().serviceTime(head.bytes(), head.valueStart(given), head.valueEnd(given));
    } else if (!in.plan().suppressEnvoyHeaders) {
      long millis = log.serviceMillis();
      overlay.addNumber(SERVICE_TIME, millis);
      log.headers().serviceTime(millis);
    }
  }

  private void server(ResponseHead head, HeadOverlay overlay) {
    ServerHeader rule = in.plan().pipeline.serverHeader();
    switch (rule) {
      case PASS_THROUGH -> {}
      case OVERWRITE -> {
        if (overlay.hasByNow(head, KnownHeader.SERVER)) {
          overlay.drop(head, SERVER);
        }
        overlay.addLine(in.plan().serverLine);
      }
      case APPEND_IF_ABSENT -> {
        if (!overlay.hasByNow(head, KnownHeader.SERVER)) {
          overlay.addLine(in.plan().serverLine);
        }
      }
    }
  }

  private void route(ResponseHead head, Route route, HeadOverlay overlay) {
    HttpPlan plan = in.plan();
    if (plan.inbound() && !route.operation().isEmpty() && !declared.operationGiven()) {
      overlay.remove(head, KnownHeader.X_ENVOY_DECORATOR_OPERATION);
      overlay.add("x-envoy-decorator-operation", route.operation());
    }
    if (plan.pipeline.requestId().alwaysInResponse()) {
      byte[] id = declared.requestId();
      if (id != null) {
        overlay.remove(head, KnownHeader.X_REQUEST_ID);
        overlay.addLine(REQUEST_ID, id);
      }
    }
    VirtualHost host = routing.virtualHost();
    if (host != null && host.attemptCountInResponse()) {
      overlay.remove(head, KnownHeader.X_ENVOY_ATTEMPT_COUNT);
      overlay.addNumber(ATTEMPT_COUNT, attempts.count());
    }
    String cookie = attempts.setCookie();
    if (cookie != null) {
      overlay.add("set-cookie", cookie);
    }
    Step.Forward to = attempts.forward();
    if (to != null && !to.response().isEmpty()) {
      String unused = EditWriter.apply(to.response(), head, overlay, log);
    }
    if (!route.response().isEmpty()) {
      String unused = EditWriter.apply(route.response(), head, overlay, log);
    }
  }

  /** A response of our own. */
  LocalReply local(int status, String text, List<String> headers) {
    List<String> lines = new ArrayList<>(headers);
    lines.addAll(filters.responseLines());
    VirtualHost host = routing.virtualHost();
    if (host != null && host.attemptCountInResponse() && attempts.forward() != null) {
      lines.add("x-envoy-attempt-count: " + attempts.count());
    }
    lines.add(new String(in.worker().dateLine(), StandardCharsets.ISO_8859_1));
    if (in.plan().pipeline.serverHeader() != ServerHeader.PASS_THROUGH
        || !in.plan().pipeline.serverName().isEmpty()) {
      lines.add("server: " + in.plan().pipeline.serverName());
    }
    return log.grpc()
        ? LocalReply.grpc(status, text, lines)
        : LocalReply.plain(status, text, lines);
  }
}
