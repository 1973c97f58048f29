package dev.weft.server.http;

import dev.weft.codec.MessageHead.Framing;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import dev.weft.codec.Unframer;
import dev.weft.exchange.BodyCoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/**
 * The content of one answer on its way through a coder: taken out of its framing, coded, and handed
 * on bare. Confined to its exchange.
 */
final class Coding {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final BodyCoder coder;
  private final DownstreamLeg downstream;
  private final Unframer unframer = new Unframer();
  private long coded;
  private boolean ended;

  /**
   * @param framing of the content as it comes
   */
  Coding(BodyCoder coder, ResponseHead head, Framing framing, DownstreamLeg downstream) {
    this.coder = coder;
    this.downstream = downstream;
    unframer.start(head, framing);
  }

  /** A part of the content. Takes ownership. */
  void body(ByteBuf part, boolean last, ByteBufAllocator allocator) {
    ByteBuf content = unframer.content(part, allocator);
    Trailers trailers = last ? unframer.trailers() : Trailers.NONE;
    try {
      write(content.nioBuffer(), last, trailers.isEmpty());
    } finally {
      content.release();
    }
    if (!trailers.isEmpty()) {
      downstream.trailers(trailers);
    }
  }

  /** The end of content that came over HTTP/2. */
  void trailers(Trailers trailers) {
    write(NOTHING.duplicate(), true, false);
    downstream.trailers(trailers);
  }

  /** Nothing follows, though no part of the content said so. */
  void end() {
    if (!ended) {
      write(NOTHING.duplicate(), true, true);
    }
  }

  private void write(ByteBuffer content, boolean last, boolean end) {
    ByteBuffer out = coder.code(content, last);
    ended = last;
    coded += out.remaining();
    if (out.hasRemaining() || last) {
      downstream.body(Unpooled.wrappedBuffer(out), last && end);
    }
  }

  /** How many bytes came of the content. */
  long coded() {
    return coded;
  }

  /** The answer is over, whatever ended it. */
  void close() {
    coder.close();
  }
}
