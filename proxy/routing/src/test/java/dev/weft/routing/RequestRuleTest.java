package dev.weft.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestRuleTest {
  private static final RouteMatch ALL = RouteMatch.of(new PathMatch.Prefix("/", false));
  private static final RouteAction.Forward APP = RouteAction.Forward.to("app");
  private static final HeaderEdits EDITS =
      new HeaderEdits(
          List.of(),
          List.of(
              new HeaderEdits.Edit(
                  "x", "1", HeaderEdits.Action.OVERWRITE_IF_EXISTS_OR_ADD, false)));

  private static Set<RequestRule> of(Route... routes) {
    return RequestRule.of(
        new VirtualHost("host", List.of("*"), List.of(routes), false, true, false), false);
  }

  private static Route to(RouteAction action) {
    return Route.of("", ALL, action);
  }

  private static RouteAction.Forward with(
      ClusterChoice clusters,
      PathRewrite path,
      HostRewrite host,
      Duration timeout,
      @Nullable Duration idle,
      RetryPolicy retry,
      List<RouteAction.Mirror> mirrors,
      List<RouteAction.HashSource> hash) {
    return new RouteAction.Forward(
        clusters, path, host, timeout, idle, retry, mirrors, hash, List.of());
  }

  private static RouteAction.Forward choosing(ClusterChoice clusters) {
    return with(
        clusters, APP.path(), APP.host(), APP.timeout(), null, APP.retry(), List.of(), List.of());
  }

  private static RouteAction.Forward rewriting(PathRewrite path, HostRewrite host) {
    return with(APP.clusters(), path, host, APP.timeout(), null, APP.retry(), List.of(), List.of());
  }

  private static RouteAction.Forward limited(Duration timeout, @Nullable Duration idle) {
    return with(
        APP.clusters(), APP.path(), APP.host(), timeout, idle, APP.retry(), List.of(), List.of());
  }

  private static RouteAction.Forward retrying(RetryPolicy retry) {
    return with(
        APP.clusters(), APP.path(), APP.host(), APP.timeout(), null, retry, List.of(), List.of());
  }

  private static RouteAction.Forward hashing(RouteAction.HashSource... hash) {
    return with(
        APP.clusters(),
        APP.path(),
        APP.host(),
        APP.timeout(),
        null,
        APP.retry(),
        List.of(),
        List.of(hash));
  }

  private static RouteAction.Forward mirrored() {
    return with(
        APP.clusters(),
        APP.path(),
        APP.host(),
        APP.timeout(),
        null,
        APP.retry(),
        List.of(new RouteAction.Mirror("copy", Fraction.ALL)),
        List.of());
  }

  private static RetryPolicy retries(int times, RetryPolicy.Condition... on) {
    RetryPolicy none = RetryPolicy.NONE;
    return new RetryPolicy(
        times,
        Set.of(on),
        List.of(),
        Duration.ZERO,
        true,
        false,
        5,
        none.backoffBase(),
        none.maxBackoff());
  }

  private static RetryPolicy usual(int times) {
    return retries(
        times,
        RetryPolicy.Condition.CONNECT_FAILURE,
        RetryPolicy.Condition.REFUSED_STREAM,
        RetryPolicy.Condition.GRPC_UNAVAILABLE,
        RetryPolicy.Condition.GRPC_CANCELLED,
        RetryPolicy.Condition.RETRIABLE_STATUS_CODES);
  }

  private static ClusterChoice weighted(HeaderEdits edits, String... clusters) {
    return ClusterChoice.Weighted.of(
        List.of(clusters).stream()
            .map(c -> new ClusterChoice.WeightedCluster(c, 1, edits, HeaderEdits.NONE))
            .toList());
  }

  @Test
  void routes_that_a_service_has_by_itself_hold_for_a_whole_connection() {
    assertThat(of(to(APP))).isEmpty();
    assertThat(of(to(retrying(usual(2))))).isEmpty();
    assertThat(of(to(choosing(weighted(HeaderEdits.NONE, "app"))))).isEmpty();
    assertThat(of(to(hashing(new RouteAction.HashSource.SourceIp(false))))).isEmpty();
  }

  @Test
  void each_rule_that_holds_by_request_is_named() {
    record Case(RequestRule rule, Route route) {}
    List<Case> cases =
        List.of(
            new Case(
                RequestRule.WEIGHTS, to(choosing(weighted(HeaderEdits.NONE, "app", "canary")))),
            new Case(RequestRule.HEADERS, to(choosing(weighted(EDITS, "app")))),
            new Case(
                RequestRule.HEADERS,
                new Route("", ALL, APP, EDITS, HeaderEdits.NONE, "", null, null)),
            new Case(
                RequestRule.HEADERS,
                new Route("", ALL, APP, HeaderEdits.NONE, EDITS, "", null, null)),
            new Case(RequestRule.CLUSTER_HEADER, to(choosing(new ClusterChoice.ByHeader("x")))),
            new Case(
                RequestRule.REWRITE,
                to(rewriting(new PathRewrite.ReplaceFull("/x"), HostRewrite.KEEP))),
            new Case(
                RequestRule.REWRITE,
                to(rewriting(PathRewrite.KEEP, new HostRewrite.Literal("other")))),
            new Case(RequestRule.TIMEOUT, to(limited(Duration.ofSeconds(1), null))),
            new Case(RequestRule.TIMEOUT, to(limited(Duration.ZERO, Duration.ofSeconds(1)))),
            new Case(RequestRule.RETRIES, to(retrying(usual(5)))),
            new Case(
                RequestRule.RETRIES,
                to(retrying(retries(2, RetryPolicy.Condition.SERVER_ERROR_5XX)))),
            new Case(
                RequestRule.FAULT,
                new Route(
                    "",
                    ALL,
                    APP,
                    HeaderEdits.NONE,
                    HeaderEdits.NONE,
                    "",
                    new FaultPolicy(null, new FaultPolicy.Abort(503, null, Fraction.ALL)),
                    null)),
            new Case(
                RequestRule.CORS,
                new Route(
                    "",
                    ALL,
                    APP,
                    HeaderEdits.NONE,
                    HeaderEdits.NONE,
                    "",
                    null,
                    new CorsPolicy(List.of(), "", "", "", "", null, false))),
            new Case(RequestRule.MIRROR, to(mirrored())),
            new Case(
                RequestRule.CONSISTENT_HASH,
                to(hashing(new RouteAction.HashSource.Header("x-user", false)))));
    for (Case one : cases) {
      assertThat(of(one.route())).as(one.toString()).containsExactly(one.rule());
    }
    Set<RequestRule> seen = EnumSet.of(RequestRule.ROUTES, RequestRule.HTTPS_REDIRECT);
    cases.forEach(c -> seen.add(c.rule()));
    assertThat(seen).containsExactlyInAnyOrder(RequestRule.values());
  }

  @Test
  void a_host_of_which_not_all_requests_go_the_same_way_is_one_of_routes() {
    RouteMatch part = RouteMatch.of(new PathMatch.Prefix("/pkg.Service/", false));
    RouteMatch grpc = new RouteMatch(ALL.path(), List.of(), List.of(), true);

    assertThat(of(Route.of("", part, APP))).containsExactly(RequestRule.ROUTES);
    assertThat(of(Route.of("", grpc, APP))).containsExactly(RequestRule.ROUTES);
    assertThat(of(Route.of("", part, RouteAction.Forward.to("other")), to(APP)))
        .containsExactly(RequestRule.ROUTES);
    assertThat(of(Route.of("", part, new RouteAction.DirectResponse(403, "")), to(APP)))
        .containsExactly(RequestRule.ROUTES);
    assertThat(of(Route.of("", part, APP), to(APP))).isEmpty();
    assertThat(of(to(APP), Route.of("", part, RouteAction.Forward.to("never")))).isEmpty();
  }

  @Test
  void a_host_that_redirects_to_https_does_so_by_request() {
    VirtualHost host = new VirtualHost("host", List.of("*"), List.of(to(APP)), true, false, false);

    assertThat(RequestRule.of(host, false)).containsExactly(RequestRule.HTTPS_REDIRECT);
    assertThat(RequestRule.of(host, true)).isEmpty();
  }

  @Test
  void rules_are_told_in_the_words_of_a_virtual_service() {
    assertThat(RequestRule.text(EnumSet.of(RequestRule.TIMEOUT, RequestRule.CORS)))
        .isEqualTo("timeout, corsPolicy");
  }
}
