package dev.weft.translate;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.weft.xds.DeterministicBytes;
import dev.weft.xds.EncodedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A long message that is not put together yet, because other messages have some of its parts, too.
 *
 * @param head what comes before the parts; it says which message this is
 * @param parts in their order
 * @param tail of the same type, what comes after the parts
 * @param <P> what a part is made of
 */
record Assembly<P>(Message head, List<P> parts, Message tail) {
  Assembly {
    parts = List.copyOf(parts);
  }

  /**
   * The message.
   *
   * @param encode makes a part a field of the message, or knows it from before
   */
  EncodedMessage encode(Function<P, ByteString> encode) {
    List<ByteString> fields = new ArrayList<>(parts.size() + 1);
    parts.forEach(part -> fields.add(encode.apply(part)));
    fields.add(DeterministicBytes.of(tail));
    return EncodedMessage.of(head, fields);
  }
}
