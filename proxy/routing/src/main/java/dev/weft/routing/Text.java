package dev.weft.routing;

/** Comparisons of ASCII text that allocate nothing. */
final class Text {
  private Text() {}

  static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
  }

  static boolean equal(CharSequence text, int from, int to, String value, boolean ignoreCase) {
    if (to - from != value.length()) {
      return false;
    }
    for (int i = 0; i < value.length(); i++) {
      char a = text.charAt(from + i);
      char b = value.charAt(i);
      if (a != b && !(ignoreCase && lower(a) == lower(b))) {
        return false;
      }
    }
    return true;
  }

  /** Whether the first {@code end} characters of the text begin with the value. */
  static boolean startsWith(CharSequence text, int end, String value, boolean ignoreCase) {
    return value.length() <= end && equal(text, 0, value.length(), value, ignoreCase);
  }

  /** The length of the path without query string and fragment. */
  static int pathLength(CharSequence target) {
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c == '?' || c == '#') {
        return i;
      }
    }
    return target.length();
  }
}
