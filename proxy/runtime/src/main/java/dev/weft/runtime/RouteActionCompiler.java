package dev.weft.runtime;

import dev.weft.routing.ClusterChoice;
import dev.weft.routing.GrpcTimeout;
import dev.weft.routing.HostRewrite;
import dev.weft.routing.PathMatch;
import dev.weft.routing.PathRewrite;
import dev.weft.routing.RetryPolicy;
import dev.weft.routing.RouteAction;
import dev.weft.types.HeaderText;
import dev.weft.xds.client.ProtoFields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a route does. */
final class RouteActionCompiler {
  private RouteActionCompiler() {}

  static RouteAction.Forward forward(ProtoFields in, PathMatch match, RetryPolicy hostRetry) {
    in.ignore(IgnoredInRoutes.ROUTE_ACTION);
    if (in.integer(11) != 0) {
      throw in.reject("priority", "only DEFAULT is supported");
    }
    if (in.integer(26) != 0) {
      throw in.reject("internal_redirect_action", "redirects are passed on to the client");
    }
    if (in.integer(20) != 0) {
      throw in.reject("cluster_not_found_response_code", "only 503 is supported");
    }
    ProtoFields max = in.message(36, "max_stream_duration");
    Duration timeout = in.duration(8, Duration.ofSeconds(15));
    if (max != null) {
      Duration limit = max.duration(1, Duration.ZERO);
      timeout = timeout.isZero() ? limit : timeout;
    }
    ProtoFields retry = in.message(9, "retry_policy");
    return new RouteAction.Forward(
        clusters(in),
        rewrite(in, match, 5, null, 32),
        host(in),
        timeout,
        in.duration(24),
        grpcTimeout(in, max),
        retry != null ? retry(retry) : hostRetry,
        in.each(30, "request_mirror_policies", RouteActionCompiler::mirror),
        in.each(15, "hash_policy", RouteActionCompiler::hash),
        in.messages(25, "upgrade_configs").stream()
            .filter(u -> u.wrappedBool(2, true))
            .map(u -> u.text(1).toLowerCase(Locale.ROOT))
            .toList());
  }

  /** By the older field where the newer one is not there. */
  private static @Nullable GrpcTimeout grpcTimeout(ProtoFields in, @Nullable ProtoFields stream) {
    Duration older = in.duration(23);
    Duration offset = in.duration(28, Duration.ZERO);
    Duration most = stream == null ? null : stream.duration(2);
    Duration earlier = stream == null ? Duration.ZERO : stream.duration(3, Duration.ZERO);
    if (most != null) {
      return new GrpcTimeout(most, earlier);
    }
    return older == null ? null : new GrpcTimeout(older, offset);
  }

  private static ClusterChoice clusters(ProtoFields in) {
    ProtoFields weighted = in.message(3, "weighted_clusters");
    if (weighted == null) {
      if (in.has(2)) {
        return new ClusterChoice.ByHeader(in.text(2).toLowerCase(Locale.ROOT));
      }
      if (in.text(1).isEmpty()) {
        throw in.reject("cluster_specifier", "a cluster, weighted_clusters or cluster_header");
      }
      return new ClusterChoice.Single(in.text(1));
    }
    weighted.ignore(IgnoredInRoutes.WEIGHTED_CLUSTERS);
    List<ClusterChoice.WeightedCluster> shares = new ArrayList<>();
    for (ProtoFields share : weighted.messages(1, "clusters")) {
      if (share.has(10)) {
        throw share.reject("typed_per_filter_config", "is not supported here");
      }
      shares.add(
          new ClusterChoice.WeightedCluster(
              share.text(1),
              (int) share.wrapped(2, 0),
              HeaderEditsCompiler.edits(share, 4, "request_headers_to_add", 9),
              HeaderEditsCompiler.edits(share, 5, "response_headers_to_add", 6)));
    }
    ClusterChoice.Weighted choice = ClusterChoice.Weighted.of(shares);
    if (choice.total() == 0) {
      throw weighted.reject("clusters", "no cluster has a weight");
    }
    return choice;
  }

  private static HostRewrite host(ProtoFields in) {
    if (in.has(6)) {
      return new HostRewrite.Literal(in.text(6));
    }
    if (in.wrappedBool(7, false)) {
      return new HostRewrite.Upstream();
    }
    if (in.has(29)) {
      return new HostRewrite.FromHeader(in.text(29).toLowerCase(Locale.ROOT));
    }
    return HostRewrite.KEEP;
  }

