package dev.weft.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A format string of Envoy's access logs, taken apart. */
public sealed interface LogFormat {
  /**
   * One text; a missing value is {@code -}, or nothing where {@code omitEmpty} is set. The text
   * brings its own line end.
   */
  record Text(List<Segment> segments, boolean omitEmpty) implements LogFormat {
    public Text {
      segments = List.copyOf(segments);
    }
  }

  /**
   * A JSON object, one line. A field of exactly one operator keeps its type (numbers unquoted,
   * missing: null, or left out where {@code omitEmpty} is set); others are strings.
   */
  record Json(List<Field> fields, boolean omitEmpty) implements LogFormat {
    public Json {
      fields = List.copyOf(fields);
    }
  }

  /** A key and its value. */
  record Field(String key, List<Segment> value) {
    public Field {
      value = List.copyOf(value);
    }
  }

  /** A part of a format. */
  sealed interface Segment {}

  /** Written as it is. */
  record Literal(String text) implements Segment {}

  /**
   * {@code %NAME(argument?alternative):maxLength%}.
   *
   * @param argument empty where there is none; header names in lower case
   * @param alternative the header to use where the first is missing ({@code REQ(X?Y)}); may be null
   * @param maxLength 0: unlimited
   */
  record Operator(String name, String argument, @Nullable String alternative, int maxLength)
      implements Segment {}
}
