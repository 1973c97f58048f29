package dev.weft.routing;

import java.util.List;

/** Everything that must hold for a route to be taken. */
public record RouteMatch(
    PathMatch path,
    List<HeaderMatch> headers,
    List<QueryMatch> query,
    List<ClaimRule> claims,
    boolean grpcOnly) {
  public RouteMatch {
    headers = List.copyOf(headers);
    query = List.copyOf(query);
    claims = List.copyOf(claims);
  }

  /** Matches by path alone. */
  public static RouteMatch of(PathMatch path) {
    return new RouteMatch(path, List.of(), List.of(), List.of(), false);
  }

  /** Whether no request is left to the routes that follow. */
  boolean takesAll() {
    return path instanceof PathMatch.Prefix prefix
        && (prefix.value().isEmpty() || prefix.value().equals("/"))
        && headers.isEmpty()
        && query.isEmpty()
        && claims.isEmpty()
        && !grpcOnly;
  }

  boolean matches(RequestView request, CharSequence target, int pathEnd) {
    if (!path.matches(target, pathEnd)) {
      return false;
    }
    for (int i = 0; i < headers.size(); i++) {
      if (!headers.get(i).matches(request)) {
        return false;
      }
    }
    for (int i = 0; i < query.size(); i++) {
      if (!query.get(i).matches(target, pathEnd)) {
        return false;
      }
    }
    for (int i = 0; i < claims.size(); i++) {
      if (!claims.get(i).matches(request)) {
        return false;
      }
    }
    return !grpcOnly || isGrpc(request);
  }

  private static boolean isGrpc(RequestView request) {
    CharSequence type = request.header("content-type");
    return type != null && Text.startsWith(type, type.length(), "application/grpc", true);
  }
}
