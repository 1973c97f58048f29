package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.AccessFilter;
import dev.weft.access.AccessRules;
import dev.weft.routing.FaultPolicy;
import dev.weft.routing.Fraction;
import dev.weft.routing.HeaderEdits;
import dev.weft.routing.HeaderMutations;
import dev.weft.routing.PathMatch;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.RouteMatch;
import dev.weft.runtime.HttpFilter;
import java.util.List;
import java.util.Locale;
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

  @Test
  void heads_of_both_ways_are_changed() {
    HeaderEdits edits =
        new HeaderEdits(
            List.of("x-gone"),
            List.of(
                new HeaderEdits.Edit(
                    "x-set", "%PROTOCOL%", HeaderEdits.Action.OVERWRITE_IF_EXISTS_OR_ADD, false)));
    HttpFilter changes =
        new HttpFilter.HeaderMutation(
            new HeaderMutations.Level(List.of(edits), List.of(edits)), false);
    Origin origin =
        new Origin(
            peer -> {
              String head = peer.head();
              peer.send("HTTP/1.1 200 OK\r\nX-Gone: a\r\nX-Set: b\r\nX-Set: c\r\nContent-Length: ");
              peer.send(head.length() + "\r\n\r\n" + head);
            });
    try (origin) {
      front.proxy.apply(
          new Configs()
              .routes("table", Configs.route("/", "app"))
              .cluster(Configs.cluster("app"), origin.port())
              .listener(
                  Configs.plain(
                      "front",
                      front.port,
                      Configs.http("table", List.of(changes, ROUTES), List.of())))
              .build());
      try (Peer client = front.connect()) {
        client.send("GET / HTTP/1.1\r\nhost: a\r\nx-gone: a\r\nx-set: b\r\n\r\n");
        Peer.Response response = client.response();
        for (String head : List.of(response.body(), response.head())) {
          assertThat(head).contains("x-set: HTTP/1.1\r\n").doesNotContainIgnoringCase("x-gone");
          assertThat(head.toLowerCase(Locale.ROOT).split("x-set", -1)).hasSize(2);
        }
      }
    }
  }
}
