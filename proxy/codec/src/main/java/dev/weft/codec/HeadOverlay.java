package dev.weft.codec;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Small changes on top of a parsed head: removed and added fields, another start line. Everything
 * else goes out as the bytes that came in. Reusable. Confined to the event loop that owns it.
 */
public final class HeadOverlay {
  private static final byte[] HTTP_1_1_END = MessageHead.ascii(" HTTP/1.1\r\n");
  private static final byte[] HOST = MessageHead.ascii("host: ");

  private final long[] removed = new long[(HeaderFields.MAX_HEADERS + 63) / 64];
  private byte[] added = new byte[256];
  private int addedLength;
  private int mark;
  private String path = "";
  private String authority = "";
  private boolean newAuthority;

  /** Starts with no change. */
  public void reset() {
    Arrays.fill(removed, 0);
    addedLength = 0;
    mark = 0;
    path = "";
    authority = "";
    newAuthority = false;
  }

  /** Leaves out one field. */
  public void removeAt(int index) {
    removed[index >> 6] |= 1L << index;
  }

  /** Leaves out all fields of this name. */
  public void remove(MessageHead head, KnownHeader header) {
    for (int i = head.find(header); i >= 0 && i < head.size(); i++) {
      if (head.is(i, header)) {
        removeAt(i);
      }
    }
  }

  /** Leaves out all fields of this lower-case name. */
  public void remove(MessageHead head, byte[] lowerName) {
    for (int i = head.find(lowerName, 0); i >= 0; i = head.find(lowerName, i + 1)) {
      removeAt(i);
    }
  }

  /** Leaves out all fields with this byte in their name. */
  public void removeNamed(MessageHead head, byte part) {
    for (int i = 0; i < head.size(); i++) {
      if (head.nameHas(i, part)) {
        removeAt(i);
      }
    }
  }

  /** Leaves out all fields whose names begin with this lower-case text. */
  public void removeAll(MessageHead head, byte[] lowerPrefix) {
    for (int i = 0; i < head.size(); i++) {
      int start = head.nameStart(i);
      int end = start + lowerPrefix.length;
      if (end <= head.nameEnd(i) && Ascii.equalsIgnoreCase(lowerPrefix, head.bytes(), start, end)) {
        removeAt(i);
      }
    }
  }

  /**
   * Leaves out what is meant for one hop only (RFC 9110, 7.6.1): Connection and what it names,
   * Keep-Alive, Proxy-Connection, TE, and Upgrade unless the upgrade is forwarded. Fields that
   * frame or route the message stay, whoever names them.
   */
  public void removeHopByHop(MessageHead head, boolean keepUpgrade) {
    boolean connection = head.find(KnownHeader.CONNECTION) >= 0;
    for (int i = 0; i < head.size(); i++) {
      int id = head.id(i);
      if (id < 0) {
        if (connection && head.nominated(i)) {
          removeAt(i);
        }
        continue;
      }
      switch (KnownHeader.at(id)) {
        case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TE -> removeAt(i);
        case UPGRADE -> {
          if (!keepUpgrade) {
            removeAt(i);
          }
        }
        default -> {
          // A client must not make this proxy drop what the next hop relies on.
        }
      }
    }
  }

  /** Leaves out all fields of this lower-case name, those that were added, too. */
  public void drop(MessageHead head, byte[] lowerName) {
    remove(head, lowerName);
    int at = 0;
    while (at < addedLength) {
      int end = lineEnd(at);
      if (addedIs(at, lowerName)) {
        System.arraycopy(added, end, added, at, addedLength - end);
        addedLength -= end - at;
        mark -= at < mark ? end - at : 0;
      } else {
        at = end;
      }
    }
  }

