package dev.weft.types;

/** What may stand in a header field on the wire (RFC 9110, 5.1 and 5.5). */
public final class HeaderText {
  private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";

  private HeaderText() {}

  /** Whether the text can be the name of a field. */
  public static boolean isName(String text) {
    return !text.isEmpty()
        && text.chars()
            .allMatch(
                c ->
                    c >= '0' && c <= '9'
                        || c >= 'a' && c <= 'z'
                        || c >= 'A' && c <= 'Z'
                        || TOKEN_PUNCTUATION.indexOf(c) >= 0);
  }

  /** Whether the text can be a value: a line end in it would begin a field of its own. */
  public static boolean isValue(String text) {
    return text.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0);
  }
}
