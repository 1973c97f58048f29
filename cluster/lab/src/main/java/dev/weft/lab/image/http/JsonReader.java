package dev.weft.lab.image.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads JSON text. Source: RFC 8259. */
final class JsonReader {
  private static final int DEEPEST = 200;
  private static final Pattern LITERAL =
      Pattern.compile("true|false|null|-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  private final String text;
  private int position;

  JsonReader(String text) {
    this.text = text;
  }

  /** The text is no JSON. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed(int position) {
      super("no JSON at character " + position);
    }
  }

  boolean atEnd() {
    skipSpace();
    return position == text.length();
  }

  Json value(int depth) throws Malformed {
    skipSpace();
    if (depth > DEEPEST || position == text.length()) {
      throw new Malformed(position);
    }
    return switch (text.charAt(position)) {
      case '{' -> object(depth);
      case '[' -> list(depth);
      case '"' -> new Json.Text(string());
      default -> literal();
    };
  }

  private Json object(int depth) throws Malformed {
    Map<String, Json> members = new TreeMap<>();
    position++;
    if (take('}')) {
      return new Json.Obj(members);
    }
    do {
      skipSpace();
      String name = string();
      require(':');
      members.put(name, value(depth + 1));
    } while (take(','));
    require('}');
    return new Json.Obj(members);
  }

  private Json list(int depth) throws Malformed {
    List<Json> elements = new ArrayList<>();
    position++;
    if (take(']')) {
      return new Json.Arr(elements);
    }
    do {
      elements.add(value(depth + 1));
    } while (take(','));
    require(']');
    return new Json.Arr(elements);
  }

  private Json literal() throws Malformed {
    Matcher matcher = LITERAL.matcher(text).region(position, text.length());
    if (!matcher.lookingAt()) {
      throw new Malformed(position);
    }
    position = matcher.end();
    return new Json.Literal(matcher.group());
  }

  private String string() throws Malformed {
    require('"');
    StringBuilder value = new StringBuilder();
    while (position < text.length() && text.charAt(position) != '"') {
      char c = text.charAt(position++);
      if (c < 0x20) {
        throw new Malformed(position);
      }
      value.append(c == '\\' ? escape() : c);
    }
    require('"');
    return value.toString();
  }

  private char escape() throws Malformed {
    if (position == text.length()) {
      throw new Malformed(position);
    }
    char c = text.charAt(position++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        try {
          char unit = (char) Integer.parseInt(text, position, position + 4, 16);
          position += 4;
          yield unit;
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
          throw new Malformed(position);
        }
      }
      default -> throw new Malformed(position);
    };
  }

  private void require(char c) throws Malformed {
    if (!take(c)) {
      throw new Malformed(position);
    }
  }

  private boolean take(char c) {
    skipSpace();
    if (position < text.length() && text.charAt(position) == c) {
      position++;
      return true;
    }
    return false;
  }

  private void skipSpace() {
    while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }
}
