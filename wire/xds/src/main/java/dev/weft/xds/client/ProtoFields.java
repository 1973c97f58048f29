package dev.weft.xds.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Protocol Buffers message, read field by field from its bytes. It remembers what was read, so
 * that {@link #finish} can refuse a message with fields that nobody looked at: what we do not
 * implement is never ignored in silence. Confined to one thread.
 */
public final class ProtoFields {

  /** A hundred years, which every unit of time can count in 64 bits. */
  private static final long MAX_SECONDS = 3_155_760_000L;

  /** Deeper messages are refused, so that nobody exhausts the stack. */
  private static final int MAX_DEPTH = 100;

  private final byte[] data;
  private final String path;

  /** The message type that paths are known from: the resource's, or that of an {@code Any}. */
  private final String anchor;

  private final int anchorLength;

  private final int depth;
  private final WireFields wire;
  private final boolean[] read;
  // By the places of their fields, so that who asks twice gets the same; null for none.
  private @Nullable ProtoFields @Nullable [] children;

  private ProtoFields(
      byte[] data, int from, int to, String path, String anchor, int anchorLength, int depth) {
    this.data = data;
    this.path = path;
    this.anchor = anchor;
    this.anchorLength = anchorLength;
    this.depth = depth;
    if (depth > MAX_DEPTH) {
      throw new FieldException(path, "is nested too deeply");
    }
    this.wire = WireFields.parse(data, from, to, path);
    this.read = new boolean[wire.count()];
  }

  /**
   * Reads a message.
   *
   * @param path what to call it in errors; empty for a resource itself
   * @throws FieldException where the bytes are no message
   */
  public static ProtoFields of(byte[] data, String path) {
    return new ProtoFields(data, 0, data.length, path, "", 0, 0);
  }

  /**
   * Reads a resource.
   *
   * @param type the full name of the message, so that errors can name fields
   */
  public static ProtoFields resource(byte[] data, String type) {
    return new ProtoFields(data, 0, data.length, "", type, 0, 0);
  }

  private ProtoFields empty(String emptyPath) {
    return new ProtoFields(new byte[0], 0, 0, emptyPath, anchor, anchorLength, depth);
  }

  /** The path of this message within its resource. */
  public String path() {
    return path;
  }

  /** The path of a field of this message. */
  public String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** The refusal of a field of this message. */
  public FieldException reject(String name, String reason) {
    return new FieldException(at(name), reason);
  }

  /** Whether the field is there; it stays unread. */
  public boolean has(int field) {
    return find(field) >= 0;
  }

  /** A string, empty where it is not there. */
  public String text(int field) {
    int at = last(field);
    return at < 0 ? "" : string(at);
  }

  /** All values of a repeated string. */
  public List<String> texts(int field) {
    List<String> out = new ArrayList<>();
    for (int i = 0; i < wire.count(); i++) {
      if (wire.number(i) == field) {
        read[i] = true;
        out.add(string(i));
      }
    }
    return out;
  }

  /** Bytes, empty where the field is not there. */
  public byte[] bytes(int field) {
    int at = last(field);
    if (at >= 0 && !wire.isLength(at)) {
      throw new FieldException(at("#" + field), "is not a string of bytes");
    }
    return at < 0
        ? new byte[0]
        : Arrays.copyOfRange(data, wire.offset(at), wire.offset(at) + wire.length(at));
  }

  public boolean bool(int field) {
    return number(field) != 0;
  }

  /** An integer or enum, 0 where it is not there. */
  public long number(int field) {
    int at = last(field);
    if (at >= 0 && wire.isLength(at)) {
      throw new FieldException(at("#" + field), "is not a number");
    }
    return at < 0 ? 0 : wire.value(at);
  }

  /** A 32-bit integer or enum, 0 where it is not there. */
  public int integer(int field) {
    return (int) number(field);
  }

  /** All values of a repeated integer, packed or not. */
  public List<Integer> integers(int field) {
    List<Integer> out = new ArrayList<>();
    for (int i = 0; i < wire.count(); i++) {
      if (wire.number(i) == field) {
        read[i] = true;
        if (wire.isLength(i)) {
          out.addAll(wire.packed(i));
        } else {
          out.add(wire.offset(i));
        }
      }
    }
    return out;
  }

  /** A double, 0 where it is not there. */
  public double real(int field) {
    return Double.longBitsToDouble(number(field));
  }

  /** A message, or null where it is not there. */
  public @Nullable ProtoFields message(int field, String name) {
    int at = last(field);
    return at < 0 ? null : child(at, at(name));
  }

  /** A message that must be there. */
  public ProtoFields required(int field, String name) {
    ProtoFields message = message(field, name);
    if (message == null) {
      throw reject(name, "is missing");
    }
    return message;
  }

  /** All messages of a repeated field. */
  public List<ProtoFields> messages(int field, String name) {
    List<ProtoFields> out = new ArrayList<>();
    for (int i = 0; i < wire.count(); i++) {
      if (wire.number(i) == field) {
        read[i] = true;
        out.add(child(i, at(name) + "[" + out.size() + "]"));
      }
    }
    return out;
  }

  /** A map from strings to messages, in the order of the wire. */
  public Map<String, ProtoFields> map(int field, String name) {
    Map<String, ProtoFields> out = new LinkedHashMap<>();
    for (ProtoFields entry : messages(field, name)) {
      String key = entry.text(1);
      int at = entry.last(2);
      String valuePath = at(name) + "[" + key + "]";
      ProtoFields value = at < 0 ? empty(valuePath) : entry.child(at, valuePath);
      out.put(key, value);
    }
    return out;
  }

  /** A wrapped value ({@code BoolValue}, {@code UInt32Value} …), or null where it is not there. */
  public @Nullable Long wrapped(int field) {
    ProtoFields wrapper = message(field, "value");
    return wrapper == null ? null : (Long) wrapper.number(1);
  }

  /** A wrapped unsigned integer, or a default. */
  public long wrapped(int field, long otherwise) {
    Long value = wrapped(field);
    return value == null ? otherwise : value;
  }

  /** A {@code BoolValue}, or a default. */
  public boolean wrappedBool(int field, boolean otherwise) {
    Long value = wrapped(field);
    return value == null ? otherwise : value != 0;
  }

  /**
   * A {@code Duration}, or null where it is not there.
   *
   * @throws FieldException for a negative one, or one of more than 100 years
   */
  public @Nullable Duration duration(int field) {
    ProtoFields duration = message(field, "#" + field);
    if (duration == null) {
      return null;
    }
    long seconds = duration.number(1);
    int nanos = duration.integer(2);
    if (seconds < 0 || seconds > MAX_SECONDS || nanos < 0 || nanos > 999_999_999) {
      throw new FieldException(duration.path(), "is not a duration between 0s and 100 years");
    }
    return Duration.ofSeconds(seconds, nanos);
  }

  /** A {@code Duration}, or a default. */
  public Duration duration(int field, Duration otherwise) {
    Duration value = duration(field);
    return value == null ? otherwise : value;
  }

  /**
   * The content of an {@code Any}, or of the {@code TypedStruct} in it.
   *
   * @return null where the field is not there
   */
  public @Nullable TypedConfig any(int field, String name) {
    int at = last(field);
    if (at < 0) {
      return null;
    }
    ProtoFields any = child(at, at(name));
    String url = any.text(1);
    int value = any.last(2);
    ProtoFields config =
        value < 0
            ? empty(at(name))
            : any.child(value, at(name), url.substring(url.lastIndexOf('/') + 1));
    return TypedConfig.of(url, config);
  }

  /** Takes what changes nothing for us, whatever is in it. */
  public void ignore(Ignored what) {
    switch (what) {
      case Ignored.Fields some -> some.fields().forEach(field -> last(field.number()));
      case Ignored.Whole whole -> abandon();
    }
  }

  /** Leaves a message that was refused already: {@link #finish} finds no second fault in it. */
  public void abandon() {
    Arrays.fill(read, true);
    children = null;
  }

  /**
   * Refuses what was not read, here and in all messages that were handed out.
   *
   * @throws FieldException naming the first unread field
   */
  public void finish() {
    for (int i = 0; i < wire.count(); i++) {
      if (!read[i]) {
        String name = ProtoSchema.fieldName(anchor, path.substring(anchorLength), wire.number(i));
        throw new FieldException(at(name), "is not supported by this proxy");
      }
    }
    if (children != null) {
      for (ProtoFields child : children) {
        if (child != null) {
          child.finish();
        }
      }
    }
  }

  /** Reads every message of a repeated field. */
  public <T> List<T> each(int field, String name, Function<ProtoFields, T> reader) {
    return messages(field, name).stream().map(reader).toList();
  }

  private ProtoFields child(int at, String childPath) {
    return child(at, childPath, null);
  }

  private ProtoFields child(int at, String childPath, @Nullable String newAnchor) {
    @Nullable ProtoFields[] known = children;
    if (known == null) {
      known = new ProtoFields[wire.count()];
      children = known;
    }
    ProtoFields child = known[at];
    if (child == null) {
      child = nested(at, childPath, newAnchor);
      known[at] = child;
    }
    return child;
  }

  private ProtoFields nested(int at, String childPath, @Nullable String newAnchor) {
    if (!wire.isLength(at)) {
      throw new FieldException(childPath, "is not a message");
    }
    int from = wire.offset(at);
    return newAnchor == null
        ? new ProtoFields(
            data, from, from + wire.length(at), childPath, anchor, anchorLength, depth + 1)
        : new ProtoFields(
            data,
            from,
            from + wire.length(at),
            childPath,
            newAnchor,
            childPath.length(),
            depth + 1);
  }

  private String string(int at) {
    if (!wire.isLength(at)) {
      throw new FieldException(at("#" + wire.number(at)), "is not a string");
    }
    return new String(data, wire.offset(at), wire.length(at), StandardCharsets.UTF_8);
  }

  private int find(int field) {
    for (int i = wire.count() - 1; i >= 0; i--) {
      if (wire.number(i) == field) {
        return i;
      }
    }
    return -1;
  }

  /** The last occurrence wins, as everywhere in Protocol Buffers. */
  private int last(int field) {
    int found = -1;
    for (int i = 0; i < wire.count(); i++) {
      if (wire.number(i) == field) {
        read[i] = true;
        found = i;
      }
    }
    return found;
  }
}
