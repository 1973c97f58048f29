package dev.weft.exchange;

import dev.weft.routing.Hash;
import dev.weft.routing.RouteAction.HashSource;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a consistent-hash balancer hashes of a request. Envoy: {@code hash_policy.cc}. */
public final class RequestHash {
  private RequestHash() {}

  /**
   * The cookie that the client gets, because it has none to be hashed; null where it needs none.
   */
  public static HashSource.@Nullable Cookie missing(List<HashSource> sources, HeadView view) {
    for (int i = 0; i < sources.size(); i++) {
      if (sources.get(i) instanceof HashSource.Cookie cookie
          && cookie.ttl() != null
          && value(cookie, view) == null) {
        return cookie;
      }
    }
    return null;
  }

  /** The header's value by which a client is given a cookie. */
  public static String setCookie(HashSource.Cookie cookie, String value) {
    Duration life = cookie.ttl();
    return cookie.name()
        + "="
        + value
        + (life == null || life.isZero() ? "" : "; Max-Age=" + life.toSeconds())
        + (cookie.path().isEmpty() ? "" : "; Path=" + cookie.path())
        + "; HttpOnly";
  }

  /**
   * The hash over all sources that yield a value, or null where none does.
   *
   * @param made the value of the cookie that the client is given; null where it is given none
   */
  public static @Nullable Long of(
      List<HashSource> sources,
      HeadView view,
      DownstreamConnection connection,
      @Nullable String made) {
    Long hash = null;
    for (int i = 0; i < sources.size(); i++) {
      HashSource source = sources.get(i);
      CharSequence value = value(source, view, connection, made);
      if (value != null) {
        long own = Hash.of(value);
        hash = hash == null ? own : Hash.combine(hash, own);
        if (source.terminal()) {
          return hash;
        }
      }
    }
    return hash;
  }

  private static @Nullable CharSequence value(
      HashSource source, HeadView view, DownstreamConnection connection, @Nullable String made) {
    return switch (source) {
      case HashSource.Header header -> view.header(header.name());
      case HashSource.SourceIp ip -> DownstreamConnection.ip(connection.remote());
      case HashSource.Cookie cookie -> {
        CharSequence value = value(cookie, view);
        yield value == null && cookie.ttl() != null ? made : value;
      }
      case HashSource.QueryParameter parameter -> {
        String target = view.path().toString();
        int query = target.indexOf('?');
        yield query < 0 ? null : pair(target.substring(query + 1), '&', parameter.name());
      }
    };
  }

  private static @Nullable CharSequence value(HashSource.Cookie cookie, HeadView view) {
    String value = pair(view.header("cookie"), ';', cookie.name());
    // Envoy gives cookies in quotes.
    return value != null && value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }

  private static @Nullable String pair(@Nullable CharSequence text, char separator, String name) {
    if (text == null) {
      return null;
    }
    String all = text.toString();
    for (int from = 0; from <= all.length(); ) {
      int end = all.indexOf(separator, from);
      int to = end < 0 ? all.length() : end;
      String part = all.substring(from, to).strip();
      if (part.startsWith(name + "=")) {
        return part.substring(name.length() + 1);
      }
      from = to + 1;
    }
    return null;
  }
}
