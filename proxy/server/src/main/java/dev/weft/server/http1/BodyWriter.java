package dev.weft.server.http1;

import dev.weft.codec.HeadOverlay;
import dev.weft.codec.MessageHead;
import dev.weft.codec.MessageHead.Framing;
import dev.weft.codec.Trailers;
import dev.weft.codec.Unframer;
import dev.weft.server.http.HttpPlan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * Puts a body into the framing of HTTP/1. Bytes that have it pass as they are; content that came
 * over HTTP/2 is put into chunks where its length is not known; and a client that is too old for
 * chunks gets the content alone. Confined to its connection.
 */
final class BodyWriter {
  private static final byte[] CHUNKED = HttpPlan.ascii("transfer-encoding: chunked");
  private static final byte[] EMPTY = HttpPlan.ascii("content-length: 0");
  private static final ByteBuf CRLF = constant("\r\n");
  private static final ByteBuf END = constant("0\r\n\r\n");

  private enum Way {
    AS_IT_IS,
    INTO_CHUNKS,
    OUT_OF_CHUNKS
  }

  private final Unframer unframer = new Unframer();
  private Way way = Way.AS_IT_IS;
  private boolean saysEmpty;

  private static ByteBuf constant(String text) {
    return Unpooled.unreleasableBuffer(
        Unpooled.directBuffer(text.length()).writeBytes(HttpPlan.ascii(text)).asReadOnly());
  }

  /**
   * A message begins.
   *
   * @param framing of the body that goes with the head
   * @param chunks whether the receiver understands chunks
   */
  void start(MessageHead head, Framing framing, boolean chunks) {
    boolean chunked = framing == Framing.CHUNKED;
    way = Way.AS_IT_IS;
    saysEmpty = false;
    if (head.isHttp2()) {
      way = chunked && chunks ? Way.INTO_CHUNKS : Way.AS_IT_IS;
      saysEmpty = framing == Framing.NONE && head.contentLength() < 0;
    } else if (chunked && !chunks) {
      way = Way.OUT_OF_CHUNKS;
      unframer.start(head, framing);
    }
  }

  /**
   * A message begins whose body comes as content of unknown length.
   *
   * @param chunks whether the receiver understands chunks
   */
  void startBare(boolean chunks) {
    way = chunks ? Way.INTO_CHUNKS : Way.AS_IT_IS;
    saysEmpty = false;
  }

  /**
   * Adds what the head has to say of the framing.
   *
   * @param mayBeEmpty whether a body was to be expected, so that its absence has to be said
   */
  void announce(HeadOverlay edits, boolean mayBeEmpty) {
    if (way == Way.INTO_CHUNKS) {
      edits.addLine(CHUNKED);
    } else if (saysEmpty && mayBeEmpty) {
      edits.addLine(EMPTY);
    }
  }

  /** A part of the body as it is to be sent. Takes ownership. */
  ByteBuf framed(ByteBuf part, boolean last, ByteBufAllocator allocator) {
    return switch (way) {
      case AS_IT_IS -> part;
      case INTO_CHUNKS -> chunk(part, last, allocator);
      case OUT_OF_CHUNKS -> unframer.content(part, allocator);
    };
  }

  private static ByteBuf chunk(ByteBuf part, boolean last, ByteBufAllocator allocator) {
    if (!part.isReadable()) {
      part.release();
      return last ? END.duplicate() : Unpooled.EMPTY_BUFFER;
    }
    ByteBuf size = allocator.directBuffer(10);
    size.writeCharSequence(Integer.toHexString(part.readableBytes()), StandardCharsets.ISO_8859_1);
    size.writeShort('\r' << 8 | '\n');
    return last
        ? Unpooled.wrappedBuffer(size, part, CRLF.duplicate(), END.duplicate())
        : Unpooled.wrappedBuffer(size, part, CRLF.duplicate());
  }

  /** The end of a body that came over HTTP/2, with what follows it where that can be said. */
  ByteBuf end(Trailers trailers, ByteBufAllocator allocator) {
    if (way != Way.INTO_CHUNKS) {
      return Unpooled.EMPTY_BUFFER;
    }
    StringBuilder text = new StringBuilder("0\r\n");
    for (Trailers.Field field : trailers.fields()) {
      if (Trailers.mayFollow(field.name())) {
        text.append(field.name()).append(": ").append(field.value()).append("\r\n");
      }
    }
    text.append("\r\n");
    ByteBuf out = allocator.directBuffer(text.length());
    out.writeCharSequence(text, StandardCharsets.ISO_8859_1);
    return out;
  }
}
