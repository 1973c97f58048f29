package dev.weft.codec;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the first message of a TLS client says, read without consuming it.
 *
 * @param serverName in lower case; empty where the client names none
 * @param protocols ALPN, in the client's order
 */
public record ClientHello(String serverName, List<String> protocols) {
  private static final int MAX_BYTES = 16 * 1024;

  public ClientHello {
    protocols = List.copyOf(protocols);
  }

  /** The outcome of a look at the first bytes of a connection. */
  public sealed interface Peek {
    /** The message goes on. */
    record NeedMore() implements Peek {}

    /** Not TLS. */
    record Plain() implements Peek {}

    /** A complete hello. */
    record Found(ClientHello hello) implements Peek {}
  }

  private static final Peek NEED_MORE = new Peek.NeedMore();
  private static final Peek PLAIN = new Peek.Plain();

  /**
   * Looks at the readable bytes; the reader index stays.
   *
   * @throws ProtocolException where it starts as TLS but is not a well-formed hello
   */
  public static Peek peek(ByteBuf in) {
    int available = in.readableBytes();
    int base = in.readerIndex();
    if (available == 0) {
      return NEED_MORE;
    }
    if (in.getByte(base) != 22 || available > 1 && in.getByte(base + 1) != 3) {
      return PLAIN;
    }
    if (available < 9) {
      return NEED_MORE;
    }
    if (in.getByte(base + 5) != 1) {
      throw Violation.BAD_CLIENT_HELLO.exception();
    }
    Reader reader = new Reader(in, base, base + available);
    reader.skip(1);
    int length = reader.u24();
    if (length > MAX_BYTES) {
      throw Violation.BAD_CLIENT_HELLO.exception();
    }
    if (!reader.has(length)) {
      return available > 2 * MAX_BYTES ? tooLong() : NEED_MORE;
    }
    return new Peek.Found(parse(reader, length));
  }

  private static Peek tooLong() {
    throw Violation.BAD_CLIENT_HELLO.exception();
  }

  private static ClientHello parse(Reader in, int length) {
    int end = in.position + length;
    in.limit = end;
    in.skip(2 + 32);
    in.skip(in.u8());
    in.skip(in.u16());
    in.skip(in.u8());
    String serverName = "";
    List<String> protocols = List.of();
    if (in.position < end) {
      int extensionsEnd = in.within(in.u16(), end);
      while (in.position < extensionsEnd) {
        int type = in.u16();
        int size = in.u16();
        int after = in.within(size, extensionsEnd);
        if (type == 0) {
          serverName = serverName(in, after);
        } else if (type == 16) {
          protocols = protocols(in, after);
        }
        in.skip(after - in.position);
      }
    }
    return new ClientHello(serverName, protocols);
  }

  private static String serverName(Reader in, int end) {
    int listEnd = in.within(in.u16(), end);
    while (in.position < listEnd) {
      int type = in.u8();
      int size = in.u16();
      in.within(size, listEnd);
      if (type == 0) {
        return in.text(size).toLowerCase(Locale.ROOT);
      }
      in.skip(size);
    }
    return "";
  }

  private static List<String> protocols(Reader in, int end) {
    int listEnd = in.within(in.u16(), end);
    List<String> protocols = new ArrayList<>(4);
    while (in.position < listEnd) {
      int size = in.u8();
      in.within(size, listEnd);
      protocols.add(in.text(size));
    }
    return protocols;
  }

  /** Reads the handshake stream through the records that carry it. */
  private static final class Reader {
    private final ByteBuf in;
    private final int to;
    private int index;
    private int recordLeft;
    // Bytes of the handshake stream consumed; limits are in the same unit.
    private int position;
    private int limit = Integer.MAX_VALUE;

    Reader(ByteBuf in, int from, int to) {
      this.in = in;
      this.to = to;
      this.index = from;
    }

    /** Whether the next {@code wanted} bytes of the stream have arrived. */
    boolean has(int wanted) {
      int at = index;
      int left = recordLeft;
      int missing = wanted;
      while (missing > left) {
        missing -= left;
        at += left;
        if (at > to || at + 5 > to) {
          return false;
        }
        left = record(at);
        at += 5;
      }
      return at + missing <= to;
    }

    private int record(int at) {
      int size = in.getUnsignedShort(at + 3);
      if (in.getByte(at) != 22 || in.getByte(at + 1) != 3 || size == 0 || size > 16 * 1024 + 256) {
        throw Violation.BAD_CLIENT_HELLO.exception();
      }
      return size;
    }

    int u8() {
      if (position >= limit) {
        throw Violation.BAD_CLIENT_HELLO.exception();
      }
      if (recordLeft == 0) {
        if (index + 5 > to) {
          throw Violation.BAD_CLIENT_HELLO.exception();
        }
        recordLeft = record(index);
        index += 5;
      }
      if (index >= to) {
        throw Violation.BAD_CLIENT_HELLO.exception();
      }
      recordLeft--;
      position++;
      return in.getUnsignedByte(index++);
    }

    int u16() {
      return u8() << 8 | u8();
    }

    int u24() {
      return u8() << 16 | u16();
    }

    void skip(int count) {
      for (int i = 0; i < count; i++) {
        int unused = u8();
      }
    }

    int within(int size, int end) {
      if (position + size > end) {
        throw Violation.BAD_CLIENT_HELLO.exception();
      }
      return position + size;
    }

    String text(int size) {
      byte[] text = new byte[size];
      for (int i = 0; i < size; i++) {
        text[i] = (byte) u8();
      }
      return new String(text, StandardCharsets.ISO_8859_1);
    }
  }
}
