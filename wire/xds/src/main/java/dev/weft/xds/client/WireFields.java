package dev.weft.xds.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Where the fields of one message are in its bytes, in the order of the wire. Immutable. */
final class WireFields {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private final byte[] data;
  private final String path;
  private int count;
  private int[] numbers = new int[8];
  private byte[] types = new byte[8];
  private long[] values = new long[8];
  private int[] lengths = new int[8];

  private WireFields(byte[] data, String path) {
    this.data = data;
    this.path = path;
  }

  /**
   * Finds the fields between two offsets.
   *
   * @param path what to call the message in errors
   * @throws FieldException where the bytes are no message
   */
  static WireFields parse(byte[] data, int from, int to, String path) {
    WireFields fields = new WireFields(data, path);
    fields.parse(from, to);
    return fields;
  }

  int count() {
    return count;
  }

  int number(int index) {
    return numbers[index];
  }

  /** Whether the field is a string, bytes, a message or packed numbers. */
  boolean isLength(int index) {
    return types[index] == LENGTH;
  }

  /** The number in the field; for lengths its offset. */
  long value(int index) {
    return values[index];
  }

  /** Where the content of a field with a length begins. */
  int offset(int index) {
    return (int) values[index];
  }

  int length(int index) {
    return lengths[index];
  }

  /** Numbers that are packed in one field. */
  List<Integer> packed(int index) {
    List<Integer> out = new ArrayList<>();
    Cursor cursor = new Cursor(offset(index), offset(index) + length(index));
    while (cursor.at < cursor.end) {
      out.add((int) cursor.varint());
    }
    return out;
  }

  private void parse(int from, int to) {
    Cursor cursor = new Cursor(from, to);
    while (cursor.at < to) {
      long tag = cursor.varint();
      int type = (int) (tag & 7);
      int number = (int) (tag >>> 3);
      if (number == 0) {
        throw new FieldException(path, "malformed message");
      }
      grow();
      numbers[count] = number;
      types[count] = (byte) type;
      switch (type) {
        case VARINT -> values[count] = cursor.varint();
        case FIXED64 -> values[count] = cursor.fixed(8);
        case FIXED32 -> values[count] = cursor.fixed(4);
        case LENGTH -> {
          long length = cursor.varint();
          if (length < 0 || length > to - cursor.at) {
            throw new FieldException(path, "malformed message: a field is longer than the message");
          }
          values[count] = cursor.at;
          lengths[count] = (int) length;
          cursor.at += (int) length;
        }
        default -> throw new FieldException(path, "malformed message: wire type " + type);
      }
      count++;
    }
  }

  private void grow() {
    if (count == numbers.length) {
      int size = count * 2;
      numbers = Arrays.copyOf(numbers, size);
      types = Arrays.copyOf(types, size);
      values = Arrays.copyOf(values, size);
      lengths = Arrays.copyOf(lengths, size);
    }
  }

  /** Moves through the bytes. */
  private final class Cursor {
    private int at;
    private final int end;

    Cursor(int at, int end) {
      this.at = at;
      this.end = end;
    }

    long varint() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        if (at >= end) {
          break;
        }
        byte b = data[at++];
        value |= (long) (b & 0x7f) << shift;
        if (b >= 0) {
          return value;
        }
      }
      throw new FieldException(path, "malformed message: a number does not end");
    }

    long fixed(int width) {
      if (end - at < width) {
        throw new FieldException(path, "malformed message: a number does not end");
      }
      long value = 0;
      for (int i = 0; i < width; i++) {
        value |= (data[at++] & 0xffL) << (8 * i);
      }
      return value;
    }
  }
}
