package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.AccessFilter;
import dev.weft.access.AccessRules;
import dev.weft.routing.FaultPolicy;
import dev.weft.routing.Fraction;
import dev.weft.routing.HeaderEdits;
import dev.weft.routing.PathMatch;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.RouteMatch;
import dev.weft.runtime.HttpFilter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Filters of a listener, in the order of its configuration. */
class HttpFiltersTest {
  private static final HttpFilter DENIES =
      new HttpFilter.Access(
          new AccessFilter(new AccessRules(AccessRules.Action.ALLOW, List.of()), null, ""));
  private static final HttpFilter FAILS = new HttpFilter.Fault();
  private static final HttpFilter ROUTES = new HttpFilter.Router(false);

  @RegisterExtension final Front front = new Front();

  private int status(String path, HttpFilter... filters) {
    Route failing =
        new Route(
            "failing",
            RouteMatch.of(new PathMatch.Prefix("/failing", false)),
            RouteAction.Forward.to("app"),
            HeaderEdits.NONE,
            HeaderEdits.NONE,
            "",
            List.of(new FaultPolicy(null, new FaultPolicy.Abort(418, null, Fraction.ALL))));
    try (Origin origin = Origin.answering("fine")) {
      front.proxy.apply(
          new Configs()
              .routes("table", failing, Configs.route("/", "app"))
              .cluster(Configs.cluster("app"), origin.port())
              .listener(
                  Configs.plain(
                      "front", front.port, Configs.http("table", List.of(filters), List.of())))
              .build());
      try (Peer client = front.connect()) {
        client.send("GET " + path + " HTTP/1.1\r\nhost: a\r\n\r\n");
        return client.response().status();
      }
    }
  }

  @Test
  void the_first_one_that_answers_ends_it() {
    assertThat(status("/failing", DENIES, FAILS, ROUTES)).isEqualTo(403);
    assertThat(status("/failing", FAILS, DENIES, ROUTES)).isEqualTo(418);
    assertThat(status("/", FAILS, DENIES, ROUTES)).isEqualTo(403);
    assertThat(status("/", FAILS, ROUTES)).isEqualTo(200);
  }
}
