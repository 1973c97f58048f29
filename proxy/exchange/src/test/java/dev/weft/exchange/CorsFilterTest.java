package dev.weft.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.routing.CorsPolicy;
import dev.weft.routing.HeaderEdits;
import dev.weft.routing.PathMatch;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.RouteMatch;
import dev.weft.routing.StringMatch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What answers to requests of other origins say. */
class CorsFilterTest {
  private static final Route ROUTE =
      new Route(
          "r",
          RouteMatch.of(new PathMatch.Prefix("/", false)),
          RouteAction.Forward.to("app"),
          HeaderEdits.NONE,
          HeaderEdits.NONE,
          "",
          List.of(
              new CorsPolicy(
                  List.of(new StringMatch.Exact("https://a", false)),
                  "GET",
                  "",
                  "x-told",
                  "",
                  true,
                  true)));

  private static Answering answering(Map<String, String> request) {
    return new CorsFilter().answer(Sent.to(Seen.get("/", request).on(ROUTE), Map.of()));
  }

  @Test
  void an_answer_to_an_allowed_origin_says_so_instead_of_the_server() {
    Answering answering = answering(Map.of("origin", "https://a"));
    assertThat(answering.lines())
        .containsExactly(
            "access-control-allow-origin: https://a",
            "access-control-allow-credentials: true",
            "access-control-expose-headers: x-told");
    assertThat(answering.edits().getFirst().remove())
        .containsExactly(
            "access-control-allow-origin",
            "access-control-allow-credentials",
            "access-control-expose-headers");
  }

  @Test
  void others_get_the_answer_as_it_is() {
    assertThat(answering(Map.of("origin", "https://b"))).isEqualTo(Answering.AS_IT_IS);
    assertThat(answering(Map.of())).isEqualTo(Answering.AS_IT_IS);
  }
}
