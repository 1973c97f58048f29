package dev.weft.server.http;

import dev.weft.codec.RequestHead;
import dev.weft.codec.Unframer;
import dev.weft.exchange.Step;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** The content of a request that a filter waits for, as it comes. Confined to its exchange. */
final class Holding {
  private static final Step TOO_LARGE =
      Step.Reply.of(413, "request_payload_too_large", "Payload Too Large");

  private final Step.Hold wanted;
  private final Unframer unframer = new Unframer();
  private final ByteArrayOutputStream content = new ByteArrayOutputStream(0);
  private boolean more;

  Holding(Step.Hold wanted, RequestHead head) {
    this.wanted = wanted;
    unframer.start(head, head.framing());
    more = head.contentLength() > wanted.most();
  }

  /** How many bytes of it are here. */
  int size() {
    return content.size();
  }

  /** A part of the body in the framing of its head. Takes ownership. */
  void take(ByteBuf part) {
    ByteBuf bare = unframer.content(part, part.alloc());
    try {
      int taken = Math.min(bare.readableBytes(), wanted.most() - content.size());
      byte[] bytes = new byte[taken];
      bare.readBytes(bytes);
      content.writeBytes(bytes);
      more |= bare.isReadable();
    } finally {
      bare.release();
    }
  }

  /**
   * What comes next.
   *
   * @param complete whether there is no more of the body
   * @return null where there is too little of it yet
   */
  @Nullable Step next(boolean complete) {
    if (more && !wanted.partial()) {
      return TOO_LARGE;
    }
    return complete || wanted.partial() && content.size() == wanted.most()
        ? wanted.next().apply(new Step.Held(content.toByteArray(), complete && !more))
        : null;
  }
}
