package dev.weft.routing;

/** How a text is compared. Regular expressions match the whole text (RE2 syntax). */
public sealed interface StringMatch {
  /** Whether the text matches; allocates nothing but what a regular expression needs. */
  boolean matches(CharSequence text);

  /** The whole text. */
  record Exact(String value, boolean ignoreCase) implements StringMatch {
    @Override
    public boolean matches(CharSequence text) {
      return Text.equal(text, 0, text.length(), value, ignoreCase);
    }
  }

  /** The beginning. */
  record Prefix(String value, boolean ignoreCase) implements StringMatch {
    @Override
    public boolean matches(CharSequence text) {
      return Text.startsWith(text, text.length(), value, ignoreCase);
    }
  }

  /** The end. */
  record Suffix(String value, boolean ignoreCase) implements StringMatch {
    @Override
    public boolean matches(CharSequence text) {
      int from = text.length() - value.length();
      return from >= 0 && Text.equal(text, from, text.length(), value, ignoreCase);
    }
  }

  /** Anywhere. */
  record Contains(String value, boolean ignoreCase) implements StringMatch {
    @Override
    public boolean matches(CharSequence text) {
      for (int from = 0; from + value.length() <= text.length(); from++) {
        if (Text.equal(text, from, from + value.length(), value, ignoreCase)) {
          return true;
        }
      }
      return false;
    }
  }

  /** A regular expression for the whole text. */
  record Regex(RegexPattern pattern) implements StringMatch {
    @Override
    public boolean matches(CharSequence text) {
      return pattern.matches(text);
    }
  }
}
