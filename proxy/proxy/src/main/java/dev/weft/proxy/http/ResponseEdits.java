package dev.weft.proxy.http;

import dev.weft.codec.Decimal;
import dev.weft.codec.HeadOverlay;
import dev.weft.codec.KnownHeader;
import dev.weft.codec.ResponseHead;
import dev.weft.routing.CorsPolicy;
import dev.weft.routing.Route;
import dev.weft.routing.VirtualHost;
import dev.weft.runtime.HttpPipeline.ServerHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The head of a response as it goes to the client. Confined to its exchange. */
final class ResponseEdits {
  private static final byte[] CLOSE = HttpPlan.ascii("connection: close");
  private static final byte[] KEEP_ALIVE = HttpPlan.ascii("connection: keep-alive");
  private static final byte[] UPGRADE = HttpPlan.ascii("connection: upgrade");
  private static final byte[] SERVICE_TIME = HttpPlan.ascii("x-envoy-upstream-service-time: ");
  private static final byte[] ATTEMPT_COUNT = HttpPlan.ascii("x-envoy-attempt-count: ");
  private static final byte[] REQUEST_ID = HttpPlan.ascii("x-request-id: ");
  private static final byte[] CRLF = {'\r', '\n'};

  private final Exchange exchange;

  ResponseEdits(Exchange exchange) {
    this.exchange = exchange;
  }

  ByteBuf interim(ResponseHead head) {
    HeadOverlay overlay = exchange.worker.overlay();
    overlay.reset();
    overlay.removeHopByHop(head, false);
    framing(head, overlay);
    ByteBuf out = exchange.downstream.context().alloc().directBuffer(overlay.bound(head));
    overlay.writeTo(head, out);
    return out;
  }

  ByteBuf head(
      ResponseHead head, UpstreamHttp from, boolean keepAlive, ByteBufAllocator allocator) {
    HttpPlan plan = exchange.plan;
    HeadOverlay overlay = exchange.worker.overlay();
    overlay.reset();
    boolean upgraded = head.status() == 101;
    overlay.removeHopByHop(head, upgraded);
    framing(head, overlay);
    peer(head, from, overlay);
    serviceTime(head, overlay);
    server(head, overlay);
    if (head.find(KnownHeader.DATE) < 0) {
      overlay.addLine(exchange.worker.dateLine());
    }
    if (plan.outbound()) {
      overlay.remove(head, KnownHeader.X_ENVOY_DECORATOR_OPERATION);
    }
    Route route = exchange.routing.route();
    if (route != null) {
      route(head, route, overlay);
    }
    connection(overlay, keepAlive, upgraded);
    ByteBuf out = allocator.directBuffer(overlay.bound(head));
    overlay.writeTo(head, out);
    return out;
  }

  /** What has no body says nothing of how it is framed (RFC 9112, 6.1 and 6.2). */
  private void framing(ResponseHead head, HeadOverlay overlay) {
    int status = head.status();
    boolean empty = status < 200 || status == 204;
    if (empty || status == 304 || exchange.head.minorVersion() == 0) {
      overlay.remove(head, KnownHeader.TRANSFER_ENCODING);
      overlay.remove(head, KnownHeader.TRAILER);
    }
    if (empty) {
      overlay.remove(head, KnownHeader.CONTENT_LENGTH);
    }
  }

  private void peer(ResponseHead head, UpstreamHttp from, HeadOverlay overlay) {
    HttpPlan plan = exchange.plan;
    if (plan.discoverUpstream) {
      int peer = head.find(KnownHeader.X_ENVOY_PEER_METADATA);
      if (peer >= 0) {
        exchange.log.upstreamPeer(from.peerMetadata().remember(head, peer));
      }
    }
    if (plan.discoverUpstream || plan.propagateDownstream) {
      overlay.remove(head, KnownHeader.X_ENVOY_PEER_METADATA);
      overlay.remove(head, KnownHeader.X_ENVOY_PEER_METADATA_ID);
      overlay.remove(head, KnownHeader.X_WEFT_UNDELIVERED);
    }
    if (exchange.requestEdits.fromPeer()) {
      overlay.addLine(plan.peerMetadataId);
      overlay.addLine(plan.peerMetadata);
    }
  }

  private void serviceTime(ResponseHead head, HeadOverlay overlay) {
    int given = head.find(KnownHeader.X_ENVOY_UPSTREAM_SERVICE_TIME);
    if (given >= 0) {
      exchange
          .log
          .headers()
          .serviceTime(head.bytes(), head.valueStart(given), head.valueEnd(given));
    } else if (!exchange.plan.suppressEnvoyHeaders) {
      long millis = exchange.log.serviceMillis();
      overlay.addNumber(SERVICE_TIME, millis);
      exchange.log.headers().serviceTime(millis);
    }
  }

