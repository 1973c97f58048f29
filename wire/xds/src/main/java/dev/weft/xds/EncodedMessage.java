package dev.weft.xds;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A message in its deterministic bytes. Long ones are put together of parts that other messages
 * have, too, and that exist once: two route tables that differ in one virtual host share the bytes
 * of all others.
 *
 * @param typeUrl of the message, under {@code type.googleapis.com/}
 * @param bytes the encoded message
 */
public record EncodedMessage(String typeUrl, ByteString bytes) {
  /** Bytes; what is shorter is copied, since sharing it would cost more than it saves. */
  private static final int SHARED_FROM = 4096;

  private static final int HEADER_BYTES = 10;

  public static EncodedMessage of(Message message) {
    return new EncodedMessage(DeterministicBytes.typeUrl(message), DeterministicBytes.of(message));
  }

  /**
   * A message with fields that are encoded already.
   *
   * @param message everything else; of the given fields it has none
   * @param fields by {@link #field}, in the order in which they are read
   */
  public static EncodedMessage of(Message message, List<ByteString> fields) {
    return new EncodedMessage(
        DeterministicBytes.typeUrl(message), joined(DeterministicBytes.of(message), fields));
  }

  /** A field of a message, with its tag and length. */
  public static ByteString field(int number, Message value) {
    return field(number, value, List.of());
  }

  /** A field of a message some fields of which are encoded already. */
  public static ByteString field(int number, Message value, List<ByteString> fields) {
    ByteString bytes = joined(DeterministicBytes.of(value), fields);
    ByteString.Output header = ByteString.newOutput(HEADER_BYTES);
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(header);
      out.writeTag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(bytes.size());
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing a header of a field", e);
    }
    return joined(header.toByteString(), List.of(bytes));
  }

  /** One after the other; short ones are copied. */
  static ByteString joined(ByteString first, List<ByteString> others) {
    if (others.isEmpty()) {
      return first;
    }
    List<ByteString> parts = new ArrayList<>(others.size() + 1);
    parts.add(first);
    parts.addAll(others);
    ByteString joined = ByteString.copyFrom(parts);
    return joined.size() < SHARED_FROM ? flat(joined) : joined;
  }

  private static ByteString flat(ByteString bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.toByteArray());
  }
}
