package dev.weft.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Protobuf messages as bytes that are equal whenever the messages are: map entries are sorted by
 * key. Messages nested in {@code Any} must have been packed here too.
 */
public final class DeterministicBytes {
  static final int HASH_DIGITS = 16;

  private DeterministicBytes() {}

  /** Packs the message under its {@link #typeUrl}. */
  public static Any pack(Message message) {
    return Any.newBuilder().setTypeUrl(typeUrl(message)).setValue(of(message)).build();
  }

  /** The full name of the message's type under {@code type.googleapis.com/}. */
  static String typeUrl(Message message) {
    return "type.googleapis.com/" + message.getDescriptorForType().getFullName();
  }

  /** The deterministic form. */
  public static ByteString of(Message message) {
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    try {
      message.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + message.getDescriptorForType().getFullName(), e);
    }
    out.checkNoSpaceLeft();
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  /** {@value #HASH_DIGITS} hexadecimal digits of SHA-256. */
  static String hash(ByteString bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      bytes.asReadOnlyByteBufferList().forEach(digest::update);
      return HexFormat.of().formatHex(digest.digest(), 0, HASH_DIGITS / 2);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
