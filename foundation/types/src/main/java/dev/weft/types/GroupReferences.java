package dev.weft.types;

/**
 * The text that takes the place of what a regular expression matched, as RE2 writes it: {@code \0}
 * to {@code \9} are groups, {@code \\} is a backslash.
 */
public final class GroupReferences {
  private GroupReferences() {}

  /**
   * Checks a text.
   *
   * @param groups how many groups the expression has
   * @throws IllegalArgumentException saying what cannot be meant
   */
  public static void check(String text, int groups) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != '\\') {
        continue;
      }
      i++;
      char next = i < text.length() ? text.charAt(i) : 0;
      if (next >= '0' && next <= '9') {
        if (next - '0' > groups) {
          throw new IllegalArgumentException(
              "'\\" + next + "' is a group that the expression does not have: it has " + groups);
        }
      } else if (next != '\\') {
        throw new IllegalArgumentException(
            "'" + text + "' has a backslash before neither a digit nor a backslash");
      }
    }
  }
}
