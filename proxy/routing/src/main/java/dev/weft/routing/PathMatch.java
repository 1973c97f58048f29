package dev.weft.routing;

/** How a route compares the path, without query string. */
public sealed interface PathMatch {
  /**
   * Whether the path matches.
   *
   * @param target the request target with its query string
   * @param end where the path ends in it
   */
  boolean matches(CharSequence target, int end);

  /** The beginning of the path: {@code /static} also matches {@code /staticX}. */
  record Prefix(String value, boolean ignoreCase) implements PathMatch {
    @Override
    public boolean matches(CharSequence target, int end) {
      return Text.startsWith(target, end, value, ignoreCase);
    }
  }

  /** The whole path. */
  record Exact(String value, boolean ignoreCase) implements PathMatch {
    @Override
    public boolean matches(CharSequence target, int end) {
      return Text.equal(target, 0, end, value, ignoreCase);
    }
  }

  /**
   * The beginning of the path by whole segments: {@code /a} matches {@code /a} and {@code /a/b}.
   */
  record SeparatedPrefix(String value, boolean ignoreCase) implements PathMatch {
    @Override
    public boolean matches(CharSequence target, int end) {
      return Text.startsWith(target, end, value, ignoreCase)
          && (end == value.length() || target.charAt(value.length()) == '/');
    }
  }

  /** A regular expression for the whole path. */
  record SafeRegex(RegexPattern pattern) implements PathMatch {
    @Override
    public boolean matches(CharSequence target, int end) {
      return pattern.matches(end == target.length() ? target : target.subSequence(0, end));
    }
  }
}
