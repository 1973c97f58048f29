package dev.weft.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.AccessFilter;
import dev.weft.access.AccessPolicy;
import dev.weft.access.AccessRules;
import dev.weft.access.Criterion;
import dev.weft.routing.FaultPolicy;
import dev.weft.routing.Fraction;
import dev.weft.routing.HeaderEdits;
import dev.weft.routing.PathMatch;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.RouteMatch;
import dev.weft.routing.StringMatch;
import dev.weft.runtime.Authorizer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What filters want to become of a request. */
class FiltersTest {
  private static final AccessRules ANY =
      new AccessRules(
          AccessRules.Action.DENY,
          List.of(
              new AccessPolicy(
                  "istio-ext-authz-p",
                  List.of(new Criterion.Anything()),
                  List.of(new Criterion.Anything()))));
  private static final AccessFilter CHOOSES = new AccessFilter(null, ANY, "istio_ext_authz_");

  private static Authorizer authorizer(boolean failOpen, boolean tellsFailure) {
    return authorizer(failOpen, tellsFailure, null);
  }

  private static Authorizer authorizer(
      boolean failOpen, boolean tellsFailure, Authorizer.@Nullable Body body) {
    return new Authorizer(
        "outbound|9000||authz",
        new Authorizer.Http("/check", Map.of("x-mesh", "m"), List.of(), List.of(), null, List.of()),
        Duration.ofSeconds(1),
        failOpen,
        tellsFailure,
        403,
        new Authorizer.When(
            Authorizer.When.key(CHOOSES), new StringMatch.Prefix("istio-ext-authz", false), false),
        List.of(new StringMatch.Exact("x-user", false)),
        body,
        false);
  }

  private static Step asked(Authorizer authorizer, Seen request, Call.Answer answer) {
    Step step = new ExternalFilter(authorizer).head(request);
    assertThat(step).isInstanceOf(Step.Ask.class);
    return ((Step.Ask) step).next().apply(answer);
  }

  private static Seen chosen(String path, Map<String, String> fields) {
    return Seen.get(path, fields).matched(CHOOSES, "istio-ext-authz-p");
  }

  @Test
  void rules_that_are_only_tried_note_what_matched_and_count_nothing() {
    Seen request = Seen.get("/", Map.of());
    assertThat(new RulesFilter(CHOOSES, "http.x").head(request)).isEqualTo(Step.GO_ON);
    assertThat(request.notes())
        .isEqualTo(Map.of("istio_ext_authz_shadow_effective_policy_id", "istio-ext-authz-p"));
  }

  @Test
  void rules_that_hold_answer_and_count() {
    Seen request = Seen.get("/", Map.of());
    assertThat(new RulesFilter(new AccessFilter(ANY, null, ""), "http.x").head(request))
        .isInstanceOfSatisfying(Step.Reply.class, r -> assertThat(r.status()).isEqualTo(403));
    assertThat(request.notes()).isEqualTo(Map.of("counted", "DENIED"));
  }

  @Test
  void an_authorizer_is_asked_only_about_what_was_chosen() {
    assertThat(new ExternalFilter(authorizer(false, false)).head(Seen.get("/", Map.of())))
        .isEqualTo(Step.GO_ON);
  }

  @Test
  void an_authorizer_is_told_what_is_listed_and_no_more() {
    Seen request =
        chosen("/a?b", Map.of("x-user", "u", "x-other", "o", "authorization", "t", "te", "x"));
    Step step = new ExternalFilter(authorizer(false, false)).head(request);
    assertThat(step)
        .isInstanceOfSatisfying(
            Step.Ask.class,
            ask ->
                assertThat(ask.call().head())
                    .isEqualTo(
                        "GET /check/a?b HTTP/1.1\r\nhost: web.shop\r\ncontent-length: 0\r\n"
                            + "authorization: t\r\nx-user: u\r\nx-mesh: m\r\n\r\n"));
  }

  @Test
  void an_authorizer_that_is_lost_denies_or_does_not_as_is_wanted() {
    Seen request = chosen("/", Map.of());
    Call.Answer lost = new Call.Lost("gone");
    assertThat(asked(authorizer(false, false), request, lost))
        .isEqualTo(Step.Reply.of(403, ResponseFlag.UAEX, "ext_authz_error", ""));
    assertThat(asked(authorizer(true, false), request, lost)).isEqualTo(Step.GO_ON);
    assertThat(asked(authorizer(true, true), request, lost))
        .isInstanceOfSatisfying(
            Step.Edit.class,
            edit ->
                assertThat(edit.change().added())
                    .isEqualTo(Map.of("x-envoy-auth-failure-mode-allowed", "true")));
  }

  private static String shown(boolean whole) {
    Authorizer authorizer = authorizer(false, false, new Authorizer.Body(4, true, false));
    Step step = new ExternalFilter(authorizer).head(chosen("/", Map.of()));
    assertThat(step)
        .isInstanceOfSatisfying(
            Step.Hold.class,
            hold -> {
              assertThat(hold.most()).isEqualTo(4);
              assertThat(hold.partial()).isTrue();
            });
    byte[] body = {'a', 'b', 'c', 'd'};
    Step then = ((Step.Hold) step).next().apply(new Step.Held(body, whole));
    assertThat(((Step.Ask) then).call().body()).isEqualTo(body);
    return ((Step.Ask) then).call().head();
  }

  @Test
  void an_authorizer_that_is_shown_bodies_waits_for_them() {
    assertThat(shown(true)).contains("content-length: 4\r\n", "partial-body: false\r\n");
    assertThat(shown(false)).contains("content-length: 4\r\n", "partial-body: true\r\n");
  }

  private static Route failing(FaultPolicy.@Nullable Delay delay, FaultPolicy.Abort abort) {
    return new Route(
        "r",
        RouteMatch.of(new PathMatch.Prefix("/", false)),
        RouteAction.Forward.to("app"),
        HeaderEdits.NONE,
        HeaderEdits.NONE,
        "",
        List.of(new FaultPolicy(delay, abort)));
  }

  @Test
  void a_fault_answers_after_its_delay() {
    FaultPolicy.Abort abort = new FaultPolicy.Abort(418, null, Fraction.ALL);
    FaultPolicy.Delay delay = new FaultPolicy.Delay(Duration.ofNanos(5), Fraction.ALL);
    Seen request = Seen.get("/", Map.of());
    Step answer = new FaultFilter().head(request.on(failing(null, abort)));
    assertThat(answer)
        .isInstanceOfSatisfying(Step.Reply.class, r -> assertThat(r.status()).isEqualTo(418));
    assertThat(new FaultFilter().head(request.on(failing(delay, abort))))
        .isEqualTo(new Step.Delay(5, answer));
  }

  @Test
  void without_a_route_the_router_says_so() {
    assertThat(new RouterFilter().head(Seen.get("/", Map.of())))
        .isEqualTo(Step.Reply.of(404, ResponseFlag.NR, "route_not_found", ""));
  }
}
