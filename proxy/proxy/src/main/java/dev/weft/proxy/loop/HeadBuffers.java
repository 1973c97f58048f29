package dev.weft.proxy.loop;

import java.util.ArrayDeque;

/** Arrays for message heads, lent to connections while a message is under way. One loop's. */
public final class HeadBuffers {
  /** The size that most heads fit into. */
  public static final int SIZE = 2048;

  private static final int MAX_IDLE = 1024;
  private final ArrayDeque<byte[]> idle = new ArrayDeque<>();

  /** An array of {@link #SIZE} bytes. */
  public byte[] borrow() {
    byte[] buffer = idle.pollLast();
    return buffer == null ? new byte[SIZE] : buffer;
  }

  /** Takes an array back; grown ones are dropped. */
  public void giveBack(byte[] buffer) {
    if (buffer.length == SIZE && idle.size() < MAX_IDLE) {
      idle.addLast(buffer);
    }
  }
}