  private static PathRewrite rewrite(
      ProtoFields in, PathMatch match, int prefix, @Nullable Integer full, int regex) {
    ProtoFields substitution = in.message(regex, "regex_rewrite");
    if (substitution != null) {
      return new PathRewrite.Substitute(
          Matchers.regex(substitution.required(1, "pattern")), substitution.text(2));
    }
    if (full != null && in.has(full)) {
      return new PathRewrite.ReplaceFull(in.text(full));
    }
    String with = in.text(prefix);
    if (with.isEmpty()) {
      return PathRewrite.KEEP;
    }
    return switch (match) {
      case PathMatch.Prefix p -> new PathRewrite.ReplacePrefix(p.value().length(), with);
      case PathMatch.SeparatedPrefix p -> new PathRewrite.ReplacePrefix(p.value().length(), with);
      case PathMatch.Exact e -> new PathRewrite.ReplaceFull(with);
      case PathMatch.SafeRegex r -> new PathRewrite.ReplaceFull(with);
    };
  }

  private static RouteAction.Mirror mirror(ProtoFields in) {
    in.ignore(IgnoredInRoutes.MIRROR);
    if (in.bool(6)) {
      throw in.reject("disable_shadow_host_suffix_append", "is not supported");
    }
    return new RouteAction.Mirror(
        in.text(1), Matchers.runtimeFraction(in.message(3, "runtime_fraction")));
  }

  private static RouteAction.HashSource hash(ProtoFields in) {
    boolean terminal = in.bool(4);
    ProtoFields header = in.message(1, "header");
    if (header != null) {
      return new RouteAction.HashSource.Header(header.text(1).toLowerCase(Locale.ROOT), terminal);
    }
    ProtoFields cookie = in.message(2, "cookie");
    if (cookie != null) {
      String name = cookie.text(1);
      String path = cookie.text(3);
      if (!HeaderText.isName(name) || !HeaderText.isValue(path)) {
        throw cookie.reject("name", "name and path have to be those of a cookie");
      }
      return new RouteAction.HashSource.Cookie(name, path, cookie.duration(2), terminal);
    }
    ProtoFields connection = in.message(3, "connection_properties");
    if (connection != null && connection.bool(1)) {
      return new RouteAction.HashSource.SourceIp(terminal);
    }
    ProtoFields query = in.message(5, "query_parameter");
    if (query != null) {
      return new RouteAction.HashSource.QueryParameter(query.text(1), terminal);
    }
    throw in.reject("policy_specifier", "is not supported");
  }

  static RouteAction.Redirect redirect(ProtoFields in, PathMatch match) {
    int status =
        switch (in.integer(3)) {
          case 0 -> 301;
          case 1 -> 302;
          case 2 -> 303;
          case 3 -> 307;
          case 4 -> 308;
          default -> throw in.reject("response_code", "unknown value");
        };
    String scheme = in.bool(4) ? "https" : in.text(7);
    String host = in.text(1);
    int port = in.integer(8);
    return new RouteAction.Redirect(
        status,
        scheme.isEmpty() ? null : scheme,
        host.isEmpty() ? null : host,
        port == 0 ? null : (Integer) port,
        rewrite(in, match, 5, 2, 9),
        in.bool(6));
  }

  static RetryPolicy retry(ProtoFields in) {
    Set<RetryPolicy.Condition> on = EnumSet.noneOf(RetryPolicy.Condition.class);
    List<Integer> codes = new ArrayList<>(in.integers(7));
    for (String word : in.text(1).split(",", -1)) {
      if (!word.isBlank()) {
        on.add(condition(in, word.trim()));
      }
    }
    ProtoFields backoff = in.message(8, "retry_back_off");
    Duration base =
        backoff == null ? Duration.ofMillis(25) : backoff.duration(1, Duration.ofMillis(25));
    Duration max =
        backoff == null ? base.multipliedBy(10) : backoff.duration(2, base.multipliedBy(10));
    return new RetryPolicy(
        (int) in.wrapped(2, 1),
        on,
        codes,
        in.duration(3, Duration.ZERO),
        previousHosts(in),
        previousPriorities(in.message(4, "retry_priority")),
        (int) Math.max(1, in.number(6)),
        base,
        max);
  }

  private static RetryPolicy.Condition condition(ProtoFields in, String word) {
    for (RetryPolicy.Condition condition : RetryPolicy.Condition.values()) {
      if (condition.text().equals(word)) {
        return condition;
      }
    }
    throw in.reject("retry_on", "condition '" + word + "' is not supported");
  }

  private static boolean previousHosts(ProtoFields in) {
    boolean previous = false;
    for (ProtoFields predicate : in.messages(5, "retry_host_predicate")) {
      predicate.ignore(IgnoredInRoutes.RETRY_HOSTS);
      String name = predicate.text(1);
      if (!name.equals("envoy.retry_host_predicates.previous_hosts")) {
        throw predicate.reject("name", "'" + name + "' is not supported; previous_hosts is");
      }
      previous = true;
    }
    return previous;
  }

  private static boolean previousPriorities(@Nullable ProtoFields priority) {
    if (priority == null) {
      return false;
    }
    priority.ignore(IgnoredInRoutes.RETRY_PRIORITY);
    String name = priority.text(1);
    if (!name.equals("envoy.retry_priorities.previous_priorities")) {
      throw priority.reject("name", "'" + name + "' is not supported; previous_priorities is");
    }
    return true;
  }
}
