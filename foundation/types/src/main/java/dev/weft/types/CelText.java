package dev.weft.types;

import java.util.Optional;

/**
 * Constant texts as CEL writes them, in single or double quotes and without anything that would
 * have to be escaped. Values of metrics' labels are such texts for both planes.
 */
public final class CelText {
  private CelText() {}

  /** The text that an expression is; empty where it is another expression. */
  public static Optional<String> read(String expression) {
    int last = expression.length() - 1;
    char quote = last < 1 ? 0 : expression.charAt(0);
    boolean text =
        (quote == '\'' || quote == '"')
            && expression.indexOf(quote, 1) == last
            && expression.indexOf('\\') < 0;
    return text ? Optional.of(expression.substring(1, last)) : Optional.empty();
  }

  /**
   * The expression that {@link #read} takes for the text.
   *
   * @throws IllegalArgumentException where there is none: the text has both quotes or a backslash
   */
  public static String write(String text) {
    String written = text.indexOf('\'') < 0 ? "'" + text + "'" : '"' + text + '"';
    if (!read(written).equals(Optional.of(text))) {
      throw new IllegalArgumentException(text + " cannot be written without escapes");
    }
    return written;
  }
}
