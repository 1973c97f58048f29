package dev.weft.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListWatchTest {
  private static final String NAMESPACES = "/k8s/clusters/c-1/api/v1/namespaces";

  private final BlockingQueue<List<String>> lists = new LinkedBlockingQueue<>();
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
            new ListWatch.Source<>(
                new KubeApi(client),
                "/api/v1/namespaces",
                "",
                Namespace.class,
                n -> n.getMetadata().getName()),
            new ListWatch.Sink<>() {
              @Override
              public void listed(List<String> items) {
                lists.add(items);
              }

              @Override
              public void stored(String item) {}

              @Override
              public void removed(String item) {}

              @Override
              public void failing(IOException why) {}
            });
  }

  @AfterEach
  void stop() {
    watch.close();
    client.close();
    server.close();
  }

  private static String page(String next, String... names) {
    return "{\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\""
        + next
        + "\"},\"items\":["
        + String.join(
            ",",
            List.of(names).stream().map(n -> "{\"metadata\":{\"name\":\"" + n + "\"}}").toList())
        + "]}";
  }

  private String asked() throws InterruptedException {
    return Objects.requireNonNull(server.asked.poll(20, TimeUnit.SECONDS)).target();
  }

  @Test
  void a_list_is_read_page_by_page_below_the_path_of_the_servers_address() throws Exception {
    server.at(NAMESPACES + "?limit=500", 200, page("a/b=", "one"));
    server.at(NAMESPACES + "?limit=500&continue=a%2Fb%3D", 200, page("", "two"));
    watch.start();
    assertThat(lists.poll(20, TimeUnit.SECONDS)).containsExactly("one", "two");
    assertThat(asked()).isEqualTo(NAMESPACES + "?limit=500");
    assertThat(asked()).endsWith("continue=a%2Fb%3D");
    assertThat(asked()).startsWith(NAMESPACES + "?watch=true").contains("resourceVersion=7");
  }

  @Test
  void a_list_whose_next_page_has_expired_is_read_again_in_one_piece() throws Exception {
    server.at(NAMESPACES + "?limit=500", 200, page("old", "one"));
    server.at(NAMESPACES + "?limit=500&continue=old", 410, "{\"message\":\"expired\"}");
    server.at(NAMESPACES, 200, page("", "one", "two", "three"));
    watch.start();
    assertThat(lists.poll(20, TimeUnit.SECONDS)).containsExactly("one", "two", "three");
  }
}
