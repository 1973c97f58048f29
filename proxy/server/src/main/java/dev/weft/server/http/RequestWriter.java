package dev.weft.server.http;

import dev.weft.codec.Trailers;
import dev.weft.routing.RouteAction;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoint gets: written as it comes, flushed once per read; copied for mirrors when it is
 * complete. Confined to its exchange.
 */
final class RequestWriter {
  private final Received in;
  private final DownstreamLeg downstream;
  private final RequestEdits edits;
  private final ReplayBuffer body;
  private final Mirrors mirrors;
  private RouteAction.@Nullable Forward mirror;
  private @Nullable Trailers trailers;
  private boolean dirty;

  RequestWriter(Received in, DownstreamLeg downstream, RequestEdits edits, ReplayBuffer body) {
    this.in = in;
    this.downstream = downstream;
    this.edits = edits;
    this.body = body;
    this.mirrors = new Mirrors(in, edits, body);
  }

  void reset() {
    mirror = null;
    trailers = null;
    body.reset();
  }

  /** The route leads to a cluster. */
  void start(RouteAction.Forward to) {
    body.replayable(true);
    mirror = to.mirrors().isEmpty() ? null : to;
  }

  /** Writes what is there of the request. */
  void begin(UpstreamLeg to) {
    boolean complete = downstream.requestComplete();
    boolean last = complete && body.empty() && trailers == null;
    edits.edit(in.worker().overlay());
    to.head(in.head(), in.worker().overlay(), in.view().scheme(), last);
    body.writeTo(to, complete && trailers == null);
    Trailers end = trailers;
    if (end != null) {
      to.trailers(end);
    }
    dirty = true;
  }

  /** A part of the body: kept as long as no endpoint has the request. Takes ownership. */
  void body(ByteBuf part, boolean last, @Nullable UpstreamLeg to) {
    if (to == null) {
      body.keep(part);
    } else {
      body.pass(part);
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
    if (to != null && downstream.requestComplete()) {
      mirror = null;
      mirrors.send(to);
    }
  }
}
