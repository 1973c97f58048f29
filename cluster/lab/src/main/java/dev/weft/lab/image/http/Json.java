package dev.weft.lab.image.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** JSON as Flask writes it: sorted names, two spaces, a line break at the end. */
public sealed interface Json {
  /** With sorted names. */
  record Obj(Map<String, Json> members) implements Json {
    public Obj {
      members = new TreeMap<>(members);
    }
  }

  /** A list. */
  record Arr(List<Json> elements) implements Json {}

  /** A string. */
  record Text(String value) implements Json {}

  /** A number, true, false or null, as it is written. */
  record Literal(String text) implements Json {}

  Json NULL = new Literal("null");

  static Json of(String value) {
    return new Text(value);
  }

  static Json of(long value) {
    return new Literal(Long.toString(value));
  }

  static Json of(boolean value) {
    return new Literal(Boolean.toString(value));
  }

  /** Over several lines, with a line break at the end. */
  default String pretty() {
    StringBuilder out = new StringBuilder();
    JsonWriter.write(this, out, "\n");
    return out.append('\n').toString();
  }

  /** On one line. */
  default String compact() {
    StringBuilder out = new StringBuilder();
    JsonWriter.write(this, out, "");
    return out.toString();
  }

  /** Empty where the text is no JSON. */
  static Optional<Json> parse(String text) {
    try {
      JsonReader reader = new JsonReader(text);
      Json value = reader.value(0);
      return reader.atEnd() ? Optional.of(value) : Optional.empty();
    } catch (JsonReader.Malformed e) {
      return Optional.empty();
    }
  }

  /** Writes values. */
  final class JsonWriter {
    private JsonWriter() {}

    private static void write(Json value, StringBuilder out, String indent) {
      switch (value) {
        case Literal literal -> out.append(literal.text());
        case Text text -> string(text.value(), out);
        case Arr list -> {
          List<Runnable> parts = new ArrayList<>();
          String inner = deeper(indent);
          for (Json element : list.elements()) {
            parts.add(() -> write(element, out, inner));
          }
          group(out, '[', parts, ']', indent);
        }
        case Obj object -> {
          List<Runnable> parts = new ArrayList<>();
          String inner = deeper(indent);
          object
              .members()
              .forEach(
                  (name, member) ->
                      parts.add(
                          () -> {
                            string(name, out);
                            out.append(": ");
                            write(member, out, inner);
                          }));
          group(out, '{', parts, '}', indent);
        }
      }
    }

    private static String deeper(String indent) {
      return indent.isEmpty() ? "" : indent + "  ";
    }

    private static void group(
        StringBuilder out, char open, List<Runnable> parts, char close, String indent) {
      out.append(open);
      String separator = "";
      for (Runnable part : parts) {
        out.append(separator).append(deeper(indent));
        part.run();
        separator = indent.isEmpty() ? ", " : ",";
      }
      out.append(parts.isEmpty() ? "" : indent).append(close);
    }

    private static void string(String text, StringBuilder out) {
      out.append('"');
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        switch (c) {
          case '"' -> out.append("\\\"");
          case '\\' -> out.append("\\\\");
          case '\n' -> out.append("\\n");
          case '\r' -> out.append("\\r");
          case '\t' -> out.append("\\t");
          default -> {
            if (c < 0x20 || c > 0x7e) {
              out.append(String.format("\\u%04x", (int) c));
            } else {
              out.append(c);
            }
          }
        }
      }
      out.append('"');
    }
  }
}
