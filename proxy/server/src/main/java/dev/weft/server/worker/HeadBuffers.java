package dev.weft.server.worker;

import java.util.ArrayDeque;
import java.util.Arrays;

/** Arrays for message heads, lent to connections while a message is under way. One loop's. */
public final class HeadBuffers {
  /** The size that most heads fit into. */
  public static final int SIZE = 2048;

  private static final int MAX_IDLE = 1024;
  private final ArrayDeque<byte[]> idle = new ArrayDeque<>();
  private final PeerMemory grown;

  /**
   * @param grown accounts for the arrays that are larger than {@link #SIZE}
   */
  HeadBuffers(PeerMemory grown) {
    this.grown = grown;
  }

  /** An array of {@link #SIZE} bytes. */
  public byte[] borrow() {
    byte[] buffer = idle.pollLast();
    return buffer == null ? new byte[SIZE] : buffer;
  }

  /** The share in larger arrays of a borrower. */
  public PeerMemory.Share share(PeerMemory.Holder borrower) {
    return grown.share(borrower);
  }

  /** A copy of twice the size. */
  public byte[] larger(byte[] buffer) {
    byte[] copy = Arrays.copyOf(buffer, buffer.length * 2);
    giveBack(buffer);
    return copy;
  }

  /** Takes an array back; grown ones are dropped. */
  public void giveBack(byte[] buffer) {
    if (buffer.length == SIZE && idle.size() < MAX_IDLE) {
      idle.addLast(buffer);
    }
  }
}
