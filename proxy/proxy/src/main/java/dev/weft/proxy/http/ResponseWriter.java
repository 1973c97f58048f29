package dev.weft.proxy.http;

import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/** What the client gets: written as it comes, flushed once per read. Confined to its exchange. */
final class ResponseWriter {
  private final Exchange exchange;
  private final ResponseEdits edits;
  private boolean dirty;

  ResponseWriter(Exchange exchange) {
    this.exchange = exchange;
    this.edits = new ResponseEdits(exchange);
  }

  /** A response that is not the final one. */
  void interim(ResponseHead interim) {
    if (exchange.head.minorVersion() > 0) {
      exchange.worker.overlay().reset();
      exchange.downstream.interim(interim, exchange.worker.overlay());
      dirty = true;
    }
  }

  /** The head of an endpoint's final response. */
  void head(ResponseHead response, UpstreamLeg from, boolean last) {
    edits.edit(response, from, exchange.worker.overlay());
    exchange.downstream.head(response, exchange.worker.overlay(), last);
    dirty = true;
  }

  /** A whole response of our own. */
  void local(int status, String text, List<String> headers) {
    LocalReply reply = edits.local(status, text, headers);
    exchange.log.response(reply.head());
    boolean bodiless =
        reply.body().length == 0 || exchange.log.headKnown() && exchange.answersHead();
    exchange.log.localBody(bodiless ? 0 : reply.body().length);
    exchange.worker.overlay().reset();
    exchange.downstream.head(reply.head(), exchange.worker.overlay(), bodiless);
    if (!bodiless) {
      exchange.downstream.body(Unpooled.wrappedBuffer(reply.body()), true);
    }
    dirty = true;
  }

  /** A part of an endpoint's body, which is not read faster than the client reads. */
  void body(ByteBuf part, boolean last, UpstreamLeg from) {
    exchange.downstream.body(part, last);
    dirty = true;
    if (!exchange.downstream.writable()) {
      flush();
      if (!exchange.downstream.writable()) {
        from.pause();
      }
    }
  }

  void trailers(Trailers trailers) {
    exchange.downstream.trailers(trailers);
    dirty = true;
  }

  void flush() {
    if (dirty) {
      dirty = false;
      exchange.downstream.flush();
      exchange.downstream.heldChanged();
    }
  }
}
