package dev.weft.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weft.config.ConfigEvent;
import dev.weft.config.Diagnostic;
import dev.weft.config.KubeFact;
import dev.weft.loop.Clock;
import dev.weft.types.ClusterId;
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

class ClusterWatcherTest {
  private static final String PODS = "/api/v1/pods";
  private static final String FIRST = PODS + "?limit=500";

  private final BlockingQueue<ConfigEvent> events = new LinkedBlockingQueue<>();
  private FakeApi server;
  private ClusterWatcher watcher;

  @BeforeEach
  void start() throws IOException {
    server = new FakeApi();
    KubernetesClient client =
        Kubeconfigs.client(
            """
            clusters: [{name: c, cluster: {server: "%s"}}]
            users: [{name: u, user: {token: t}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            current-context: x
            """
                .formatted(server.address()));
    watcher =
        new ClusterWatcher(
            new ClusterId("east"), new KubeApi(client), events::add, client, Clock.system());
  }

  @AfterEach
  void stop() {
    watcher.close();
    server.close();
  }

  private static String pod(String name, String port) {
    return ("{\"metadata\":{\"namespace\":\"shop\",\"name\":\"%s\",\"managedFields\":[{}]},"
            + "\"spec\":{\"containers\":[{\"name\":\"c\",\"ports\":[{\"containerPort\":%s}]}]}}")
        .formatted(name, port);
  }

  private static String page(String... pods) {
    return "{\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[%s]}"
        .formatted(String.join(",", pods));
  }

  private static String event(String type, String object) {
    return "{\"type\":\"%s\",\"object\":%s}".formatted(type, object);
  }

  private <E extends ConfigEvent> E next(Class<E> kind) throws InterruptedException {
    while (true) {
      ConfigEvent event = Objects.requireNonNull(events.poll(60, TimeUnit.SECONDS));
      if (kind.isInstance(event)) {
        return kind.cast(event);
      }
    }
  }

  private List<KubeFact> pods() throws InterruptedException {
    ConfigEvent.FactsListed listed = next(ConfigEvent.FactsListed.class);
    while (listed.kind() != KubeFact.Kind.POD) {
      listed = next(ConfigEvent.FactsListed.class);
    }
    return listed.facts();
  }

  private static List<String> names(List<KubeFact> facts) {
    return facts.stream().map(fact -> fact.key().name()).toList();
  }

  private void watched() throws InterruptedException {
    String target = "";
    while (!target.startsWith(PODS + "?watch=true")) {
      target = Objects.requireNonNull(server.asked.poll(60, TimeUnit.SECONDS)).target();
    }
  }

  @Test
  void what_did_not_change_is_the_same_after_another_list_and_is_not_told_again() throws Exception {
    server.at(FIRST, 200, page(pod("cart", "80"), pod("web", "80")));
    watcher.start();
    List<KubeFact> before = pods();
    assertThat(names(before)).containsExactly("cart", "web");

    watched();
    server.at(FIRST, 200, page(pod("cart", "80"), pod("web", "81")));
    server.happens(PODS, event("ERROR", "{\"kind\":\"Status\",\"code\":410}"));
    List<KubeFact> after = pods();
    assertThat(after.getFirst()).isSameAs(before.getFirst());
    assertThat(after.getLast()).isNotEqualTo(before.getLast());

    watched();
    server.happens(PODS, event("MODIFIED", pod("web", "81")));
    server.happens(PODS, event("DELETED", pod("unknown", "80")));
    server.happens(PODS, event("MODIFIED", pod("cart", "82")));
    ConfigEvent change = next(ConfigEvent.class);
    while (!(change instanceof ConfigEvent.FactStored
        || change instanceof ConfigEvent.FactRemoved)) {
      change = next(ConfigEvent.class);
    }
    assertThat(change)
        .isInstanceOfSatisfying(
            ConfigEvent.FactStored.class,
            stored -> assertThat(stored.fact().key().name()).isEqualTo("cart"));
  }

  @Test
  void a_pod_that_cannot_be_read_is_found_and_stays_what_it_was() throws Exception {
    server.at(FIRST, 200, page(pod("cart", "80"), pod("web", "80")));
    watcher.start();
    List<KubeFact> before = pods();

    watched();
    server.at(FIRST, 200, page(pod("cart", "\"http\""), pod("new", "[]"), pod("web", "80")));
    server.happens(PODS, event("ERROR", "{\"kind\":\"Status\",\"code\":410}"));
    assertThat(next(ConfigEvent.Noticed.class).diagnostics())
        .extracting(Diagnostic::object, Diagnostic::path)
        .containsExactly(
            tuple("Pod shop/cart (cluster east)", "spec.containers[0].ports[0].containerPort"),
            tuple("Pod shop/new (cluster east)", "spec.containers[0].ports[0].containerPort"));
    List<KubeFact> after = pods();
    assertThat(names(after)).containsExactlyInAnyOrder("web", "cart");
    assertThat(after).contains(before.getFirst());

    watched();
    server.at(FIRST, 200, page(pod("cart", "81"), pod("web", "80")));
    server.happens(PODS, event("MODIFIED", pod("cart", "81")));
    server.happens(PODS, event("DELETED", pod("new", "[]")));
    assertThat(next(ConfigEvent.Noticed.class).diagnostics())
        .extracting(Diagnostic::object)
        .containsExactly("Pod shop/new (cluster east)");
    assertThat(next(ConfigEvent.Noticed.class).diagnostics()).isEmpty();
    assertThat(names(pods())).containsExactly("cart", "web");
  }
}
