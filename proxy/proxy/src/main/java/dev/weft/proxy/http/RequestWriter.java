package dev.weft.proxy.http;

import dev.weft.codec.Trailers;
import dev.weft.routing.RouteAction;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoint gets: written as it comes, flushed once per read; copied for mirrors when it is
 * complete. Confined to its exchange.
 */
final class RequestWriter {
  private final Exchange exchange;
  private RouteAction.@Nullable Forward mirror;
  private @Nullable Trailers trailers;
  private boolean dirty;

  RequestWriter(Exchange exchange) {
    this.exchange = exchange;
  }

  void reset() {
    mirror = null;
    trailers = null;
    exchange.body.reset();
  }

  /** The route leads to a cluster. */
  void start(RouteAction.Forward to) {
    exchange.body.replayable(true);
    mirror = to.mirrors().isEmpty() ? null : to;
  }

  /** Writes what is there of the request. */
  void begin(UpstreamLeg to) {
    boolean complete = exchange.downstream.requestComplete();
    boolean last = complete && exchange.body.empty() && trailers == null;
    exchange.requestEdits.edit(exchange.worker.overlay());
    to.head(exchange.head, exchange.worker.overlay(), exchange.view.scheme(), last);
    exchange.body.writeTo(to, complete && trailers == null);
    Trailers end = trailers;
    if (end != null) {
      to.trailers(end);
    }
    dirty = true;
  }

  /** A part of the body: kept as long as no endpoint has the request. Takes ownership. */
  void body(ByteBuf part, boolean last, @Nullable UpstreamLeg to) {
    if (to == null) {
      exchange.body.keep(part);
    } else {
      exchange.body.pass(part);
      write(part, last, to);
    }
    mirrorIfComplete();
  }

  /** What follows the body. */
  void trailers(Trailers received, @Nullable UpstreamLeg to) {
    trailers = received;
    if (to != null) {
      to.trailers(received);
      dirty = true;
    }
    mirrorIfComplete();
  }

  /** Bytes as they are. Takes ownership. */
  void write(ByteBuf part, boolean last, UpstreamLeg to) {
    to.body(part, last);
    dirty = true;
  }

  void flush(@Nullable UpstreamLeg to) {
    if (dirty && to != null) {
      dirty = false;
      to.flush();
    }
  }

  /** Sends the copies that the route asks for, once. */
  void mirrorIfComplete() {
    RouteAction.Forward to = mirror;
    if (to != null && exchange.downstream.requestComplete() && exchange.busy()) {
      mirror = null;
      Mirrors.send(exchange, to);
    }
  }
}
