package dev.weft.server.http;

import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import dev.weft.exchange.Step;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** What the client gets: written as it comes, flushed once per read. Confined to its exchange. */
final class ResponseWriter {
  private final Received in;
  private final DownstreamLeg downstream;
  private final ExchangeLog log;
  private final ResponseEdits edits;
  private boolean dirty;

  ResponseWriter(Received in, DownstreamLeg downstream, ResponseEdits edits, ExchangeLog log) {
    this.in = in;
    this.downstream = downstream;
    this.edits = edits;
    this.log = log;
  }

  /** A response that is not the final one. */
  void interim(ResponseHead interim) {
    if (in.head().minorVersion() > 0) {
      in.worker().overlay().reset();
      downstream.interim(interim, in.worker().overlay());
      dirty = true;
    }
  }

  /** The head of an endpoint's final response. */
  void head(ResponseHead response, UpstreamLeg from, boolean last) {
    edits.edit(response, from, in.worker().overlay());
    downstream.head(response, in.worker().overlay(), last);
    dirty = true;
  }

  /** A whole response of our own. */
  void local(Step.Reply answer) {
    LocalReply reply = edits.local(answer.status(), answer.text(), answer.headers());
    log.response(reply.head());
    boolean bodiless = reply.body().length == 0 || log.headKnown() && in.head().isMethod("HEAD");
    log.localBody(bodiless ? 0 : reply.body().length);
    in.worker().overlay().reset();
    downstream.head(reply.head(), in.worker().overlay(), bodiless);
    if (!bodiless) {
      downstream.body(Unpooled.wrappedBuffer(reply.body()), true);
    }
    dirty = true;
  }

  /** A part of an endpoint's body, which is not read faster than the client reads. */
  void body(ByteBuf part, boolean last, UpstreamLeg from) {
    downstream.body(part, last);
    dirty = true;
    if (!downstream.writable()) {
      flush();
      if (!downstream.writable()) {
        from.pause();
      }
    }
  }

  void trailers(Trailers trailers) {
    downstream.trailers(trailers);
    dirty = true;
  }

  void flush() {
    if (dirty) {
      dirty = false;
      downstream.flush();
      downstream.heldChanged();
    }
  }
}
