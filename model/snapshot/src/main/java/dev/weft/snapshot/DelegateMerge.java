package dev.weft.snapshot;

import dev.weft.config.StringMatch;
import dev.weft.config.VirtualService;
import dev.weft.config.VirtualService.Destination;
import dev.weft.config.VirtualService.HeaderOperations;
import dev.weft.config.VirtualService.HttpMatch;
import dev.weft.config.VirtualService.HttpRoute;
import dev.weft.config.VirtualService.Mirror;
import dev.weft.snapshot.Delegates.Routed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A route that delegates, with each of its delegate's: what the delegate does not say, the route
 * says, and of both one's conditions all hold. A route of the delegate whose conditions reach
 * beyond those of the delegating one is left out. Istio: pilot/pkg/model/virtualservice.go
 * mergeHTTPRoute, hasConflict.
 *
 * @param root the object whose route it is
 */
record DelegateMerge(VirtualService root, HttpRoute route, String domainSuffix) {

  /** With one of the delegate's routes; empty where they contradict each other. */
  Optional<Routed> with(VirtualService delegate, int http) {
    HttpRoute leaf = delegate.http().get(http);
    List<HttpMatch> matches = new ArrayList<>();
    List<Integer> written = new ArrayList<>();
    if (leaf.matches().isEmpty()) {
      for (HttpMatch match : route.matches()) {
        matches.add(at(match, root));
        written.add(-1);
      }
    }
    for (int i = 0; i < leaf.matches().size(); i++) {
      HttpMatch own = at(leaf.matches().get(i), delegate);
      if (route.matches().isEmpty()) {
        matches.add(own);
        written.add(i);
        continue;
      }
      int before = matches.size();
      for (HttpMatch match : route.matches()) {
        HttpMatch wide = at(match, root);
        if (!conflict(wide, own)) {
          matches.add(both(wide, own));
          written.add(i);
        }
      }
      if (matches.size() == before) {
        return Optional.empty();
      }
    }
    return Optional.of(new Routed(delegate, http, merged(leaf, matches), written));
  }

  private HttpRoute merged(HttpRoute leaf, List<HttpMatch> matches) {
    return new HttpRoute(
        joined(route.name(), leaf.name()),
        matches,
        leaf.action(),
        leaf.rewrite() != null ? leaf.rewrite() : route.rewrite(),
        leaf.timeout() != null ? leaf.timeout() : route.timeout(),
        leaf.retries() != null ? leaf.retries() : route.retries(),
        leaf.fault() != null ? leaf.fault() : route.fault(),
        leaf.mirrors().isEmpty() ? mirrors() : leaf.mirrors(),
        leaf.cors() != null ? leaf.cors() : route.cors(),
        leaf.headers().equals(HeaderOperations.NONE) ? route.headers() : leaf.headers());
  }

  /** Short names are meant in the namespace of the object that they are written in. */
  private List<Mirror> mirrors() {
    return route.mirrors().stream()
        .map(
            mirror -> {
              Destination to = mirror.destination();
              String host = HostNames.full(to.host(), root.meta().namespace(), domainSuffix);
              return new Mirror(new Destination(host, to.subset(), to.port()), mirror.percentage());
            })
        .toList();
  }

  private static String joined(String outer, String inner) {
    return outer.isEmpty() || inner.isEmpty() ? outer + inner : outer + "-" + inner;
  }

  /** A match with the full names of its gateways. */
  private static HttpMatch at(HttpMatch m, VirtualService in) {
    return m.at(m.gateways().stream().map(in::gateway).toList());
  }

  private static HttpMatch both(HttpMatch wide, HttpMatch own) {
    return new HttpMatch(
        joined(wide.name(), own.name()),
        own.uri() != null ? own.uri() : wide.uri(),
        own.scheme() != null ? own.scheme() : wide.scheme(),
        own.method() != null ? own.method() : wide.method(),
        own.authority() != null ? own.authority() : wide.authority(),
        union(wide.headers(), own.headers()),
        union(wide.withoutHeaders(), own.withoutHeaders()),
        union(wide.queryParams(), own.queryParams()),
        own.ignoreUriCase(),
        own.port() != 0 ? own.port() : wide.port(),
        union(wide.sourceLabels(), own.sourceLabels()),
        own.sourceNamespace().isEmpty() ? wide.sourceNamespace() : own.sourceNamespace(),
        own.gateways().isEmpty() ? wide.gateways() : own.gateways());
  }

  private static <V> Map<String, V> union(Map<String, V> wide, Map<String, V> own) {
    Map<String, V> all = new LinkedHashMap<>(wide);
    all.putAll(own);
    return all;
  }

  /** Whether the delegate's match reaches beyond the other. */
  private static boolean conflict(HttpMatch wide, HttpMatch own) {
    return beyond(wide.uri(), own.uri())
        || beyond(wide.scheme(), own.scheme())
        || beyond(wide.method(), own.method())
        || beyond(wide.authority(), own.authority())
        || beyond(wide.headers(), own.headers())
        || beyond(wide.withoutHeaders(), own.withoutHeaders())
        || beyond(wide.queryParams(), own.queryParams())
        || wide.ignoreUriCase() != own.ignoreUriCase()
        || (wide.port() != 0 && own.port() != 0 && wide.port() != own.port())
        || own.sourceLabels().entrySet().stream()
            .anyMatch(
                e ->
                    !wide.sourceLabels()
                        .getOrDefault(e.getKey(), e.getValue())
                        .equals(e.getValue()))
        || (!wide.sourceNamespace().isEmpty()
            && !own.sourceNamespace().isEmpty()
            && !wide.sourceNamespace().equals(own.sourceNamespace()))
        || (!wide.gateways().isEmpty() && !wide.gateways().containsAll(own.gateways()));
  }

  private static boolean beyond(Map<String, StringMatch> wide, Map<String, StringMatch> own) {
    return own.entrySet().stream().anyMatch(e -> beyond(wide.get(e.getKey()), e.getValue()));
  }

  private static boolean beyond(@Nullable StringMatch wide, @Nullable StringMatch own) {
    return switch (wide) {
      case null -> false;
      case StringMatch.Present present -> false;
      // Of two expressions nobody knows which one reaches further.
      case StringMatch.Regex regex -> own != null && !own.equals(regex);
      case StringMatch.Exact(String value) ->
          own != null && !own.equals(new StringMatch.Exact(value));
      case StringMatch.Prefix(String value) ->
          switch (own) {
            case null -> false;
            case StringMatch.Prefix(String longer) -> !longer.startsWith(value);
            case StringMatch.Exact(String whole) -> !whole.startsWith(value);
            case StringMatch.Regex regex -> true;
            case StringMatch.Present present -> true;
          };
    };
  }
}
