package dev.weft.server.worker;

import dev.weft.codec.BodyFramer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** What a connection received and nobody has taken yet. Confined to its event loop. */
public final class Unread {
  private @Nullable ByteBuf bytes;

  /** Puts bytes behind those that are here. Takes ownership. */
  public void add(ByteBuf received, ByteBufAllocator allocator) {
    ByteBuf before = bytes;
    if (before == null) {
      bytes = received;
      return;
    }
    ByteBuf joined = allocator.buffer(before.readableBytes() + received.readableBytes());
    joined.writeBytes(before).writeBytes(received);
    before.release();
    received.release();
    bytes = joined;
  }

  public boolean isEmpty() {
    return bytes == null;
  }

  public int size() {
    return bytes == null ? 0 : bytes.readableBytes();
  }

  /** Everything that is here, to be looked at; null where there is nothing. */
  public @Nullable ByteBuf look() {
    return bytes;
  }

  /** Everything that is here, which is the caller's from now on; null where there is nothing. */
  public @Nullable ByteBuf take() {
    ByteBuf all = bytes;
    bytes = null;
    return all;
  }

  /** What of some bytes that are here belongs to a body, which is the caller's from now on. */
  public ByteBuf take(ByteBuf here, BodyFramer framer) {
    int size = framer.take(here, here.readerIndex(), here.writerIndex());
    if (size < here.readableBytes()) {
      return here.readRetainedSlice(size);
    }
    bytes = null;
    return here;
  }

  /** Forgets what was read to its end. */
  public void dropRead() {
    if (bytes != null && !bytes.isReadable()) {
      drop();
    }
  }

  /** Nobody will look at it. */
  public void drop() {
    ByteBuf rest = bytes;
    if (rest != null) {
      bytes = null;
      rest.release();
    }
  }
}
