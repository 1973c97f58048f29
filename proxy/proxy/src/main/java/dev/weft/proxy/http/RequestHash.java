package dev.weft.proxy.http;

import dev.weft.proxy.loop.DownstreamConnection;
import dev.weft.routing.Hash;
import dev.weft.routing.RouteAction.HashSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a consistent-hash balancer hashes of a request. Envoy: {@code hash_policy.cc}. */
final class RequestHash {
  private RequestHash() {}

  /** The hash over all sources that yield a value, or null where none does. */
  static @Nullable Long of(
      List<HashSource> sources, HeadView view, DownstreamConnection connection) {
    Long hash = null;
    for (int i = 0; i < sources.size(); i++) {
      HashSource source = sources.get(i);
      CharSequence value = value(source, view, connection);
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
      HashSource source, HeadView view, DownstreamConnection connection) {
    return switch (source) {
      case HashSource.Header header -> view.header(header.name());
      case HashSource.SourceIp ip -> DownstreamConnection.ip(connection.remote());
      case HashSource.Cookie cookie -> pair(view.header("cookie"), ';', cookie.name());
      case HashSource.QueryParameter parameter -> {
        String target = view.path().toString();
        int query = target.indexOf('?');
        yield query < 0 ? null : pair(target.substring(query + 1), '&', parameter.name());
      }
    };
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