  /** The value of a field of this lower-case name as it is now, lines joined by commas, or null. */
  public @Nullable String value(MessageHead head, byte[] lowerName) {
    String value = null;
    for (int i = head.find(lowerName, 0); i >= 0; i = head.find(lowerName, i + 1)) {
      if (!isRemoved(i)) {
        value = joined(value, head.value(i));
      }
    }
    for (int at = 0; at < addedLength; at = lineEnd(at)) {
      if (addedIs(at, lowerName)) {
        int from = at + lowerName.length + 2;
        int to = lineEnd(at) - 2;
        value = joined(value, new String(added, from, to - from, StandardCharsets.ISO_8859_1));
      }
    }
    return value;
  }

  /** Whether there is a field of this lower-case name now. */
  public boolean has(MessageHead head, byte[] lowerName) {
    for (int i = head.find(lowerName, 0); i >= 0; i = head.find(lowerName, i + 1)) {
      if (!isRemoved(i)) {
        return true;
      }
    }
    for (int at = 0; at < addedLength; at = lineEnd(at)) {
      if (addedIs(at, lowerName)) {
        return true;
      }
    }
    return false;
  }

  /** Lines that are added from now on may be of names that are looked for later. */
  public void mark() {
    mark = addedLength;
  }

  /** Whether the head has a field of this name, or one was added since the mark. */
  public boolean hasByNow(MessageHead head, KnownHeader header) {
    for (int i = head.find(header); i >= 0 && i < head.size(); i++) {
      if (head.is(i, header) && !isRemoved(i)) {
        return true;
      }
    }
    for (int at = mark; at < addedLength; at = lineEnd(at)) {
      if (addedIs(at, header.lower())) {
        return true;
      }
    }
    return false;
  }

  private static String joined(@Nullable String before, String value) {
    return before == null ? value : before + "," + value;
  }

  private boolean isRemoved(int index) {
    return (removed[index >> 6] & 1L << index) != 0;
  }

  /** Whether an added line, of {@code name: value}, has this name. */
  private boolean addedIs(int at, byte[] lowerName) {
    int colon = at + lowerName.length;
    return colon < addedLength
        && added[colon] == ':'
        && Ascii.equalsIgnoreCase(lowerName, added, at, colon);
  }

  /** Where the line after an added one begins. */
  private int lineEnd(int at) {
    return MessageHead.indexOf(added, (byte) '\n', at, addedLength) + 1;
  }

  /** Replaces path and query of a request. */
  public void path(String newPath) {
    path = newPath;
  }

  /** Replaces the Host field of a request. */
  public void authority(String newAuthorityText) {
    authority = newAuthorityText;
    newAuthority = true;
  }

  /** Appends a field. Name and value must be clean: no control characters. */
  public void add(String name, String value) {
    ensure(name.length() + value.length() + 4);
    text(name);
    added[addedLength++] = ':';
    added[addedLength++] = ' ';
    text(value);
    newline();
  }

  /** Appends a field whose line is ready: {@code name: value}, without CRLF. */
  public void addLine(byte[] line) {
    ensure(line.length + 2);
    System.arraycopy(line, 0, added, addedLength, line.length);
    addedLength += line.length;
    newline();
  }

  /** Appends a field in two parts, {@code prefix} being {@code name: }. */
  public void addLine(byte[] prefix, byte[] value) {
    ensure(prefix.length + value.length + 2);
    System.arraycopy(prefix, 0, added, addedLength, prefix.length);
    addedLength += prefix.length;
    System.arraycopy(value, 0, added, addedLength, value.length);
    addedLength += value.length;
    newline();
  }

  /** Appends a field with a number, {@code prefix} being {@code name: }. */
  public void addNumber(byte[] prefix, long value) {
    ensure(prefix.length + 22);
    System.arraycopy(prefix, 0, added, addedLength, prefix.length);
    addedLength = Decimal.write(added, addedLength + prefix.length, value);
    newline();
  }

  private void newline() {
    added[addedLength++] = '\r';
    added[addedLength++] = '\n';
  }

  private void ensure(int more) {
    if (addedLength + more > added.length) {
      added = Arrays.copyOf(added, Math.max(added.length * 2, addedLength + more));
    }
  }

