package dev.weft.runtime;

import dev.weft.routing.RegexPattern;

/**
 * Templates of paths: {@code *} stands for a segment, {@code **} for any number of them. Envoy:
 * source/extensions/path/uri_template_lib.
 */
final class PathTemplate {
  private static final String LITERAL = "a-zA-Z0-9-._~%!$&'()+,;:@=";
  private static final String SEGMENT = "[" + LITERAL + "]+";
  private static final String REST = "[/" + LITERAL + "]*";

  private PathTemplate() {}

  /**
   * The regular expression for whole paths.
   *
   * @throws IllegalArgumentException where it is no template that is supported; the message says
   *     why
   */
  static RegexPattern pattern(String template) {
    if (!template.startsWith("/")) {
      throw new IllegalArgumentException("'" + template + "' does not begin with '/'");
    }
    StringBuilder regex = new StringBuilder();
    boolean rest = false;
    for (String segment : template.substring(1).split("/", -1)) {
      boolean wild = segment.equals("*") || segment.equals("**");
      if (wild && rest) {
        throw new IllegalArgumentException("'" + template + "' has a wildcard after **");
      }
      if (!wild && !segment.matches("[" + LITERAL + "]*")) {
        throw new IllegalArgumentException(
            "'" + segment + "' is neither *, ** nor a segment of a path");
      }
      rest |= segment.equals("**");
      regex.append('/').append(wild ? rest ? REST : SEGMENT : quoted(segment));
    }
    return RegexPattern.compile(regex.toString());
  }

  private static String quoted(String segment) {
    return segment.replaceAll("[.$()+]", "\\\\$0");
  }
}
