package dev.weft.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.routing.HeaderEdits;
import dev.weft.routing.HeaderEdits.Action;
import dev.weft.routing.HeaderMutations;
import dev.weft.routing.HeaderMutations.Level;
import dev.weft.routing.PathMatch;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.RouteMatch;
import dev.weft.runtime.HttpFilter.HeaderMutation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What heads look like after changes of several places. */
class HeaderMutationFilterTest {
  private static HeaderEdits set(String name, String value, Action action) {
    return new HeaderEdits(List.of(), List.of(new HeaderEdits.Edit(name, value, action, false)));
  }

  private static HeaderEdits add(String name, String value) {
    return set(name, value, Action.APPEND_IF_EXISTS_OR_ADD);
  }

  private static HeaderEdits remove(String name) {
    return new HeaderEdits(List.of(name), List.of());
  }

  private static Level level(HeaderEdits... edits) {
    return new Level(List.of(edits), List.of(edits));
  }

  private static Route route(Level... levels) {
    return new Route(
        "r",
        RouteMatch.of(new PathMatch.Prefix("/", false)),
        RouteAction.Forward.to("app"),
        HeaderEdits.NONE,
        HeaderEdits.NONE,
        "",
        List.of(new HeaderMutations(List.of(levels))));
  }

  private static HeadChange change(HeaderMutation rules, Seen request) {
    Step step = new HeaderMutationFilter(rules).head(request);
    assertThat(step).isInstanceOf(Step.Edit.class);
    return ((Step.Edit) step).change();
  }

  @Test
  void changes_come_one_after_the_other() {
    HeadChange change =
        change(
            new HeaderMutation(
                level(
                    add("a", "2"),
                    remove("b"),
                    set("b", "new", Action.ADD_IF_ABSENT),
                    add("c", "gone"),
                    remove("c"),
                    set("d", "by %PROTOCOL%", Action.OVERWRITE_IF_EXISTS),
                    set("e", "x", Action.OVERWRITE_IF_EXISTS)),
                false),
            Seen.get("/", Map.of("a", "1", "b", "old", "d", "there")));
    assertThat(change.added()).isEqualTo(Map.of("a", "1,2", "b", "new", "d", "by HTTP/1.1"));
    assertThat(change.removed()).containsExactlyInAnyOrder("a", "b", "c", "d");
  }

  @Test
  void the_listener_comes_first_and_the_places_of_the_route_in_the_order_that_is_wanted() {
    Route route = route(level(add("x", "route")), level(add("x", "host")));
    Seen request = Seen.get("/", Map.of()).on(route);
    Level own = level(add("x", "own"));
    assertThat(change(new HeaderMutation(own, false), request).added())
        .isEqualTo(Map.of("x", "own,route,host"));
    assertThat(change(new HeaderMutation(own, true), request).added())
        .isEqualTo(Map.of("x", "own,host,route"));
    assertThat(
            new HeaderMutationFilter(new HeaderMutation(own, true))
                .answer(Sent.to(request, Map.of()))
                .edits())
        .containsExactly(add("x", "own"), add("x", "host"), add("x", "route"));
  }

  @Test
  void without_changes_nothing_happens() {
    HeaderMutationFilter filter = new HeaderMutationFilter(new HeaderMutation(Level.NONE, false));
    Seen request = Seen.get("/", Map.of());
    assertThat(filter.head(request)).isEqualTo(Step.GO_ON);
    assertThat(filter.answer(Sent.to(request, Map.of()))).isEqualTo(Answering.AS_IT_IS);
  }
}
