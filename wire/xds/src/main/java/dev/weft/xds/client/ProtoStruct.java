package dev.weft.xds.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code google.protobuf.Struct} as maps, lists, strings, doubles, booleans and nulls. */
public final class ProtoStruct {
  private ProtoStruct() {}

  /** Reads a struct; the order of keys is the wire's. */
  public static Map<String, @Nullable Object> read(ProtoFields struct) {
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    struct.map(1, "fields").forEach((key, value) -> out.put(key, value(value)));
    return out;
  }

  /** The strings of a struct; other values are left out. */
  public static Map<String, String> texts(ProtoFields struct) {
    Map<String, String> out = new LinkedHashMap<>();
    read(struct)
        .forEach(
            (key, value) -> {
              if (value instanceof String text) {
                out.put(key, text);
              }
            });
    return out;
  }

  private static @Nullable Object value(ProtoFields value) {
    if (value.has(2)) {
      return value.real(2);
    }
    if (value.has(3)) {
      return value.text(3);
    }
    if (value.has(4)) {
      return value.bool(4);
    }
    if (value.has(5)) {
      return read(value.required(5, "struct_value"));
    }
    if (value.has(6)) {
      List<@Nullable Object> list = new ArrayList<>();
      for (ProtoFields item : value.required(6, "list_value").messages(1, "values")) {
        list.add(value(item));
      }
      return list;
    }
    // The one value of the enum NullValue.
    value.number(1);
    return null;
  }

  /**
   * Writes a struct.
   *
   * @throws IllegalArgumentException where a value is of none of the kinds above
   */
  public static void write(ProtoWriter out, Map<String, ?> struct) {
    struct.forEach(
        (key, value) ->
            out.message(
                1, entry -> entry.text(1, key).message(2, written -> writeValue(written, value))));
  }

  private static void writeValue(ProtoWriter out, @Nullable Object value) {
    switch (value) {
      case null -> out.present(1);
      case String text -> out.present(3, text);
      case Boolean bool -> out.present(4, bool);
      case Number number -> out.real(2, number.doubleValue());
      case Map<?, ?> map -> out.message(5, inner -> write(inner, stringKeys(map)));
      case List<?> list ->
          out.message(6, inner -> list.forEach(item -> inner.message(1, v -> writeValue(v, item))));
      default ->
          throw new IllegalArgumentException(
              "a struct cannot hold a " + value.getClass().getName());
    }
  }

  private static Map<String, ?> stringKeys(Map<?, ?> map) {
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    map.forEach((key, value) -> out.put(String.valueOf(key), value));
    return out;
  }
}
