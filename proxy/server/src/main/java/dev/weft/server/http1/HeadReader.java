package dev.weft.server.http1;

import dev.weft.codec.MessageHead;
import dev.weft.server.worker.HeadBuffers;
import dev.weft.server.worker.PeerMemory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Collects the bytes of a head in an array that is only borrowed while a message is under way.
 * Confined to its connection.
 */
final class HeadReader {
  private static final String PREFACE = "PRI * HTTP/2.0";

  private final HeadBuffers buffers;
  private final MessageHead head;
  private final PeerMemory.Share share;
  private byte @Nullable [] bytes;
  private int length;

  /**
   * @param shed gives the message up, because peers make the loop hold too much
   */
  HeadReader(HeadBuffers buffers, MessageHead head, Runnable shed) {
    this.buffers = buffers;
    this.head = head;
    this.share = buffers.share(new Grown(shed));
  }

  /** The array, where it is larger than most heads need. */
  private final class Grown implements PeerMemory.Holder {
    private final Runnable shed;

    Grown(Runnable shed) {
      this.shed = shed;
    }

    @Override
    public long held() {
      return bytes == null || bytes.length == HeadBuffers.SIZE ? 0 : bytes.length;
    }

    @Override
    public void shed() {
      shed.run();
    }
  }

  /** Whether a message is under way: bytes of it were received, or its head is still needed. */
  boolean begun() {
    return bytes != null;
  }

  /** Prepares for the next message. */
  void begin() {
    bytes = buffers.borrow();
    length = 0;
    head.reset();
  }

  /**
   * Takes bytes of the head and leaves what follows it.
   *
   * @return whether the head is complete
   * @throws dev.weft.codec.ProtocolException where it breaks the protocol or a limit
   */
  boolean read(ByteBuf in) {
    byte[] into = bytes;
    if (into == null) {
      throw new IllegalStateException("no message is under way");
    }
    while (in.isReadable()) {
      if (length == into.length) {
        into = buffers.larger(into);
        bytes = into;
        share.changed();
      }
      int size = Math.min(in.readableBytes(), into.length - length);
      in.readBytes(into, length, size);
      length += size;
      if (head.parse(into, length)) {
        in.readerIndex(in.readerIndex() - (length - head.end()));
        return true;
      }
    }
    return false;
  }

  /** How many bytes were taken, with those that turned out to follow the head. */
  int length() {
    return length;
  }

  /** A copy of the bytes that were taken, with those that follow. Takes ownership of the latter. */
  ByteBuf joinedWith(@Nullable ByteBuf rest, ByteBufAllocator allocator) {
    ByteBuf all = allocator.buffer(length + (rest == null ? 0 : rest.readableBytes()));
    byte[] from = bytes;
    if (from != null) {
      all.writeBytes(from, 0, length);
    }
    if (rest != null) {
      all.writeBytes(rest);
      rest.release();
    }
    return all;
  }

  /** Whether the bytes that were taken begin as HTTP/2 does (RFC 9113, 3.4). */
  boolean isPreface() {
    byte[] from = bytes;
    return from != null
        && new String(from, 0, Math.min(length, PREFACE.length()), StandardCharsets.US_ASCII)
            .equals(PREFACE);
  }

  /** Gives the array back: nobody needs the head any more. */
  void drop() {
    byte[] borrowed = bytes;
    if (borrowed != null) {
      bytes = null;
      length = 0;
      buffers.giveBack(borrowed);
      if (borrowed.length != HeadBuffers.SIZE) {
        // It would point to the array as long as the connection lives.
        head.reset();
        share.changed();
      }
    }
  }
}
