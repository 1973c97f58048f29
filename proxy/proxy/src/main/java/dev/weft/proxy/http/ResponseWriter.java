package dev.weft.proxy.http;

import dev.weft.codec.MessageHead.Framing;
import dev.weft.codec.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.List;

/** What the client gets: written as it comes, flushed once per read. Confined to its exchange. */
final class ResponseWriter {
  private final Exchange exchange;
  private final ResponseEdits edits;
  private boolean dirty;
  private boolean keepAlive;
  private boolean unchunks;

  ResponseWriter(Exchange exchange) {
    this.exchange = exchange;
    this.edits = new ResponseEdits(exchange);
  }

  void reset() {
    keepAlive = false;
    unchunks = false;
  }

  /** Whether the client is of a time before chunks, which end with the connection for it. */
  boolean unchunks() {
    return unchunks;
  }

  /** Whether the client was promised that its connection stays open. */
  boolean keepAlive() {
    return keepAlive;
  }

  /** A response that is not the final one. */
  void interim(ResponseHead interim) {
    if (exchange.head.minorVersion() > 0) {
      write(edits.interim(interim));
    }
  }

  /** The head of an endpoint's final response. */
  void head(ResponseHead response, UpstreamHttp from) {
    DownstreamHttp downstream = exchange.downstream;
    Framing framing = response.framingOf(exchange.answersHead());
    unchunks = exchange.head.minorVersion() == 0 && framing == Framing.CHUNKED;
    // An early success may stream beside the request's body; an early refusal ends it.
    keepAlive =
        exchange.head.persistent()
            && (downstream.requestComplete() || response.status() < 400)
            && framing != Framing.UNTIL_CLOSE
            && !unchunks
            && !downstream.draining();
    write(edits.head(response, from, keepAlive, downstream.context().alloc()));
  }

  /** A whole response of our own. */
  void local(int status, String text, List<String> headers) {
    DownstreamHttp downstream = exchange.downstream;
    boolean known = exchange.log.headKnown();
    keepAlive =
        known
            && exchange.head.persistent()
            && downstream.requestComplete()
            && !downstream.draining();
    boolean toHead = known && exchange.answersHead();
    ByteBuf out = edits.local(status, text, headers, keepAlive, toHead);
    exchange.log.localBody(toHead ? 0 : text.length());
    write(out);
  }

  /** A part of an endpoint's body, which is not read faster than the client reads. */
  void body(ByteBuf part, UpstreamHttp from) {
    write(part);
    Channel to = exchange.downstream.context().channel();
    // A closed channel is never writable; its upstream must not be paused for it.
    if (!to.isWritable() && to.isActive()) {
      flush();
      if (!to.isWritable()) {
        from.channel().config().setAutoRead(false);
      }
    }
  }

  private void write(ByteBuf part) {
    exchange.downstream.context().write(part, exchange.downstream.context().voidPromise());
    dirty = true;
  }

  void flush() {
    if (dirty) {
      dirty = false;
      exchange.downstream.context().flush();
      exchange.downstream.place().changed();
    }
  }
}