  private void server(ResponseHead head, HeadOverlay overlay) {
    ServerHeader rule = exchange.plan.pipeline.serverHeader();
    switch (rule) {
      case PASS_THROUGH -> {}
      case OVERWRITE -> {
        overlay.remove(head, KnownHeader.SERVER);
        overlay.addLine(exchange.plan.serverLine);
      }
      case APPEND_IF_ABSENT -> {
        if (head.find(KnownHeader.SERVER) < 0) {
          overlay.addLine(exchange.plan.serverLine);
        }
      }
    }
  }

  private void route(ResponseHead head, Route route, HeadOverlay overlay) {
    HttpPlan plan = exchange.plan;
    if (plan.inbound() && !route.operation().isEmpty() && !exchange.requestEdits.operationGiven()) {
      overlay.remove(head, KnownHeader.X_ENVOY_DECORATOR_OPERATION);
      overlay.add("x-envoy-decorator-operation", route.operation());
    }
    if (plan.pipeline.requestId().alwaysInResponse()) {
      byte[] id = exchange.requestEdits.requestId();
      if (id != null) {
        overlay.remove(head, KnownHeader.X_REQUEST_ID);
        overlay.addLine(REQUEST_ID, id);
      }
    }
    CorsPolicy cors = plan.cors ? route.cors() : null;
    CharSequence origin = cors == null ? null : exchange.view.header("origin");
    if (cors != null && origin != null && cors.allows(origin)) {
      for (String line : RouteFilters.actual(cors, origin.toString())) {
        overlay.addLine(HttpPlan.ascii(line));
      }
    }
    VirtualHost host = exchange.routing.virtualHost();
    if (host != null && host.attemptCountInResponse()) {
      overlay.remove(head, KnownHeader.X_ENVOY_ATTEMPT_COUNT);
      overlay.addNumber(ATTEMPT_COUNT, exchange.attempts.count());
    }
    String cookie = exchange.attempts.setCookie();
    if (cookie != null) {
      overlay.add("set-cookie", cookie);
    }
    if (!exchange.routing.weightedResponse().isEmpty()) {
      String unused =
          EditWriter.apply(exchange.routing.weightedResponse(), head, overlay, exchange.log);
    }
    if (!route.response().isEmpty()) {
      String unused = EditWriter.apply(route.response(), head, overlay, exchange.log);
    }
  }

  private void connection(HeadOverlay overlay, boolean keepAlive, boolean upgraded) {
    if (upgraded) {
      overlay.addLine(UPGRADE);
    } else if (!keepAlive) {
      overlay.addLine(CLOSE);
    } else if (exchange.head.minorVersion() == 0) {
      overlay.addLine(KEEP_ALIVE);
    }
  }

  /** A response of our own. */
  ByteBuf local(int status, String text, List<String> headers, boolean keepAlive, boolean toHead) {
    byte[] body = text.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuf out = exchange.downstream.context().alloc().directBuffer(256 + body.length);
    out.writeBytes(
        HttpPlan.ascii(
            "HTTP/1.1 " + status + " " + HttpResponseStatus.valueOf(status).reasonPhrase()));
    out.writeBytes(CRLF);
    byte[] length = new byte[20];
    int end = Decimal.write(length, 0, body.length);
    out.writeBytes(HttpPlan.ascii("content-length: ")).writeBytes(length, 0, end).writeBytes(CRLF);
    if (body.length > 0) {
      line(out, HttpPlan.ascii("content-type: text/plain"));
    }
    for (String header : headers) {
      line(out, HttpPlan.ascii(header));
    }
    VirtualHost host = exchange.routing.virtualHost();
    if (host != null && host.attemptCountInResponse() && exchange.attempts.forward() != null) {
      line(out, HttpPlan.ascii("x-envoy-attempt-count: " + exchange.attempts.count()));
    }
    line(out, exchange.worker.dateLine());
    if (exchange.plan.pipeline.serverHeader() != ServerHeader.PASS_THROUGH
        || !exchange.plan.pipeline.serverName().isEmpty()) {
      line(out, exchange.plan.serverLine);
    }
    if (!keepAlive) {
      line(out, CLOSE);
    } else if (exchange.head.minorVersion() == 0) {
      line(out, KEEP_ALIVE);
    }
    out.writeBytes(CRLF);
    if (!toHead) {
      out.writeBytes(body);
    }
    return out;
  }

  private static void line(ByteBuf out, byte @Nullable [] line) {
    if (line != null) {
      out.writeBytes(line).writeBytes(CRLF);
    }
  }
}
