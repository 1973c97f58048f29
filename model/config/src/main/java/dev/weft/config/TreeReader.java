package dev.weft.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one level of a neutral tree (maps, lists, strings, numbers, booleans) and notes what is
 * wrong with it. A field that nobody asked for is reported by {@link #done}; what was asked for is
 * what there is, so a parser asks for all its fields whatever is written. Confined to one reading.
 */
final class TreeReader {
  private static final int MAX_PORT = 65535;

  private final Map<?, ?> tree;
  private final String object;
  private final String path;
  private final List<Diagnostic> diagnostics;
  private final boolean recording;
  private final Map<String, Shape> asked = new LinkedHashMap<>();
  private final Set<String> required = new LinkedHashSet<>();
  private boolean strict;

  TreeReader(Map<?, ?> tree, String object, String path, List<Diagnostic> diagnostics) {
    this(tree, object, path, diagnostics, false);
  }

  private TreeReader(
      Map<?, ?> tree, String object, String path, List<Diagnostic> diagnostics, boolean recording) {
    this.tree = tree;
    this.object = object;
    this.path = path;
    this.diagnostics = diagnostics;
    this.recording = recording;
  }

  /** The fields that a parser reads: it is led through all of them, each with nothing in it. */
  static Shape.Fields fieldsOf(Consumer<TreeReader> read) {
    TreeReader recorder = new TreeReader(Map.of(), "", "", new ArrayList<>(), true);
    read.accept(recorder);
    return recorder.fields();
  }

  private Shape.Fields fields() {
    return new Shape.Fields(asked, required);
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  boolean has(String key) {
    return raw(key, Shape.Simple.OPEN) != null;
  }

  private @Nullable Object raw(String key, Shape shape) {
    asked.merge(key, shape, Shape::and);
    return tree.get(key);
  }

  /** Without these fields no API server takes the object; reading reports what it misses. */
  void required(String... keys) {
    required.addAll(List.of(keys));
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
      Object unused = any(key);
    }
  }

  /** The names of the fields that are written. */
  List<String> keys() {
    return tree.keySet().stream().map(String::valueOf).toList();
  }

  /** Whatever else is there is somebody else's business. */
  void others() {
    tree.keySet().forEach(key -> ignored(String.valueOf(key)));
  }

  void unsupported(String key, String consequence) {
    unsupported(key, Shape.Simple.OPEN, consequence);
  }

  /** A field that would change behaviour, if it were supported. */
  void unsupported(String key, Shape shape, String consequence) {
    if (raw(key, shape) != null) {
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

  /** A field that no object may have. */
  void refused(String key, Shape shape, String wayOut) {
    if (raw(key, shape) != null) {
      error(key, wayOut);
    }
  }

  /** Reports the fields that nobody asked for. */
  void done() {
    for (Object key : tree.keySet()) {
      String name = String.valueOf(key);
      if (!asked.containsKey(name)) {
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
    return string(key, otherwise, Shape.TEXT);
  }

  private String string(String key, String otherwise, Shape shape) {
    return switch (raw(key, shape)) {
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

  /** One of these words; empty where none is written. */
  String choice(String key, String... words) {
    String written = string(key, "", new Shape.Text(List.of(words)));
    if (!written.isEmpty() && !List.of(words).contains(written)) {
      error(key, "'" + written + "' is none of " + String.join(", ", words));
      return "";
    }
    return written;
  }

  boolean bool(String key, boolean otherwise) {
    Boolean value = optionalBool(key);
    return value == null ? otherwise : value;
  }

  @Nullable Boolean optionalBool(String key) {
    Object value = raw(key, Shape.Simple.FLAG);
    if (value == null || value instanceof Boolean) {
      return (Boolean) value;
    }
    if (value instanceof String s && (s.equals("true") || s.equals("false"))) {
      return Boolean.valueOf(s);
    }
    error(key, "true or false is needed, not " + value);
    return null;
  }

  int integer(String key, int otherwise, int min, int max) {
    Integer value = optionalInteger(key, min, max);
    return value == null ? otherwise : value;
  }

  @Nullable Integer optionalInteger(String key, int min, int max) {
    Object value = raw(key, max == MAX_PORT ? Shape.Simple.PORT : Shape.Simple.WHOLE);
    if (value == null) {
      return null;
    }
    Double number = number(value);
    if (number == null || number != Math.rint(number) || number < min || number > max) {
      error(key, "a whole number from " + min + " to " + max + " is needed, not " + value);
      return null;
    }
    return number.intValue();
  }

  @Nullable Double optionalNumber(String key, double min, double max) {
    Object value = raw(key, Shape.Simple.NUMBER);
    if (value == null) {
      return null;
    }
    Double number = number(value);
    // NaN is in no range.
    if (number == null || !(number >= min && number <= max)) {
      error(key, "a number from " + min + " to " + max + " is needed, not " + value);
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
    Object value = raw(key, Shape.TEXT);
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

  /**
   * The constant of that name; {@code -} and {@code _} are the same.
   *
   * @param unset words that stand for none
   */
  <E extends Enum<E>> @Nullable E constant(String key, Class<E> type, String... unset) {
    List<String> words = new ArrayList<>(List.of(unset));
    words.addAll(names(type));
    String written = string(key, "", new Shape.Text(words));
    return List.of(unset).contains(written) ? null : constant(key, type, written);
  }

  /** The same, where people may write it in small letters. */
  <E extends Enum<E>> @Nullable E constantInAnyCase(String key, Class<E> type) {
    return constant(key, type, string(key));
  }

  private static <E extends Enum<E>> List<String> names(Class<E> type) {
    return Stream.of(type.getEnumConstants()).map(Enum::name).toList();
  }

  private <E extends Enum<E>> @Nullable E constant(String key, Class<E> type, String written) {
    if (written.isEmpty()) {
      return null;
    }
    String wanted = written.toUpperCase(Locale.ROOT).replace('-', '_');
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(wanted)) {
        return constant;
      }
    }
    error(key, "'" + written + "' is none of " + String.join(", ", names(type)));
    return null;
  }

  List<String> strings(String key) {
    List<String> list = new ArrayList<>();
    for (Object element : elements(key, Shape.TEXTS)) {
      if (element instanceof Map || element instanceof List) {
        error(key, "a list of strings is needed");
      } else {
        list.add(String.valueOf(element));
      }
    }
    return list;
  }

  Map<String, String> stringMap(String key) {
    return stringMap(key, Shape.LABELS);
  }

  /** Whole numbers by names that people choose. */
  Map<String, Integer> integerMap(String key) {
    Map<String, Integer> map = new LinkedHashMap<>();
    stringMap(key, new Shape.MapOf(Shape.Simple.WHOLE))
        .forEach(
            (name, text) -> {
              Double number = number(text);
              if (number == null || number != Math.rint(number)) {
                error(key, "'" + text + "' is not a whole number");
              } else {
                map.put(name, number.intValue());
              }
            });
    return map;
  }

  private Map<String, String> stringMap(String key, Shape shape) {
    Map<String, String> map = new LinkedHashMap<>();
    Object value = raw(key, shape);
    if (value instanceof Map<?, ?> m) {
      m.forEach((k, v) -> map.put(String.valueOf(k), v == null ? "" : String.valueOf(v)));
    } else if (value != null) {
      error(key, "a map of strings is needed");
    }
    return map;
  }

  private List<?> elements(String key, Shape shape) {
    Object value = raw(key, shape);
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
    if (recording) {
      return record(key, read, shape -> shape);
    }
    Object value = raw(key, Shape.Simple.OPEN);
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

  /**
   * A field with messages of somebody else's in it, of which a definition says nothing; null where
   * it is not there. Fields have the names of protobuf, in whichever of its two spellings they are
   * written.
   */
  <T> @Nullable T open(String key, Function<TreeReader, @Nullable T> read) {
    Object value = raw(key, Shape.Simple.OPEN);
    if (value == null) {
      return null;
    }
    if (!(value instanceof Map<?, ?> map)) {
      error(key, "an object with fields is needed");
      return null;
    }
    TreeReader reader = inner(ProtoNames.asDeclared(map), key);
    T result = read.apply(reader);
    reader.done();
    return result;
  }

  /** What an empty object gives, whose fields are noted. */
  private <T> @Nullable T record(
      String key, Function<TreeReader, @Nullable T> read, Function<Shape, Shape> as) {
    TreeReader reader = new TreeReader(Map.of(), object, at(key), diagnostics, true);
    T result = read.apply(reader);
    asked.merge(key, as.apply(reader.fields()), Shape::and);
    return result;
  }

  <T> List<T> objects(String key, Function<TreeReader, @Nullable T> read) {
    List<T> list = new ArrayList<>();
    if (recording) {
      T one = record(key, read, Shape.ListOf::new);
      return one == null ? list : List.of(one);
    }
    int index = 0;
    for (Object element : elements(key, Shape.Simple.OPEN)) {
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
    if (recording) {
      Object unused =
          record(
              key,
              reader -> {
                read.accept("name", reader);
                return null;
              },
              Shape.MapOf::new);
    }
    Object value = raw(key, Shape.Simple.OPEN);
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
    return any(key, Shape.Simple.OPEN);
  }

  @Nullable Object any(String key, Shape shape) {
    return raw(key, shape);
  }
}
