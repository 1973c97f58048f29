package dev.weft.proxy.xds;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** Length-prefixed messages of gRPC over HTTP/2. Confined to one call. */
final class GrpcFrames {
  private static final int HEADER = 5;

  private final int maxMessage;
  private final ByteBuf pending;

  GrpcFrames(ByteBufAllocator allocator, int maxMessage) {
    this.pending = allocator.buffer();
    this.maxMessage = maxMessage;
  }

  /**
   * Takes bytes in; the buffer stays the caller's.
   *
   * @return messages that are complete now
   * @throws IllegalArgumentException for a message that is too large or compressed
   */
  List<byte[]> add(ByteBuf data) {
    pending.writeBytes(data);
    List<byte[]> out = new ArrayList<>();
    while (pending.readableBytes() >= HEADER) {
      int compressed = pending.getByte(pending.readerIndex());
      long length = pending.getUnsignedInt(pending.readerIndex() + 1);
      if (compressed != 0) {
        throw new IllegalArgumentException("compressed messages were not asked for");
      }
      if (length > maxMessage) {
        throw new IllegalArgumentException("message of " + length + " bytes is too large");
      }
      if (pending.readableBytes() < HEADER + length) {
        break;
      }
      pending.skipBytes(HEADER);
      byte[] message = new byte[(int) length];
      pending.readBytes(message);
      out.add(message);
    }
    if (!pending.isReadable()) {
      pending.clear();
      if (pending.capacity() > 1 << 16) {
        pending.capacity(1 << 12);
      }
    } else {
      pending.discardSomeReadBytes();
    }
    return out;
  }

  void release() {
    pending.release();
  }

  static ByteBuf frame(ByteBufAllocator allocator, byte[] message) {
    ByteBuf out = allocator.buffer(HEADER + message.length);
    out.writeByte(0);
    out.writeInt(message.length);
    out.writeBytes(message);
    return out;
  }
}