  @SuppressWarnings("deprecation") // copies the low bytes, which is what a header field is
  private void text(String text) {
    text.getBytes(0, text.length(), added, addedLength);
    addedLength += text.length();
  }

  /** Takes fields one after the other. */
  @FunctionalInterface
  public interface FieldSink {
    /** A field by its offsets in an array, which is valid during the call alone. */
    void field(byte[] bytes, int name, int nameEnd, int value, int valueEnd);
  }

  /** Hands over the fields of the changed head: those that stay, then those that were added. */
  public void forEach(MessageHead head, FieldSink sink) {
    for (int i = 0; i < head.size(); i++) {
      if (!isRemoved(i)) {
        sink.field(
            head.bytes(), head.nameStart(i), head.nameEnd(i), head.valueStart(i), head.valueEnd(i));
      }
    }
    int at = 0;
    while (at < addedLength) {
      int colon = MessageHead.indexOf(added, (byte) ':', at, addedLength);
      int end = MessageHead.indexOf(added, (byte) '\r', colon, addedLength);
      sink.field(added, at, colon, colon + 2, end);
      at = end + 2;
    }
  }

  /** Path and query of the changed request. */
  public String path(RequestHead head) {
    return path.isEmpty() ? head.path() : path;
  }

  /** The host that the changed request names. */
  public String authority(RequestHead head) {
    return newAuthority ? authority : head.authority();
  }

  /** An upper bound of what {@link #writeTo} writes. */
  public int bound(MessageHead head) {
    return head.end() + addedLength + path.length() + authority.length() + 64;
  }

  /** Writes the changed head of a request, in our own version (RFC 9110, 6.2). */
  public void writeTo(RequestHead head, ByteBuf out) {
    boolean sameLine = path.isEmpty() && head.originForm();
    // A leading empty line is not repeated.
    if (sameLine) {
      out.writeBytes(head.bytes(), head.methodStart(), head.startLineEnd() - head.methodStart());
      out.setByte(out.writerIndex() - 3, '1');
    } else {
      out.writeBytes(head.bytes(), head.methodStart(), head.methodEnd() - head.methodStart());
      out.writeByte(' ');
      out.writeCharSequence(path.isEmpty() ? head.path() : path, StandardCharsets.ISO_8859_1);
      out.writeBytes(HTTP_1_1_END);
    }
    int host = head.find(KnownHeader.HOST);
    if (newAuthority || head.absoluteForm()) {
      if (host >= 0) {
        removeAt(host);
      }
      out.writeBytes(HOST);
      if (newAuthority) {
        out.writeCharSequence(authority, StandardCharsets.ISO_8859_1);
      } else {
        out.writeBytes(
            head.bytes(), head.authorityStart(), head.authorityEnd() - head.authorityStart());
      }
      out.writeShort('\r' << 8 | '\n');
    }
    fields(head, out);
  }

  /** Writes the changed head of a response. */
  public void writeTo(ResponseHead head, ByteBuf out) {
    int start = out.writerIndex();
    out.writeBytes(head.bytes(), 0, head.startLineEnd());
    // A proxy answers with its own version (RFC 9110, 6.2).
    out.setByte(start + 7, '1');
    fields(head, out);
  }

  private void fields(MessageHead head, ByteBuf out) {
    byte[] bytes = head.bytes();
    int from = head.startLineEnd();
    int count = head.size();
    for (int i = 0; i < count; i++) {
      if (isRemoved(i)) {
        int start = head.nameStart(i);
        if (start > from) {
          out.writeBytes(bytes, from, start - from);
        }
        from = head.lineEnd(i);
      }
    }
    if (head.end() - 2 > from) {
      out.writeBytes(bytes, from, head.end() - 2 - from);
    }
    if (addedLength > 0) {
      out.writeBytes(added, 0, addedLength);
    }
    out.writeShort('\r' << 8 | '\n');
  }
}
