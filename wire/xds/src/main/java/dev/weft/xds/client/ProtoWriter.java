package dev.weft.xds.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Writes a Protocol Buffers message. Default values are left out, as proto3 does. */
public final class ProtoWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(64);

  /** A string or nothing where it is empty. */
  public ProtoWriter text(int field, String value) {
    return value.isEmpty() ? this : bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes, also where they are empty. */
  public ProtoWriter bytes(int field, byte[] value) {
    varint((long) field << 3 | 2);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  /** An integer or nothing where it is zero. */
  public ProtoWriter number(int field, long value) {
    if (value != 0) {
      varint((long) field << 3);
      varint(value);
    }
    return this;
  }

  /** A double. */
  public ProtoWriter real(int field, double value) {
    return fixed(field, Double.doubleToLongBits(value));
  }

  /** An integer of eight bytes. */
  public ProtoWriter fixed(int field, long value) {
    varint((long) field << 3 | 1);
    for (int i = 0; i < 8; i++) {
      out.write((int) (value >>> (8 * i)));
    }
    return this;
  }

  /** A message, also where it is empty. */
  public ProtoWriter message(int field, Consumer<ProtoWriter> content) {
    ProtoWriter inner = new ProtoWriter();
    content.accept(inner);
    return bytes(field, inner.toBytes());
  }

  /** A member of a {@code oneof} whose value is zero. */
  void present(int field) {
    varint((long) field << 3);
    varint(0);
  }

  /** A member of a {@code oneof}, written even where it is empty. */
  void present(int field, String value) {
    bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** A member of a {@code oneof}, written even where it is false. */
  void present(int field, boolean value) {
    varint((long) field << 3);
    varint(value ? 1 : 0);
  }

  /** What was written. */
  public byte[] toBytes() {
    return out.toByteArray();
  }

  private void varint(long value) {
    long left = value;
    while ((left & ~0x7fL) != 0) {
      out.write((int) (left & 0x7f | 0x80));
      left >>>= 7;
    }
    out.write((int) left);
  }
}
