package dev.weft.proxy.http;

import dev.weft.routing.RouteAction;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoint gets: written as it comes, flushed once per read; copied for mirrors when it is
 * complete. Confined to its exchange.
 */
final class RequestWriter {
  private final Exchange exchange;
  private RouteAction.@Nullable Forward mirror;
  private boolean dirty;

  RequestWriter(Exchange exchange) {
    this.exchange = exchange;
  }

  void reset() {
    mirror = null;
    exchange.body.reset();
  }

  /** The route leads to a cluster. */
  void start(RouteAction.Forward to) {
    exchange.body.replayable(true);
    mirror = to.mirrors().isEmpty() ? null : to;
  }

  /** Writes what is there of the request. */
  void begin(UpstreamHttp to) {
    Channel channel = to.channel();
    channel.write(exchange.requestEdits.head(channel.alloc()), channel.voidPromise());
    exchange.body.writeTo(channel);
    dirty = true;
  }

  /** A part of the body: kept as long as no endpoint has the request. Takes ownership. */
  void body(ByteBuf part, @Nullable UpstreamHttp to) {
    if (to == null) {
      exchange.body.keep(part);
    } else {
      exchange.body.pass(part);
      write(part, to);
    }
    mirrorIfComplete();
  }

  /** Bytes as they are. Takes ownership. */
  void write(ByteBuf part, UpstreamHttp to) {
    to.channel().write(part, to.channel().voidPromise());
    dirty = true;
  }

  void flush(@Nullable UpstreamHttp to) {
    if (dirty && to != null) {
      dirty = false;
      to.channel().flush();
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
