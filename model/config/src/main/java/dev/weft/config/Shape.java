package dev.weft.config;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What may be written in a field: parsers say it by the way in which they read. */
public sealed interface Shape {
  /** Any text. */
  Shape TEXT = new Text(List.of());

  /** Texts by names that people choose. */
  Shape LABELS = new MapOf(TEXT);

  Shape TEXTS = new ListOf(TEXT);

  /** What is one value. */
  enum Simple implements Shape {
    FLAG,
    WHOLE,
    PORT,
    NUMBER,
    WHOLE_OR_TEXT,
    /** Whatever somebody else takes there. */
    OPEN
  }

  /**
   * @param values empty for any text
   */
  record Text(List<String> values) implements Shape {
    public Text {
      values = List.copyOf(values);
    }
  }

  record ListOf(Shape element) implements Shape {}

  /** Entries whose names people choose. */
  record MapOf(Shape value) implements Shape {}

  /**
   * @param required without them an API server takes no object
   */
  record Fields(Map<String, Shape> fields, Set<String> required) implements Shape {
    public Fields {
      fields = Copies.map(fields);
      required = Copies.set(required);
    }

    /** Fields of which none is required. */
    static Fields of(Field... list) {
      Map<String, Shape> fields = new LinkedHashMap<>();
      for (Field field : list) {
        fields.put(field.name(), field.shape());
      }
      return new Fields(fields, Set.of());
    }
  }

  /** A field by its name. */
  record Field(String name, Shape shape) {}

  static Field field(String name, Shape shape) {
    return new Field(name, shape);
  }

  /**
   * What a field is that is read in two ways: the narrower one.
   *
   * @throws IllegalStateException where they contradict each other
   */
  default Shape and(Shape other) {
    if (equals(other) || other == Simple.OPEN) {
      return this;
    }
    if (this == Simple.OPEN || equals(TEXT) && other instanceof Text) {
      return other;
    }
    if (other.equals(TEXT) && this instanceof Text) {
      return this;
    }
    if (this instanceof Fields some && other instanceof Fields more) {
      Map<String, Shape> all = new LinkedHashMap<>(some.fields());
      more.fields().forEach((name, shape) -> all.merge(name, shape, Shape::and));
      Set<String> required = new LinkedHashSet<>(some.required());
      required.addAll(more.required());
      return new Fields(all, required);
    }
    throw new IllegalStateException("a field is read as " + this + " and as " + other);
  }
}
