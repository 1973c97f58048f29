package dev.weft.control;

import static dev.weft.control.LoopbackMesh.settle;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a proxy that refuses something to the person who wrote it. */
class RefusedByProxyTest {
  private static final String ROUTES =
      "/apis/networking.istio.io/v1/namespaces/default/virtualservices";

  @TempDir Path directory;
  private LoopbackMesh world;
  private PodConnection pod;

  @BeforeEach
  void start() throws Exception {
    world = new LoopbackMesh(directory);
    world.workloads();
    settle(() -> world.explain(), e -> e.path("ports").size() == 1);
    pod = new PodConnection(world, world.plane);
  }

  @AfterEach
  void stop() throws Exception {
    pod.close();
    world.close();
  }

  private static Map<String, Object> routes(String timeout) {
    return Map.of(
        "metadata",
        Map.of("name", "httpbin"),
        "spec",
        Map.of(
            "hosts",
            List.of("httpbin"),
            "http",
            List.of(
                Map.of(
                    "timeout",
                    timeout,
                    "route",
                    List.of(Map.of("destination", Map.of("host", "httpbin")))))));
  }

  private JsonNode state() throws Exception {
    return world.get("/debug/syncz").at("/0/types/RDS");
  }

  private static RouteConfiguration table(PodConnection.Answer answer) throws Exception {
    return answer.response().getResources(0).getResource().unpack(RouteConfiguration.class);
  }

  private static String text(PodConnection.Answer answer) throws Exception {
    return table(answer).toString();
  }

  /** Where the route of the VirtualService is in what was sent. */
  private static String field(PodConnection.Answer answer) throws Exception {
    List<VirtualHost> hosts = table(answer).getVirtualHostsList();
    for (int i = 0; i < hosts.size(); i++) {
      if (hosts.get(i).getName().startsWith("httpbin.")) {
        return "virtual_hosts[" + i + "].routes[0].match.safe_regex";
      }
    }
    throw new AssertionError("no such host in " + hosts);
  }

  @Test
  void a_refusal_stands_in_the_object_and_in_the_status_of_the_proxy_until_it_is_mended()
      throws Exception {
    assertThat(world.mesh.create(ROUTES, routes("5s"))).isNotEmpty();
    settle(() -> world.mesh.get(ROUTES + "/httpbin").toString(), s -> s.contains("Reconciled"));
    try (PodConnection.Answer first = pod.ask(XdsType.ROUTE, "8000")) {
      first.refuse("8000: " + field(first) + ": it is not to my taste; really");
      JsonNode found =
          settle(
              () -> world.object(ROUTES + "/httpbin"),
              object -> object.toString().contains("refused-by-proxy"));
      assertThat(found.at("/status/conditions/0/status").asText()).isEqualTo("False");
      assertThat(found.at("/status/conditions/0/message").asText())
          .contains("route table 8000", "it is not to my taste; really");
      JsonNode refused = state().path("refused").path(0);
      assertThat(refused.path("object").asText()).isEqualTo("VirtualService default/httpbin");
      assertThat(refused.path("field").asText()).isEqualTo(field(first));
      assertThat(refused.path("message").asText()).isEqualTo("it is not to my taste; really");

      assertThat(world.mesh.merge(ROUTES + "/httpbin", routes("6s"))).isNotEmpty();
      PodConnection.Answer next = first.next();
      while (!text(next).contains("seconds: 6")) {
        next.refuse("8000: " + field(next) + ": it is not to my taste; really");
        next = next.next();
      }
      next.accept();
      settle(this::state, state -> state.path("state").asText().equals("SYNCED"));
      settle(
          () -> world.object(ROUTES + "/httpbin"),
          object -> object.at("/status/conditions/0/status").asText().equals("True"));
    }
  }
}
