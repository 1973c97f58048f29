package dev.weft.discovery;

import static dev.weft.discovery.Told.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weft.testkit.SimulatedClock;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListWatchTest {
  private static final String NAMESPACES = "/k8s/clusters/c-1/api/v1/namespaces";
  private static final String FIRST = NAMESPACES + "?limit=500";

  private final BlockingQueue<String> read = new LinkedBlockingQueue<>();
  private final Told told = new Told();
  private final BlockingQueue<List<String>> lists = told.lists;
  private final BlockingQueue<String> changes = told.changes;
  private final BlockingQueue<List<Unreadable>> unreadable = told.unreadable;
  private final BlockingQueue<String> failures = told.failures;
  private final SimulatedClock clock = new SimulatedClock();
  private FakeApi server;
  private KubernetesClient client;
  private ListWatch<String> watch;

  @BeforeEach
  void start() throws IOException {
    server = new FakeApi();
    client =
        Kubeconfigs.client(
            """
            clusters: [{name: c, cluster: {server: "%s/k8s/clusters/c-1"}}]
            users: [{name: u, user: {token: t}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            current-context: x
            """
                .formatted(server.address()));
    watch =
        new ListWatch<>(
            new Source<>(new KubeApi(client), "/api/v1/namespaces", "", Namespace::new, this::name),
            told,
            clock);
  }

  private String name(Namespace namespace) {
    String name = namespace.getMetadata().getName();
    if (namespace.getMetadata().getLabels().containsKey("broken")) {
      throw new IllegalArgumentException("it is broken");
    }
    read.add(name);
    return name;
  }

  @AfterEach
  void stop() {
    watch.close();
    client.close();
    server.close();
  }

  private static String named(String name) {
    return "{\"metadata\":{\"name\":\"" + name + "\"}}";
  }

  private static String page(String next, String... items) {
    return "{\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\""
        + next
        + "\"},\"items\":["
        + String.join(",", items)
        + "]}\n";
  }

  private static String event(String type, String object) {
    return "{\"type\":\"" + type + "\",\"object\":" + object + "}";
  }

  private String asked() throws InterruptedException {
    return next(server.asked).target();
  }

  @Test
  void a_list_is_read_page_by_page_below_the_path_of_the_servers_address() throws Exception {
    server.at(FIRST, 200, page("a/b=", named("one")));
    server.at(FIRST + "&continue=a%2Fb%3D", 200, page("", named("two")));
    watch.start();
    assertThat(next(lists)).containsExactly("one", "two");
    assertThat(asked()).isEqualTo(FIRST);
    assertThat(asked()).endsWith("continue=a%2Fb%3D");
    assertThat(asked()).startsWith(NAMESPACES + "?watch=true").contains("resourceVersion=7");
  }

  @Test
  void a_list_whose_next_page_has_expired_is_read_again_in_one_piece() throws Exception {
    server.at(FIRST, 200, page("old", named("one")));
    server.at(FIRST + "&continue=old", 410, "{\"message\":\"expired\"}");
    server.at(NAMESPACES, 200, page("", named("one"), named("two"), named("three")));
    watch.start();
    assertThat(next(lists)).containsExactly("one", "two", "three");
  }

  @Test
  void a_list_goes_on_where_the_server_says_how_and_its_watch_begins_at_the_first_page()
      throws Exception {
    server.at(FIRST, 200, page("old", named("one")));
    server.at(
        FIRST + "&continue=old",
        410,
        "{\"message\":\"expired\",\"metadata\":{\"continue\":\"rest\"}}");
    server.at(FIRST + "&continue=rest", 200, page("", named("two")).replace("\"7\"", "\"9\""));
    watch.start();
    assertThat(next(lists)).containsExactly("one", "two");
    List<String> targets = List.of(asked(), asked(), asked(), asked());
    assertThat(targets.getLast()).contains("watch=true").contains("resourceVersion=7");
  }

  @Test
  void a_list_of_two_moments_from_which_nothing_can_be_watched_is_read_again_in_one_piece()
      throws Exception {
    server.at(FIRST, 200, page("old", named("one")));
    server.at(FIRST + "&continue=old", 410, "{\"metadata\":{\"continue\":\"rest\"}}");
    server.at(FIRST + "&continue=rest", 200, page("", named("two")));
    server.at(
        NAMESPACES + "?watch=true&allowWatchBookmarks=true&timeoutSeconds=240&resourceVersion=7",
        200,
        event("ERROR", "{\"kind\":\"Status\",\"code\":410}"));
    server.at(NAMESPACES, 200, page("", named("three")).replace("\"7\"", "\"9\""));
    watch.start();
    assertThat(next(lists)).containsExactly("one", "two");
    assertThat(next(lists)).containsExactly("three");
  }

  @Test
  void a_page_may_take_as_long_as_it_likes_while_something_comes() throws Exception {
    List<String> pieces =
        List.of(
            "{\"items\":[" + named("one"),
            "," + named("two"),
            "," + named("three"),
            "," + named("four"),
            "],\"metadata\":{\"resourceVersion\":\"7\"}}");
    BlockingQueue<String> page = server.inPieces(FIRST, String.join("", pieces).length());
    watch.start();
    for (String piece : pieces) {
      page.add(piece);
      if (piece.contains("name")) {
        next(read);
        clock.pass(Duration.ofSeconds(10));
      }
    }
    assertThat(next(lists)).containsExactly("one", "two", "three", "four");
    assertThat(failures).isEmpty();
  }

  @Test
  void a_page_in_which_nothing_comes_any_more_is_a_failure() throws Exception {
    server.inPieces(FIRST, 1000).add("{\"items\":[" + named("one") + ",");
    watch.start();
    next(read);
    String failure = failures.poll();
    while (failure == null) {
      clock.pass(Duration.ofSeconds(15));
      failure = failures.poll(10, TimeUnit.MILLISECONDS);
    }
    assertThat(failure).isEqualTo("nothing has come for 15 s in the middle of an answer");
    server.at(FIRST, 200, page("", named("one")));
    assertThat(next(lists)).containsExactly("one");
  }

  @Test
  void a_list_whose_connection_is_cut_counts_for_nothing() throws Exception {
    BlockingQueue<String> page = server.inPieces(FIRST, 1000);
    page.add("{\"items\":[" + named("one") + ",{\"metadata\":{\"na");
    page.add(FakeApi.CUT);
    watch.start();
    assertThat(next(failures)).isNotEmpty();
    assertThat(lists).isEmpty();
    server.at(FIRST, 200, page("", named("one"), named("two")));
    assertThat(next(lists)).containsExactly("one", "two");
  }

  @Test
  void an_answer_that_is_no_list_takes_nothing_away() throws Exception {
    server.at(FIRST, 200, "<html>a proxy that wants a password</html>");
    watch.start();
    assertThat(next(failures)).startsWith("the list cannot be read");
    server.at(FIRST, 200, "{\"kind\":\"Status\",\"metadata\":{}}");
    assertThat(next(failures)).isNotEmpty();
    assertThat(lists).isEmpty();
  }

  @Test
  void an_object_that_cannot_be_read_is_named_and_the_others_count() throws Exception {
    String broken = "{\"metadata\":{\"name\":\"broken\",\"labels\":{\"broken\":\"\"}}}";
    String other = "{\"metadata\":{\"name\":\"other\",\"labels\":{\"a\":[{}]}},\"spec\":{}}";
    server.at(FIRST, 200, page("", named("one"), broken, "[[{}]]", "7", other, named("two")));
    watch.start();
    assertThat(next(unreadable))
        .extracting(Unreadable::object, Unreadable::path, Unreadable::why)
        .containsExactly(
            tuple("broken", "", "it is broken"),
            tuple(
                "other",
                "metadata.labels.a",
                "Cannot deserialize value of type `java.lang.String` from Array value (token"
                    + " `JsonToken.START_ARRAY`)"),
            tuple("without a name", "", "it is no object"));
    assertThat(next(lists)).containsExactly("one", "two");

    // Until it can be read again.
    assertThat(asked()).isEqualTo(FIRST);
    assertThat(asked()).contains("watch=true");
    server.happens(NAMESPACES, event("MODIFIED", broken));
    server.happens(NAMESPACES, event("ADDED", named("three")));
    assertThat(next(changes)).isEqualTo("stored three");
    server.happens(NAMESPACES, event("MODIFIED", named("broken")));
    assertThat(next(changes)).isEqualTo("stored broken");
    assertThat(next(unreadable))
        .extracting(Unreadable::object)
        .containsExactly("other", "without a name");
  }

  @Test
  void a_watch_goes_on_from_the_last_bookmark() throws Exception {
    server.at(
        NAMESPACES + "?watch=true&allowWatchBookmarks=true&timeoutSeconds=240&resourceVersion=1",
        200,
        event("DELETED", named("one"))
            + event(
                "BOOKMARK", "{\"kind\":\"Namespace\",\"metadata\":{\"resourceVersion\":\"12\"}}"));
    watch.start();
    assertThat(next(changes)).isEqualTo("removed one");
    List<String> targets = List.of(asked(), asked(), asked());
    assertThat(targets.getLast()).contains("resourceVersion=12");
  }
}
