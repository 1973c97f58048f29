package dev.weft.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/** Feeds parsers in the ways that a network does. */
final class Wire {
  private Wire() {}

  static RequestHead request(String text) {
    RequestHead head = new RequestHead(HeadLimits.DEFAULT);
    if (!feed(head, text.getBytes(ISO_8859_1), Integer.MAX_VALUE)) {
      throw new AssertionError("the head is not complete");
    }
    return head;
  }

  static ResponseHead response(String text) {
    ResponseHead head = new ResponseHead(HeadLimits.DEFAULT);
    if (!feed(head, text.getBytes(ISO_8859_1), Integer.MAX_VALUE)) {
      throw new AssertionError("the head is not complete");
    }
    return head;
  }

  /** Parses with {@code step} bytes more each time. */
  static boolean feed(MessageHead head, byte[] bytes, int step) {
    for (int length = 0; length < bytes.length; ) {
      length = (int) Math.min(bytes.length, (long) length + step);
      if (head.parse(Arrays.copyOf(bytes, length), length)) {
        return true;
      }
    }
    return false;
  }

  static ByteBuf buffer(String text) {
    return Unpooled.copiedBuffer(text, ISO_8859_1);
  }
}
