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
  private DeterministicBytes() {}

  /** Packs the message under {@code type.googleapis.com/}. */
  public static Any pack(Message message) {
    return Any.newBuilder()
        .setTypeUrl("type.googleapis.com/" + message.getDescriptorForType().getFullName())
        .setValue(of(message))
        .build();
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

  /** 16 hexadecimal digits of SHA-256. */
  public static String hash(ByteString bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes.asReadOnlyByteBuffer());
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
