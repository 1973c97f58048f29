package dev.weft.codec;

import dev.weft.codec.MessageHead.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** Takes the content of a body out of the chunks of HTTP/1, where it is in them. */
public final class Unframer {
  // Null until a body comes in chunks.
  private @Nullable BodyFramer framer;
  private boolean chunked;

  /**
   * A message begins.
   *
   * @param framing of the body that goes with the head
   */
  public void start(MessageHead head, Framing framing) {
    chunked = !head.isHttp2() && framing == Framing.CHUNKED;
    if (chunked) {
      if (framer == null) {
        framer = new BodyFramer();
      }
      framer.start(framing, -1);
    }
  }

  /** A message begins whose body comes bare. */
  public void startBare() {
    chunked = false;
  }

  /** The content of a part of the body. Takes ownership. */
  public ByteBuf content(ByteBuf part, ByteBufAllocator allocator) {
    if (!chunked || framer == null) {
      return part;
    }
    ByteBuf content = allocator.buffer(Math.max(1, part.readableBytes()));
    try {
      framer.take(part, part.readerIndex(), part.writerIndex(), content);
    } finally {
      part.release();
    }
    return content;
  }

  /** What followed the content; nothing where it was not in chunks. */
  public Trailers trailers() {
    return chunked && framer != null ? framer.trailers() : Trailers.NONE;
  }
}
