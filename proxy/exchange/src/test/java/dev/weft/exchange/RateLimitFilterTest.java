package dev.weft.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.routing.Fraction;
import dev.weft.routing.HeaderEdits;
import dev.weft.routing.HeaderMatch;
import dev.weft.routing.PathMatch;
import dev.weft.routing.RateLimitPolicy;
import dev.weft.routing.RateLimitPolicy.Entry;
import dev.weft.routing.RateLimitPolicy.HostRules;
import dev.weft.routing.RateLimitPolicy.Limit;
import dev.weft.routing.RateLimitRule;
import dev.weft.routing.RateLimitRules;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.RouteMatch;
import dev.weft.routing.RoutePolicy;
import dev.weft.routing.StringMatch;
import dev.weft.routing.TokenBucket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which requests need a token, of which bucket, and what becomes of those that get none. */
class RateLimitFilterTest {
  private static final TokenBucket BUCKET = new TokenBucket(10, 1, Duration.ofSeconds(1));
  private static final TokenBucket SLOW = new TokenBucket(5, 1, Duration.ofSeconds(60));
  private static final Fraction ALL = Fraction.ALL;
  private static final Limit MEMBERS = new Limit(List.of(new Entry("who", "member")), BUCKET);
  private static final Limit LOCAL =
      new Limit(List.of(new Entry("remote_address", "10.0.0.1")), SLOW);
  private static final RateLimitRule WHO =
      new RateLimitRule(0, List.of(new RateLimitRule.Header("x-who", "who", false)));
  private static final RateLimitRule CLIENT =
      new RateLimitRule(0, List.of(new RateLimitRule.Client()));

  private static HeaderEdits.Edit edit(String name, String value) {
    return new HeaderEdits.Edit(name, value, HeaderEdits.Action.APPEND_IF_EXISTS_OR_ADD, false);
  }

  private static RateLimitPolicy limit(
      @Nullable TokenBucket bucket, Fraction enabled, Fraction enforced, Limit... limits) {
    return limit(bucket, enabled, enforced, List.of(), true, List.of(limits));
  }

  private static RateLimitPolicy limit(
      @Nullable TokenBucket bucket,
      Fraction enabled,
      Fraction enforced,
      List<RateLimitRule> rules,
      boolean alwaysDefault,
      List<Limit> limits) {
    return new RateLimitPolicy(
        "here",
        "web",
        bucket,
        enabled,
        enforced,
        new HeaderEdits(List.of(), List.of(edit("x-limited", "by %PROTOCOL%"))),
        new RateLimitPolicy.Refusal(
            429, new HeaderEdits(List.of(), List.of(edit("x-local", "%PROTOCOL%"))), true),
        limits,
        rules,
        0,
        HostRules.WHERE_ROUTE_HAS_NONE,
        alwaysDefault,
        false,
        true);
  }

  private static Route route(RoutePolicy... policies) {
    return new Route(
        "r",
        RouteMatch.of(new PathMatch.Prefix("/", false)),
        RouteAction.Forward.to("app"),
        HeaderEdits.NONE,
        HeaderEdits.NONE,
        "",
        List.of(policies));
  }

  private static Seen get(Tokens tokens, String... fields) {
    return Seen.get("/", fields.length == 0 ? Map.of() : Map.of(fields[0], fields[1])).with(tokens);
  }

  private static Tokens none(int bucket) {
    return new Tokens(Map.of(bucket, 0L));
  }

  private static int status(Step step) {
    return step instanceof Step.Reply reply ? reply.status() : 0;
  }

  @Test
  void with_a_token_a_request_goes_on_and_its_answer_tells_what_is_left() {
    Seen request = get(new Tokens(Map.of(0, 3L)));
    assertThat(new RateLimitFilter(limit(BUCKET, ALL, ALL)).head(request))
        .isInstanceOfSatisfying(
            Step.Edit.class,
            edit ->
                assertThat(edit.responseLines())
                    .containsExactly(
                        "x-ratelimit-limit: 10",
                        "x-ratelimit-remaining: 2",
                        "x-ratelimit-reset: 0"));
    assertThat(request.notes()).containsEntry("limited", "enabled ok");
  }

  @Test
  void without_a_token_it_is_refused_with_what_is_configured() {
    Seen request = get(none(0));
    assertThat(new RateLimitFilter(limit(BUCKET, ALL, ALL)).head(request))
        .isEqualTo(
            new Step.Reply(
                429,
                ResponseFlag.RL.bit(),
                "local_rate_limited",
                "local_rate_limited",
                List.of(
                    "x-ratelimit-limit: 10",
                    "x-ratelimit-remaining: 0",
                    "x-ratelimit-reset: 7",
                    "x-local: HTTP/1.1")));
    assertThat(request.notes()).containsEntry("limited", "enabled rate_limited enforced");
  }

  @Test
  void a_call_is_told_that_something_is_exhausted() {
    Seen request = get(none(0), "content-type", "application/grpc");
    assertThat(new RateLimitFilter(limit(BUCKET, ALL, ALL)).head(request))
        .isInstanceOfSatisfying(
            Step.Reply.class, reply -> assertThat(reply.headers()).contains("grpc-status: 8"));
  }

