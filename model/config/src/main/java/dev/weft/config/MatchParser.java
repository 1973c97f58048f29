package dev.weft.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code StringMatch}: one of {@code exact}, {@code prefix}, {@code regex}. */
final class MatchParser {
  /** Istio's limit. */
  private static final int LONGEST_REGEX = 1024;

  private MatchParser() {}

  static @Nullable StringMatch field(TreeReader r, String key) {
    return r.object(key, MatchParser::read);
  }

  /**
   * Matches by names that people choose.
   *
   * @param star whether the expression {@code *} stands for any value
   */
  static Map<String, StringMatch> map(TreeReader r, String key, boolean star) {
    Map<String, StringMatch> map = new LinkedHashMap<>();
    r.entries(
        key,
        (name, reader) -> {
          boolean any = star && reader.string("regex").equals("*");
          StringMatch match = any ? null : read(reader);
          map.put(name, match == null ? new StringMatch.Present() : match);
        });
    return map;
  }

  static @Nullable StringMatch read(TreeReader r) {
    if (Stream.of("exact", "prefix", "regex").filter(r::has).count() > 1) {
      r.error("exact", "exact, prefix and regex exclude each other: keep one");
    }
    String exact = r.string("exact");
    String prefix = r.string("prefix");
    String regex = r.string("regex");
    if (r.has("exact")) {
      return new StringMatch.Exact(exact);
    }
    if (r.has("prefix")) {
      return new StringMatch.Prefix(prefix);
    }
    if (r.has("regex")) {
      checkRegex(r, "regex", regex);
      return new StringMatch.Regex(regex);
    }
    return null;
  }

  static void checkRegex(TreeReader r, String key, String regex) {
    if (regex.isEmpty() || regex.length() > LONGEST_REGEX) {
      r.error(key, "an expression of 1 to " + LONGEST_REGEX + " characters is needed");
      return;
    }
    try {
      Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      r.error(key, "not a regular expression in RE2 syntax: " + e.getMessage());
    }
  }
}
