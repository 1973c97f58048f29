package dev.weft.types;

import dev.weft.types.Expression.Attribute;
import dev.weft.types.Expression.Name;
import dev.weft.types.Expression.Place;
import dev.weft.types.Expression.Relation;
import dev.weft.types.Expression.Type;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the part of CEL that {@link Expression} stands for. Messages name what cannot be read.
 * Confined to one reading. CEL: cel-spec, "Syntax".
 */
final class ExpressionParser {
  // Whoever asks for an answer goes as deep as it is long, on the stack of an event loop.
  private static final int LONGEST = 1000;
  private static final int DEEPEST = 50;
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(?<word>[A-Za-z_][A-Za-z_0-9]*)|(?<number>-?[0-9]+)(?![.0-9A-Za-z_])"
              + "|(?<text>'(?:[^'\\\\\\n]++|\\\\.)*+'|\"(?:[^\"\\\\\\n]++|\\\\.)*+\")"
              + "|(?<sign>&&|\\|\\||[=!<>]=|[!<>()\\[\\].,]))");
  private static final Map<String, Relation> RELATIONS =
      Map.of(
          "==", Relation.EQUAL,
          "!=", Relation.DIFFERENT,
          "<", Relation.LESS,
          "<=", Relation.AT_MOST,
          ">", Relation.GREATER,
          ">=", Relation.AT_LEAST);
  private static final Map<String, Place> PLACES =
      Map.of("contains", Place.ANYWHERE, "startsWith", Place.START, "endsWith", Place.END);

  private final String text;
  private final Matcher tokens;
  private int at;
  private int depth;
  private Token next;

  ExpressionParser(String text) {
    if (text.length() > LONGEST) {
      throw refused("it is longer than " + LONGEST + " characters");
    }
    this.text = text;
    this.tokens = TOKEN.matcher(text);
    this.next = token();
  }

  private enum Kind {
    WORD,
    NUMBER,
    TEXT,
    SIGN,
    END
  }

  private record Token(Kind kind, String text) {
    boolean is(String sign) {
      return kind == Kind.SIGN && text.equals(sign);
    }
  }

  /** What stands on one side of a comparison. */
  private sealed interface Operand {
    record Of(Attribute attribute) implements Operand {}

    record Number(long value) implements Operand {}

    record Text(String value) implements Operand {}

    /** What is no value: a condition. */
    record Condition(Expression expression) implements Operand {}
  }

  /**
   * The whole text.
   *
   * @throws IllegalArgumentException saying what is not understood
   */
  Expression parse() {
    Expression all = either();
    if (next.kind() != Kind.END) {
      throw refused("'" + next.text() + "' is not understood");
    }
    return all;
  }

  private static IllegalArgumentException refused(String why) {
    return new IllegalArgumentException(why);
  }

  private Token token() {
    if (text.substring(at).isBlank()) {
      return new Token(Kind.END, "");
    }
    if (!tokens.region(at, text.length()).lookingAt()) {
      throw refused("'" + text.substring(at).strip() + "' is not understood");
    }
    at = tokens.end();
    String word = tokens.group("word");
    if (word != null) {
      return new Token(Kind.WORD, word);
    }
    String number = tokens.group("number");
    if (number != null) {
      return new Token(Kind.NUMBER, number);
    }
    String quoted = tokens.group("text");
    return quoted != null
        ? new Token(Kind.TEXT, unquoted(quoted))
        : new Token(Kind.SIGN, tokens.group("sign"));
  }

  private String unquoted(String quoted) {
    String inner = quoted.substring(1, quoted.length() - 1);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < inner.length(); i++) {
      char c = inner.charAt(i);
      if (c == '\\') {
        c = inner.charAt(++i);
        if ("\\'\"".indexOf(c) < 0) {
          throw refused("'\\" + c + "' in a text is not understood");
        }
      }
      out.append(c);
    }
    return out.toString();
  }

  private Token take() {
    Token taken = next;
    next = token();
    return taken;
  }

  private boolean takes(String sign) {
    if (next.is(sign)) {
      take();
      return true;
    }
    return false;
  }

  private void need(String sign) {
    if (!takes(sign)) {
      throw refused(
          "'" + sign + "' is missing" + (next.text().isEmpty() ? "" : " before " + next.text()));
    }
  }

  private Expression either() {
    Expression first = both();
    while (takes("||")) {
      first = new Expression.Either(first, both());
    }
    return first;
  }

  private Expression both() {
    Expression first = compared();
    while (takes("&&")) {
      first = new Expression.Both(first, compared());
    }
    return first;
  }

  private Expression compared() {
    Operand left = operand();
    Relation relation = next.kind() == Kind.SIGN ? RELATIONS.get(next.text()) : null;
    if (relation != null) {
      take();
      return compared(left, relation, operand());
    }
    if (next.kind() == Kind.WORD && next.text().equals("in")) {
      take();
      return in(left, operand());
    }
    return condition(left);
  }

  private Expression compared(Operand left, Relation relation, Operand right) {
    if (right instanceof Operand.Of && !(left instanceof Operand.Of)) {
      return compared(right, relation.turned(), left);
    }
    if (left instanceof Operand.Of(Attribute of)) {
      Type type = type(of);
      if (right instanceof Operand.Number(long than) && type == Type.NUMBER) {
        return new Expression.NumberIs(of, relation, than);
      }
      if (right instanceof Operand.Text(String than) && type == Type.TEXT) {
        return new Expression.TextIs(of, relation, than);
      }
      if (right instanceof Operand.Condition(Expression.Always(boolean holds))
          && type == Type.FLAG
          && (relation == Relation.EQUAL || relation == Relation.DIFFERENT)) {
        Expression set = new Expression.Set(of);
        return holds == (relation == Relation.EQUAL) ? set : new Expression.Not(set);
      }
      throw refused(of.name().path() + " cannot be compared with what stands beside it");
    }
    throw refused("an attribute, such as response.code, has to be compared with a value");
  }

  private Expression in(Operand left, Operand right) {
    if (left instanceof Operand.Text(String key)
        && right instanceof Operand.Of(Attribute of)
        && type(of) == Type.ENTRIES) {
      return new Expression.Present(entry(of, key));
    }
    throw refused("'in' asks whether there is a header: 'x-name' in request.headers");
  }

  private Expression condition(Operand operand) {
    return switch (operand) {
      case Operand.Condition(Expression expression) -> expression;
      case Operand.Of(Attribute of) when type(of) == Type.FLAG -> new Expression.Set(of);
      case Operand.Of(Attribute of) ->
          throw refused(of.name().path() + " is no condition: compare it with a value");
      case Operand.Number number -> throw refused(number.value() + " is no condition");
      case Operand.Text value -> throw refused("'" + value.value() + "' is no condition");
    };
  }

  private Operand operand() {
    if (++depth > DEEPEST) {
      throw refused("it is nested too deeply");
    }
    try {
      return simple();
    } finally {
      depth--;
    }
  }

  private Operand simple() {
    if (takes("!")) {
      return new Operand.Condition(new Expression.Not(condition(operand())));
    }
    if (takes("(")) {
      Expression inner = either();
      need(")");
      return new Operand.Condition(inner);
    }
    Token token = take();
    return switch (token.kind()) {
      case NUMBER -> new Operand.Number(number(token.text()));
      case TEXT -> new Operand.Text(token.text());
      case WORD -> word(token.text());
      case END -> throw refused("something is missing at its end");
      case SIGN -> throw refused("'" + token.text() + "' is not understood");
    };
  }

  private long number(String written) {
    try {
      return Long.parseLong(written);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(written + " is too large", e);
    }
  }

  private Operand word(String word) {
    if (word.equals("true") || word.equals("false")) {
      return new Operand.Condition(new Expression.Always(word.equals("true")));
    }
    if (word.equals("has") && takes("(")) {
      Attribute of = path(take().text());
      need(")");
      return new Operand.Condition(new Expression.Present(of));
    }
    return attribute(word);
  }

  private Operand attribute(String first) {
    Attribute of = path(first);
    if (!takes(".")) {
      return new Operand.Of(of);
    }
    String method = take().text();
    Place place = PLACES.get(method);
    if (place == null || !takes("(")) {
      throw refused("'" + of.name().path() + "." + method + "' is not understood");
    }
    Token part = take();
    if (part.kind() != Kind.TEXT || type(of) != Type.TEXT) {
      throw refused(method + " is asked of a text, with a text in quotes");
    }
    need(")");
    return new Operand.Condition(new Expression.TextHas(of, place, part.text()));
  }

  /** The attribute of two words, perhaps with an entry. */
  private Attribute path(String first) {
    if (!next.is(".")) {
      throw refused("'" + first + "' is not understood");
    }
    take();
    String written = first + "." + take().text();
    Name name =
        Name.of(written).orElseThrow(() -> refused("there is no attribute " + written + " here"));
    Attribute of = new Attribute(name, "");
    if (!takes("[")) {
      return of;
    }
    Token key = take();
    need("]");
    if (name.type() != Type.ENTRIES || key.kind() != Kind.TEXT) {
      throw refused("[...] stands behind " + List.of("request.headers", "response.headers"));
    }
    return entry(of, key.text());
  }

  private Attribute entry(Attribute of, String key) {
    if (!HeaderText.isName(key) && !key.startsWith(":")) {
      throw refused("'" + key + "' is not the name of a header");
    }
    return new Attribute(of.name(), key.toLowerCase(Locale.ROOT));
  }

  private static Type type(Attribute of) {
    return of.key().isEmpty() ? of.name().type() : Type.TEXT;
  }
}