  @Test
  void what_is_not_enforced_goes_on_with_a_mark() {
    Seen request = get(none(0), "x-limited", "before");
    assertThat(new RateLimitFilter(limit(BUCKET, ALL, Fraction.NONE)).head(request))
        .isInstanceOfSatisfying(
            Step.Edit.class,
            edit ->
                assertThat(edit.change().added())
                    .isEqualTo(Map.of("x-limited", "before,by HTTP/1.1")));
    assertThat(request.notes()).containsEntry("limited", "enabled rate_limited");
  }

  @Test
  void what_is_not_enabled_costs_no_token() {
    Seen request = get(none(0));
    assertThat(new RateLimitFilter(limit(BUCKET, Fraction.NONE, ALL)).head(request))
        .isEqualTo(Step.GO_ON);
    assertThat(request.notes()).isEmpty();
  }

  @Test
  void a_route_has_a_limit_of_its_own() {
    RateLimitFilter unlimited = new RateLimitFilter(limit(null, Fraction.NONE, ALL));
    assertThat(status(unlimited.head(get(none(0)).on(route(limit(BUCKET, ALL, ALL))))))
        .isEqualTo(429);
    assertThat(unlimited.head(get(none(0)).on(route()))).isEqualTo(Step.GO_ON);
  }

  @Test
  void requests_are_told_apart_by_what_their_route_says() {
    RateLimitFilter filter = new RateLimitFilter(limit(BUCKET, ALL, ALL, MEMBERS));
    Route route = route(new RateLimitRules(List.of(WHO), List.of(), false));
    assertThat(status(filter.head(get(none(1), "x-who", "member").on(route)))).isEqualTo(429);
    assertThat(status(filter.head(get(none(1), "x-who", "guest").on(route)))).isZero();
    assertThat(status(filter.head(get(none(1)).on(route)))).isZero();
    assertThat(status(filter.head(get(none(1), "x-who", "member").on(route())))).isZero();
  }

  @Test
  void rules_of_the_virtual_host_hold_where_the_route_has_none_or_both_are_wanted() {
    RateLimitFilter filter = new RateLimitFilter(limit(BUCKET, ALL, ALL, LOCAL));
    List<RateLimitRule> host = List.of(CLIENT);
    RateLimitRules only = new RateLimitRules(List.of(), host, false);
    RateLimitRules routes = new RateLimitRules(List.of(WHO), host, false);
    RateLimitRules both = new RateLimitRules(List.of(WHO), host, true);
    assertThat(status(filter.head(get(none(1)).on(route(only))))).isEqualTo(429);
    assertThat(status(filter.head(get(none(1)).on(route(routes))))).isZero();
    assertThat(status(filter.head(get(none(1)).on(route(both))))).isEqualTo(429);
    RateLimitRule later = new RateLimitRule(1, CLIENT.parts());
    RateLimitRules staged = new RateLimitRules(List.of(later), List.of(), false);
    assertThat(status(filter.head(get(none(1)).on(route(staged))))).isZero();
  }

  @Test
  void the_bucket_for_everybody_is_asked_last_or_only_without_another_one() {
    List<RateLimitRule> rules = List.of(WHO, CLIENT);
    List<Limit> limits = List.of(MEMBERS, LOCAL);
    RateLimitFilter always = new RateLimitFilter(limit(BUCKET, ALL, ALL, rules, true, limits));
    RateLimitFilter else_ = new RateLimitFilter(limit(BUCKET, ALL, ALL, rules, false, limits));
    assertThat(status(always.head(get(none(0), "x-who", "member")))).isEqualTo(429);
    assertThat(status(else_.head(get(none(0), "x-who", "member")))).isZero();
    // The slower one first: who gets none of it takes none of the others.
    Tokens tokens = new Tokens(Map.of(0, 5L, 1, 5L, 2, 0L));
    assertThat(status(always.head(get(tokens, "x-who", "member")))).isEqualTo(429);
    assertThat(tokens.left()).containsEntry(0, 5L).containsEntry(1, 5L);
  }

  @Test
  void an_entry_of_several_parts_needs_all_of_them() {
    HeaderMatch there = new HeaderMatch("x-who", new HeaderMatch.Present(true), false, false);
    RateLimitRule.Matching matching =
        new RateLimitRule.Matching("header_match", "known", true, List.of(there));
    RateLimitRule rule =
        new RateLimitRule(
            0,
            List.of(
                new RateLimitRule.Fixed("generic_key", "all"),
                matching,
                new RateLimitRule.Header("x-optional", "o", true)));
    Limit limit =
        new Limit(
            List.of(new Entry("generic_key", "all"), new Entry("header_match", "known")), BUCKET);
    RateLimitFilter filter =
        new RateLimitFilter(limit(null, ALL, ALL, List.of(rule), true, List.of(limit)));
    assertThat(status(filter.head(get(none(1), "x-who", "me")))).isEqualTo(429);
    assertThat(filter.head(get(none(1)))).isEqualTo(Step.GO_ON);
    RateLimitRule.Matching inverted =
        new RateLimitRule.Matching(
            "m",
            "v",
            false,
            List.of(
                new HeaderMatch(
                    "x-who",
                    new HeaderMatch.Value(new StringMatch.Exact("me", false)),
                    false,
                    false)));
    assertThat(inverted.holds(get(none(1), "x-who", "me"))).isFalse();
    assertThat(inverted.holds(get(none(1)))).isTrue();
  }
}
