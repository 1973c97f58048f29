package dev.weft.routing;

import com.google.re2j.Pattern;
import dev.weft.types.GroupReferences;

/** A regular expression in RE2 syntax: time linear in the text. Equal by its source. */
public final class RegexPattern {
  private final Pattern pattern;

  private RegexPattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * Compiles.
   *
   * @throws IllegalArgumentException where the syntax is wrong; the message says what
   */
  public static RegexPattern compile(String source) {
    try {
      return new RegexPattern(Pattern.compile(source));
    } catch (com.google.re2j.PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "regular expression '" + source + "': " + e.getMessage(), e);
    }
  }

  /**
   * Whether a text can take the place of what matched.
   *
   * @throws IllegalArgumentException where it names a group that is not there
   */
  public void checkSubstitution(String substitution) {
    GroupReferences.check(substitution, pattern.groupCount());
  }

  /** Whether the whole text matches. */
  public boolean matches(CharSequence text) {
    return pattern.matcher(text).matches();
  }

  /**
   * Replaces every occurrence.
   *
   * @param substitution with {@code \1} for the first group, as RE2 writes it
   */
  public String replaceAll(CharSequence text, String substitution) {
    return pattern.matcher(text).replaceAll(javaForm(substitution));
  }

  private static String javaForm(String re2Substitution) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < re2Substitution.length(); i++) {
      char c = re2Substitution.charAt(i);
      char next = i + 1 < re2Substitution.length() ? re2Substitution.charAt(i + 1) : 0;
      if (c == '\\' && next >= '0' && next <= '9') {
        out.append('$').append(next);
        i++;
      } else if (c == '\\' && next == '\\') {
        out.append("\\\\");
        i++;
      } else if (c == '$') {
        out.append("\\$");
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RegexPattern that && that.pattern.pattern().equals(pattern.pattern());
  }

  @Override
  public int hashCode() {
    return pattern.pattern().hashCode();
  }

  /** The source. */
  @Override
  public String toString() {
    return pattern.pattern();
  }
}
