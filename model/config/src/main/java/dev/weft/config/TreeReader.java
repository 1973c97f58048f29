package dev.weft.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one level of a neutral tree (maps, lists, strings, numbers, booleans) and notes what is
 * wrong with it. A field that nobody asked for is reported by {@link #done}. Confined to one
 * reading.
 */
final class TreeReader {
  /** Istio's limit. */
  private static final int LONGEST_REGEX = 1024;

  private final Map<?, ?> tree;
  private final String object;
  private final String path;
  private final List<Diagnostic> diagnostics;
  private final Set<String> asked = new HashSet<>();
  private boolean strict;

  TreeReader(Map<?, ?> tree, String object, String path, List<Diagnostic> diagnostics) {
    this.tree = tree;
    this.object = object;
    this.path = path;
    this.diagnostics = diagnostics;
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  boolean has(String key) {
    return raw(key) != null;
  }

  private @Nullable Object raw(String key) {
    asked.add(key);
    return tree.get(key);
  }

  void error(String key, String message) {
    diagnostics.add(Diagnostic.error("invalid-field", object, at(key), message));
  }

  void warning(String code, String key, String message) {
    diagnostics.add(Diagnostic.warning(code, object, at(key), message));
  }

  /** Something that people may want to know, and that is no mistake. */
  void note(String code, String key, String message) {
    diagnostics.add(Diagnostic.note(code, object, at(key), message));
  }

  /** Fields that change nothing here. */
  void ignored(String... keys) {
    for (String key : keys) {
      asked.add(key);
    }
  }

  /** Whatever else is there is somebody else's business. */
  void others() {
    tree.keySet().forEach(key -> asked.add(String.valueOf(key)));
  }

  /** A field that would change behaviour, if it were supported. */
  void unsupported(String key, String consequence) {
    if (has(key)) {
      diagnostics.add(
          Diagnostic.warning(
              "unsupported-field", object, at(key), "this field is not supported: " + consequence));
    }
  }

  /** From here on inwards, a field that nobody asks for is an error. */
  TreeReader strict() {
    strict = true;
    return this;
  }

  private TreeReader inner(Map<?, ?> map, String key) {
    TreeReader reader = new TreeReader(map, object, at(key), diagnostics);
    reader.strict = strict;
    return reader;
  }

  /** Reports the fields that nobody asked for. */
  void done() {
    for (Object key : tree.keySet()) {
      String name = String.valueOf(key);
      if (!asked.contains(name)) {
        String message =
            "no such field, so it has no effect; check the spelling and where it stands";
        diagnostics.add(
            strict
                ? Diagnostic.error("unknown-field", object, at(name), message)
                : Diagnostic.warning("unknown-field", object, at(name), message));
      }
    }
  }

  String string(String key) {
    return string(key, "");
  }

  String string(String key, String otherwise) {
    Object value = raw(key);
    return switch (value) {
      case null -> otherwise;
      case String s -> s;
      case Number n -> n.toString();
      case Boolean b -> b.toString();
      default -> {
        error(key, "a string is needed");
        yield otherwise;
      }
    };
  }

  boolean bool(String key, boolean otherwise) {
    Boolean value = optionalBool(key);
    return value == null ? otherwise : value;
  }

  @Nullable Boolean optionalBool(String key) {
    Object value = raw(key);
    if (value == null || value instanceof Boolean) {
      return (Boolean) value;
    }
    if (value instanceof String s && (s.equals("true") || s.equals("false"))) {
      return Boolean.valueOf(s);
    }
    error(key, "true or false is needed, not " + value);
    return null;
  }

  int integer(String key, int otherwise, int least, int most) {
    Integer value = optionalInteger(key, least, most);
    return value == null ? otherwise : value;
  }

  @Nullable Integer optionalInteger(String key, int least, int most) {
    Object value = raw(key);
    if (value == null) {
      return null;
    }
    Double number = number(value);
    if (number == null || number != Math.rint(number) || number < least || number > most) {
      error(key, "a whole number from " + least + " to " + most + " is needed, not " + value);
      return null;
    }
    return number.intValue();
  }

  @Nullable Double optionalNumber(String key, double least, double most) {
    Object value = raw(key);
    if (value == null) {
      return null;
    }
    Double number = number(value);
    if (number == null || number < least || number > most) {
      error(key, "a number from " + least + " to " + most + " is needed, not " + value);
      return null;
    }
    return number;
  }

  private static @Nullable Double number(Object value) {
    if (value instanceof Number n) {
      return n.doubleValue();
    }
    try {
      return value instanceof String s ? Double.valueOf(s) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  @Nullable Duration duration(String key) {
    Object value = raw(key);
    if (value == null) {
      return null;
    }
    Optional<Duration> duration = Durations.parse(value.toString());
    if (duration.isEmpty()) {
      error(key, "'" + value + "' is not a duration such as 1.5s, 100ms or 1h30m");
    }
    return duration.orElse(null);
  }

  Duration duration(String key, Duration otherwise) {
    Duration value = duration(key);
    return value == null ? otherwise : value;
  }

  /** The constant of that name; {@code -} and {@code _} are the same. */
  <E extends Enum<E>> @Nullable E constant(String key, Class<E> type) {
    String name = string(key);
    if (name.isEmpty()) {
      return null;
    }
    String wanted = name.toUpperCase(Locale.ROOT).replace('-', '_');
    List<String> names = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(wanted)) {
        return constant;
      }
      names.add(constant.name());
    }
    error(key, "'" + name + "' is none of " + String.join(", ", names));
    return null;
  }

  List<String> strings(String key) {
    List<String> list = new ArrayList<>();
    for (Object element : elements(key)) {
      if (element instanceof Map || element instanceof List) {
        error(key, "a list of strings is needed");
      } else {
        list.add(String.valueOf(element));
      }
    }
    return list;
  }

  Map<String, String> stringMap(String key) {
    Map<String, String> map = new LinkedHashMap<>();
    Object value = raw(key);
    if (value instanceof Map<?, ?> m) {
      m.forEach((k, v) -> map.put(String.valueOf(k), v == null ? "" : String.valueOf(v)));
    } else if (value != null) {
      error(key, "a map of strings is needed");
    }
    return map;
  }

  private List<?> elements(String key) {
    Object value = raw(key);
    if (value instanceof List<?> list) {
      return list;
    }
    if (value != null) {
      error(key, "a list is needed");
    }
    return List.of();
  }

  /** A field of fields; null where it is not there. */
  <T> @Nullable T object(String key, Function<TreeReader, @Nullable T> read) {
    Object value = raw(key);
    if (value == null) {
      return null;
    }
    if (!(value instanceof Map<?, ?> map)) {
      error(key, "an object with fields is needed");
      return null;
    }
    TreeReader reader = inner(map, key);
    T result = read.apply(reader);
    reader.done();
    return result;
  }

  <T> List<T> objects(String key, Function<TreeReader, @Nullable T> read) {
    List<T> list = new ArrayList<>();
    int index = 0;
    for (Object element : elements(key)) {
      String name = key + "[" + index++ + "]";
      if (element instanceof Map<?, ?> map) {
        TreeReader reader = inner(map, name);
        T result = read.apply(reader);
        reader.done();
        if (result != null) {
          list.add(result);
        }
      } else {
        error(name, "an object with fields is needed");
      }
    }
    return list;
  }

  /** A field whose own field names are free, each with fields of its own. */
  void entries(String key, BiConsumer<String, TreeReader> read) {
    Object value = raw(key);
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (name, entry) -> {
            String where = key + "." + name;
            if (entry instanceof Map<?, ?> fields) {
              TreeReader reader = inner(fields, where);
              read.accept(String.valueOf(name), reader);
              reader.done();
            } else {
              error(where, "an object with fields is needed");
            }
          });
    } else if (value != null) {
      error(key, "a map is needed");
    }
  }

  /** The field as it is; null where it is not there. */
  @Nullable Object any(String key) {
    return raw(key);
  }

  /** A string match: one of {@code exact}, {@code prefix}, {@code regex}. */
  @Nullable StringMatch match(String key) {
    return object(key, TreeReader::asMatch);
  }

  Map<String, StringMatch> matches(String key) {
    return matches(key, false);
  }

  /**
   * @param star whether the expression {@code *} stands for any value
   */
  Map<String, StringMatch> matches(String key, boolean star) {
    Map<String, StringMatch> map = new LinkedHashMap<>();
    entries(
        key,
        (name, reader) -> {
          boolean any = star && reader.string("regex").equals("*");
          StringMatch match = any ? null : reader.asMatch();
          map.put(name, match == null ? new StringMatch.Present() : match);
        });
    return map;
  }

  @Nullable StringMatch asMatch() {
    if (Stream.of("exact", "prefix", "regex").filter(this::has).count() > 1) {
      error("exact", "exact, prefix and regex exclude each other: keep one");
    }
    if (has("exact")) {
      return new StringMatch.Exact(string("exact"));
    }
    if (has("prefix")) {
      return new StringMatch.Prefix(string("prefix"));
    }
    if (has("regex")) {
      String regex = string("regex");
      checkRegex("regex", regex);
      return new StringMatch.Regex(regex);
    }
    return null;
  }

  void checkRegex(String key, String regex) {
    if (regex.isEmpty() || regex.length() > LONGEST_REGEX) {
      error(key, "an expression of 1 to " + LONGEST_REGEX + " characters is needed");
      return;
    }
    try {
      Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      error(key, "not a regular expression in RE2 syntax: " + e.getMessage());
    }
  }
}
