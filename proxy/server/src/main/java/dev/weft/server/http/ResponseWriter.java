package dev.weft.server.http;

import dev.weft.codec.HeadOverlay;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import dev.weft.exchange.BodyCoder;
import dev.weft.exchange.Step;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** What the client gets: written as it comes, flushed once per read. Confined to its exchange. */
final class ResponseWriter {
  private final Received in;
  private final DownstreamLeg downstream;
  private final ExchangeLog log;
  private final ResponseEdits edits;
  private @Nullable Coding coding;
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
    HeadOverlay overlay = in.worker().overlay();
    boolean content = !last && response.status() != 101 && !in.head().isMethod("HEAD");
    begin(response, overlay, last, edits.edit(response, from, overlay, content));
  }

  /** A whole response of our own. */
  void local(Step.Reply answer) {
    LocalReply reply = edits.local(answer.status(), answer.text(), answer.headers());
    log.response(reply.head());
    boolean bodiless = reply.body().length == 0 || log.headKnown() && in.head().isMethod("HEAD");
    log.localBody(bodiless ? 0 : reply.body().length);
    HeadOverlay overlay = in.worker().overlay();
    begin(reply.head(), overlay, bodiless, edits.edit(reply.head(), overlay, !bodiless));
    if (!bodiless) {
      write(Unpooled.wrappedBuffer(reply.body()), true);
    }
  }

  private void begin(
      ResponseHead head, HeadOverlay overlay, boolean last, @Nullable BodyCoder coder) {
    dirty = true;
    if (coder == null) {
      downstream.head(head, overlay, last);
    } else {
      coding = new Coding(coder, head, head.framingOf(false), downstream);
      downstream.codedHead(head, overlay);
    }
  }

  private void write(ByteBuf part, boolean last) {
    Coding through = coding;
    if (through == null) {
      downstream.body(part, last);
    } else {
      through.body(part, last, part.alloc());
    }
  }

  /** A part of an endpoint's body, which is not read faster than the client reads. */
  void body(ByteBuf part, boolean last, UpstreamLeg from) {
    write(part, last);
    dirty = true;
    if (!downstream.writable()) {
      flush();
      if (!downstream.writable()) {
        from.pause();
      }
    }
  }

  void trailers(Trailers trailers) {
    Coding through = coding;
    if (through == null) {
      downstream.trailers(trailers);
    } else {
      through.trailers(trailers);
    }
    dirty = true;
  }

  /** The endpoint's body is complete, whether or not its last part said so. */
  void end() {
    if (coding != null) {
      coding.end();
      dirty = true;
    }
  }

  /** The answer is over, complete or not. */
  void close() {
    Coding through = coding;
    if (through != null) {
      coding = null;
      log.coded(through.coded());
      through.close();
    }
  }

  void flush() {
    if (dirty) {
      dirty = false;
      downstream.flush();
      downstream.heldChanged();
    }
  }
}
