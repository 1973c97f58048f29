package dev.weft.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;

/**
 * The part of a request's body that was received so far, kept until nobody can need it again.
 * Beyond {@value #MAX} bytes nothing is kept, and the request is not tried again. Confined to its
 * exchange.
 */
final class ReplayBuffer {
  static final int MAX = 64 * 1024;

  private final ArrayDeque<ByteBuf> parts = new ArrayDeque<>(2);
  private int size;
  private boolean replayable;
  private boolean lost;

  /** Starts anew. */
  void reset() {
    drop();
    replayable = false;
    lost = false;
  }

  /** Whether what is sent is kept for another attempt. */
  void replayable(boolean keep) {
    replayable = keep;
    if (!keep) {
      drop();
    }
  }

  /** Whether everything received so far is here. */
  boolean complete() {
    return !lost;
  }

  int size() {
    return size;
  }

  boolean full() {
    return size >= MAX;
  }

  /** Keeps a part that was not sent. Takes ownership. */
  void keep(ByteBuf part) {
    size += part.readableBytes();
    parts.add(part);
  }

  /** Notes a part that is sent now; the caller goes on owning it. */
  void pass(ByteBuf part) {
    if (!replayable || lost) {
      lost |= part.isReadable();
      return;
    }
    if (size + part.readableBytes() > MAX) {
      lost = true;
      drop();
      return;
    }
    size += part.readableBytes();
    parts.add(part.retainedDuplicate());
  }

  /** Whether nothing is kept. */
  boolean empty() {
    return parts.isEmpty();
  }

  /**
   * Writes everything that is kept.
   *
   * @param ends whether nothing follows it
   */
  void writeTo(UpstreamLeg to, boolean ends) {
    if (size > MAX) {
      lost = true;
    }
    int left = parts.size();
    for (ByteBuf part : parts) {
      to.body(part.retainedDuplicate(), --left == 0 && ends);
    }
    if (lost) {
      drop();
    }
  }

  /** A copy of everything that is kept. */
  ByteBuf copy(ByteBufAllocator allocator) {
    ByteBuf copy = allocator.buffer(Math.max(1, size));
    for (ByteBuf part : parts) {
      copy.writeBytes(part, part.readerIndex(), part.readableBytes());
    }
    return copy;
  }

  private void drop() {
    size = 0;
    ByteBuf part = parts.poll();
    while (part != null) {
      part.release();
      part = parts.poll();
    }
  }
}
