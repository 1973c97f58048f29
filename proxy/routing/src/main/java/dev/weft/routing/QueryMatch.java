package dev.weft.routing;

import org.jspecify.annotations.Nullable;

/**
 * A condition on a parameter of the query string. Names and values are compared as they were sent,
 * without percent decoding, as Envoy does.
 *
 * @param match null: it is enough that the parameter is there
 */
public record QueryMatch(String name, @Nullable StringMatch match) {
  /**
   * Whether the first parameter of this name fulfils the condition.
   *
   * @param target the request target
   * @param pathEnd where its path ends
   */
  public boolean matches(CharSequence target, int pathEnd) {
    int at = pathEnd;
    while (at < target.length() && target.charAt(at) != '#') {
      int start = at + 1;
      int end = start;
      int equals = -1;
      while (end < target.length() && target.charAt(end) != '&' && target.charAt(end) != '#') {
        if (equals < 0 && target.charAt(end) == '=') {
          equals = end;
        }
        end++;
      }
      int nameEnd = equals < 0 ? end : equals;
      if (Text.equal(target, start, nameEnd, name, false)) {
        return match == null
            || match.matches(equals < 0 ? "" : target.subSequence(equals + 1, end));
      }
      at = end;
    }
    return false;
  }
}
