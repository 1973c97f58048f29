package dev.weft.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Names of fields in the JSON of protobuf, which may be written as they are declared, {@code
 * stat_prefix}, or as {@code statPrefix}.
 */
final class ProtoNames {
  private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

  /** A field whose own field names people choose. */
  private static final String BY_NAME = "typed_per_filter_config";

  private ProtoNames() {}

  /** The same tree with the names that are declared; what is null is not there. */
  static Map<String, Object> asDeclared(Map<?, ?> tree) {
    return names(tree, true);
  }

  private static Map<String, Object> names(Map<?, ?> tree, boolean declared) {
    Map<String, Object> out = new LinkedHashMap<>();
    tree.forEach(
        (key, value) -> {
          String name = declared ? declared(String.valueOf(key)) : String.valueOf(key);
          if (value != null) {
            out.put(name, value(value, !name.equals(BY_NAME)));
          }
        });
    return out;
  }

  private static Object value(Object value, boolean declared) {
    return switch (value) {
      case Map<?, ?> map -> names(map, declared);
      case List<?> list ->
          list.stream().map(each -> each == null ? "" : value(each, true)).toList();
      default -> value;
    };
  }

  private static String declared(String name) {
    return CAPITAL
        .matcher(name)
        .replaceAll(capital -> "_" + capital.group().toLowerCase(Locale.ROOT));
  }
}
