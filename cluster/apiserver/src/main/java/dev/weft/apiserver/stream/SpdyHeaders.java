package dev.weft.apiserver.stream;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Header blocks of SPDY/3.1: name-value pairs behind zlib, whose state lives as long as the
 * connection. Confined to the reading thread, but for {@link #encode}, which is confined to who
 * holds the write lock.
 */
final class SpdyHeaders implements AutoCloseable {
  private static final int LARGEST = 64 * 1024;
  private static final int MAX_PAIRS = 100;

  private final byte[] dictionary = SpdyDictionary.bytes();
  private final Inflater inflater = new Inflater();
  private final Deflater deflater = new Deflater();

  SpdyHeaders() {
    deflater.setDictionary(dictionary);
  }

  Map<String, String> decode(byte[] block, int offset, int length) throws IOException {
    inflater.setInput(block, offset, length);
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    byte[] buffer = new byte[4096];
    try {
      while (true) {
        int count = inflater.inflate(buffer);
        if (count > 0) {
          plain.write(buffer, 0, count);
          if (plain.size() > LARGEST) {
            throw new IOException("a header block is larger than " + LARGEST + " bytes");
          }
        } else if (inflater.needsDictionary()) {
          inflater.setDictionary(dictionary);
        } else {
          break;
        }
      }
    } catch (DataFormatException | IllegalArgumentException e) {
      throw new IOException("a header block is not zlib: " + e.getMessage(), e);
    }
    return pairs(plain.toByteArray());
  }

  private static Map<String, String> pairs(byte[] plain) throws IOException {
    try (DataInputStream in = new DataInputStream(new java.io.ByteArrayInputStream(plain))) {
      int count = in.readInt();
      if (count < 0 || count > MAX_PAIRS) {
        throw new IOException("a header block has " + count + " pairs");
      }
      Map<String, String> headers = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        String name = text(in);
        headers.put(name.toLowerCase(java.util.Locale.ROOT), text(in));
      }
      return headers;
    }
  }

  private static String text(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("a header is cut off");
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  /** A block without any pair: all that this side has to say. */
  byte[] encode() {
    deflater.setInput(new byte[4]);
    byte[] buffer = new byte[128];
    int count = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
    return java.util.Arrays.copyOf(buffer, count);
  }

  @Override
  public void close() {
    inflater.end();
    deflater.end();
  }
}
