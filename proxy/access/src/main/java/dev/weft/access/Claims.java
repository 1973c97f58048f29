package dev.weft.access;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What verified tokens say of the sender of a request.
 *
 * @param fields by the key that the configuration gives to the payload of tokens; values are maps,
 *     lists, strings, doubles, booleans and nulls
 */
public record Claims(Map<String, @Nullable Object> fields) {
  public static final Claims NONE = new Claims(Map.of());

  public Claims {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** The value at the end of a path of keys; null where there is none. */
  public @Nullable Object at(List<String> path) {
    Object value = fields;
    for (String key : path) {
      if (!(value instanceof Map<?, ?> map)) {
        return null;
      }
      value = map.get(key);
    }
    return value;
  }
}
