package dev.weft.server.http1;

import dev.weft.codec.HeadOverlay;
import dev.weft.codec.KnownHeader;
import dev.weft.codec.MessageHead.Framing;
import dev.weft.codec.RequestHead;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import dev.weft.server.http.HttpPlan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The bytes of answers to a client of HTTP/1: how they are framed, and whether its connection stays
 * open. Confined to its connection.
 */
final class AnswerBytes {
  private static final byte[] CLOSE = HttpPlan.ascii("connection: close");
  private static final byte[] KEEP_ALIVE = HttpPlan.ascii("connection: keep-alive");
  private static final byte[] LENGTH = HttpPlan.ascii("content-length");
  private static final byte[] UPGRADE = HttpPlan.ascii("connection: upgrade");

  private final RequestHead request;
  private final BodyWriter body = new BodyWriter();
  private boolean keepAlive;

  /**
   * @param request the head of the request that is answered, whichever that is at the moment
   */
  AnswerBytes(RequestHead request) {
    this.request = request;
  }

  /** Whether the client was promised that its connection stays open. */
  boolean keepAlive() {
    return keepAlive;
  }

  /** A response that is not the final one. */
  ByteBuf interim(ResponseHead interim, HeadOverlay edits, ByteBufAllocator allocator) {
    edits.removeHopByHop(interim, false);
    removeFraming(interim, edits);
    return written(interim, edits, allocator);
  }

  /**
   * The head of the final response.
   *
   * @param toHead whether it answers HEAD, so that no body follows
   * @param bare whether the body comes without a framing of its own
   * @param reusable whether nothing but the two messages stands against another request
   */
  ByteBuf head(
      ResponseHead response,
      HeadOverlay edits,
      boolean toHead,
      boolean bare,
      boolean reusable,
      ByteBufAllocator allocator) {
    Framing framing = bare ? Framing.CHUNKED : response.framingOf(toHead);
    boolean old = isOld();
    if (bare) {
      body.startBare(!old);
      edits.drop(response, LENGTH);
      edits.remove(response, KnownHeader.TRANSFER_ENCODING);
    } else {
      body.start(response, framing, !old);
    }
    keepAlive =
        reusable
            && request.persistent()
            && framing != Framing.UNTIL_CLOSE
            && !(old && framing == Framing.CHUNKED);
    boolean upgraded = response.status() == 101;
    edits.removeHopByHop(response, upgraded);
    removeFraming(response, edits);
    if (upgraded) {
      edits.addLine(UPGRADE);
    } else {
      int status = response.status();
      body.announce(edits, !toHead && status >= 200 && status != 204 && status != 304);
      if (!keepAlive) {
        edits.addLine(CLOSE);
      } else if (old) {
        edits.addLine(KEEP_ALIVE);
      }
    }
    return written(response, edits, allocator);
  }

  /** A part of the body. Takes ownership. */
  ByteBuf body(ByteBuf part, boolean last, ByteBufAllocator allocator) {
    return body.framed(part, last, allocator);
  }

  /** The end of a body that came over HTTP/2. */
  ByteBuf end(Trailers trailers, ByteBufAllocator allocator) {
    return body.end(trailers, allocator);
  }

  /** Whether the client is of a time before chunks. */
  private boolean isOld() {
    return request.minorVersion() == 0;
  }

  private static ByteBuf written(
      ResponseHead response, HeadOverlay edits, ByteBufAllocator allocator) {
    ByteBuf out = allocator.directBuffer(edits.bound(response));
    edits.writeTo(response, out);
    return out;
  }

  /** What has no body says nothing of how it is framed (RFC 9112, 6.1 and 6.2). */
  private void removeFraming(ResponseHead response, HeadOverlay edits) {
    int status = response.status();
    boolean empty = status < 200 || status == 204;
    if (empty || status == 304 || isOld()) {
      edits.remove(response, KnownHeader.TRANSFER_ENCODING);
      edits.remove(response, KnownHeader.TRAILER);
    }
    if (empty) {
      edits.remove(response, KnownHeader.CONTENT_LENGTH);
    }
  }
}
