package dev.weft.exchange;

import dev.weft.runtime.HttpFilter.Compressor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Compresses content (RFC 1952). Each part is flushed, so that whoever reads gets all that was
 * written so far. Confined to its exchange.
 */
final class GzipCoder implements BodyCoder {
  /** No name, no time, no extra fields; of an unknown system. */
  private static final byte[] HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private static final int TRAILER = 8;

  private final CoderPlaces places;
  private final Deflater deflater;
  private final CRC32 checksum = new CRC32();
  private int length;
  private boolean begun;

  /**
   * @param places where it has taken a place, which it gives back
   */
  GzipCoder(int level, Compressor.Strategy strategy, CoderPlaces places) {
    this.places = places;
    this.deflater = new Deflater(level, true);
    deflater.setStrategy(
        switch (strategy) {
          case DEFAULT -> Deflater.DEFAULT_STRATEGY;
          case FILTERED -> Deflater.FILTERED;
          case HUFFMAN_ONLY -> Deflater.HUFFMAN_ONLY;
        });
  }

  @Override
  public ByteBuffer code(ByteBuffer part, boolean last) {
    int size = part.remaining();
    if (size == 0 && !last) {
      return ByteBuffer.allocate(0);
    }
    ByteBuffer out = ByteBuffer.allocate(HEAD.length + TRAILER + 32 + size / 2);
    if (!begun) {
      begun = true;
      out.put(HEAD);
    }
    checksum.update(part.duplicate());
    // Modulo 2^32, as the trailer has it.
    length += size;
    deflater.setInput(part);
    if (last) {
      deflater.finish();
    }
    out = deflated(out, last);
    if (last) {
      out = room(out, TRAILER);
      out.order(ByteOrder.LITTLE_ENDIAN).putInt((int) checksum.getValue()).putInt(length);
    }
    return out.flip();
  }

  private ByteBuffer deflated(ByteBuffer first, boolean last) {
    ByteBuffer out = first;
    // A full buffer means that there may be more, and a new strategy takes a call of its own.
    while (true) {
      int unused = deflater.deflate(out, last ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH);
      if (!out.hasRemaining()) {
        out = room(out, out.capacity());
      } else if (last ? deflater.finished() : deflater.needsInput()) {
        return out;
      }
    }
  }

  private static ByteBuffer room(ByteBuffer out, int bytes) {
    return out.remaining() >= bytes
        ? out
        : ByteBuffer.allocate(out.position() + bytes).put(out.flip());
  }

  @Override
  public void close() {
    deflater.end();
    places.leave();
  }
}
