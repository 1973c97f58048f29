package dev.weft.config;

import dev.weft.config.VirtualService.Cors;
import dev.weft.types.HeaderText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@code corsPolicy}. */
final class CorsParser {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE", "*");

  private CorsParser() {}

  static Cors read(TreeReader r) {
    List<StringMatch> origins = new ArrayList<>(r.objects("allowOrigins", CorsParser::origin));
    for (String origin : r.strings("allowOrigin")) {
      origins.add(origin.equals("*") ? new StringMatch.Regex(".*") : new StringMatch.Exact(origin));
    }
    String unmatched = r.choice("unmatchedPreflights", "UNSPECIFIED", "FORWARD", "IGNORE");
    return new Cors(
        origins,
        words(r, "allowMethods", METHODS::contains, "is no method of HTTP"),
        words(r, "allowHeaders", HeaderText::isName, "is not the name of a header"),
        words(r, "exposeHeaders", HeaderText::isName, "is not the name of a header"),
        age(r),
        r.optionalBool("allowCredentials"),
        unmatched.equals("IGNORE"));
  }

  private static @Nullable StringMatch origin(TreeReader r) {
    StringMatch match = MatchParser.read(r);
    boolean empty =
        switch (match) {
          case null -> true;
          case StringMatch.Exact exact -> exact.value().isEmpty();
          case StringMatch.Prefix prefix -> prefix.value().isEmpty();
          case StringMatch.Regex regex -> false;
          case StringMatch.Present present -> false;
        };
    if (empty) {
      r.error("exact", "an origin is needed: exact, prefix or regex");
    }
    return match;
  }

  private static @Nullable Duration age(TreeReader r) {
    Duration age = RouteChecks.length(r, "maxAge");
    if (age != null && age.getNano() > 0) {
      r.error("maxAge", "whole seconds are needed");
    }
    return age;
  }

  private static List<String> words(
      TreeReader r, String key, Predicate<String> right, String wrong) {
    List<String> list = r.strings(key);
    for (String word : list) {
      if (!right.test(word)) {
        r.error(key, "'" + word + "' " + wrong);
      }
    }
    return list;
  }
}
