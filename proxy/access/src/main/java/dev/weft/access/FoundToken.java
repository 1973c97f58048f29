package dev.weft.access;

import dev.weft.routing.RequestView;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A token, and where in a request it stands.
 *
 * @param name of the header, the parameter or the cookie
 */
record FoundToken(Place place, String name, String text) {
  /** Where tokens may stand. */
  enum Place {
    HEADER,
    PARAMETER,
    COOKIE
  }

  private static final String LETTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

  /** All tokens where a provider looks for them: each has to be valid. */
  static List<FoundToken> all(JwtProvider provider, RequestView request) {
    List<FoundToken> tokens = new ArrayList<>();
    for (JwtProvider.FromHeader from : provider.headers()) {
      CharSequence value = request.header(from.name());
      if (value != null) {
        inHeader(from, value.toString(), tokens);
      }
    }
    String target = provider.params().isEmpty() ? "" : request.path().toString();
    for (String name : provider.params()) {
      parameters(target)
          .filter(p -> p.startsWith(name + "="))
          .forEach(
              p ->
                  tokens.add(
                      new FoundToken(Place.PARAMETER, name, p.substring(name.length() + 1))));
    }
    CharSequence cookies = provider.cookies().isEmpty() ? null : request.header("cookie");
    if (cookies != null) {
      for (String cookie : cookies.toString().split("[;,]")) {
        int equals = cookie.indexOf('=');
        String name = equals < 0 ? "" : cookie.substring(0, equals).strip();
        if (provider.cookies().contains(name)) {
          tokens.add(new FoundToken(Place.COOKIE, name, cookie.substring(equals + 1).strip()));
        }
      }
    }
    return tokens;
  }

  /** Several lines of one header came joined by commas, which no token has. */
  private static void inHeader(JwtProvider.FromHeader from, String value, List<FoundToken> tokens) {
    for (String line : value.split(",")) {
      int at = line.indexOf(from.prefix());
      if (at < 0) {
        continue;
      }
      int start = at + from.prefix().length();
      while (start < line.length() && LETTERS.indexOf(line.charAt(start)) < 0) {
        start++;
      }
      int end = start;
      while (end < line.length() && LETTERS.indexOf(line.charAt(end)) >= 0) {
        end++;
      }
      if (end > start) {
        tokens.add(new FoundToken(Place.HEADER, from.name(), line.substring(start, end)));
      }
    }
  }

  private static Stream<String> parameters(String target) {
    int query = target.indexOf('?');
    int fragment = target.indexOf('#');
    return query < 0
        ? Stream.empty()
        : Stream.of(
            target.substring(query + 1, fragment < query ? target.length() : fragment).split("&"));
  }

  /** A target without a parameter. */
  static String without(String target, String parameter) {
    String rest =
        parameters(target)
            .filter(p -> !p.startsWith(parameter + "="))
            .collect(Collectors.joining("&"));
    String path = target.substring(0, Math.max(0, target.indexOf('?')));
    return rest.isEmpty() ? path : path + "?" + rest;
  }
}
