package dev.weft.control.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.ConfigEvent;
import dev.weft.config.ConfigSet;
import dev.weft.config.MeshSettings;
import dev.weft.config.MeshSettingsParser;
import dev.weft.snapshot.GatewayHosts;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewayNamesTest {
  private static final String NAME = "lb.example.com";

  private final BlockingQueue<ConfigEvent> events = new LinkedBlockingQueue<>();
  // Each answer is handed to one look; an empty one is a failure.
  private final BlockingQueue<List<String>> answers = new LinkedBlockingQueue<>();
  private final GatewayNames names =
      new GatewayNames(
          events::add,
          name -> {
            try {
              List<String> answer = answers.take();
              if (answer.isEmpty()) {
                throw new UnknownHostException(name);
              }
              return answer;
            } catch (InterruptedException e) {
              throw new UnknownHostException(e.getMessage());
            }
          },
          Duration.ofMillis(1));

  @AfterEach
  void stop() {
    names.close();
    answers.add(List.of("0.0.0.0"));
  }

  private static SortedSet<String> gatewayAt(String host) {
    Map<String, ?> networks =
        Map.of(
            "networks",
            Map.of(
                "network2", Map.of("gateways", List.of(Map.of("address", host, "port", 15443)))));
    MeshSettings settings =
        MeshSettingsParser.read(Map.of(), networks, MeshSettings.defaults()).settings();
    return GatewayHosts.of(ConfigSet.empty(settings));
  }

  private ConfigEvent next() throws InterruptedException {
    return events.poll(60, TimeUnit.SECONDS);
  }

  private static ConfigEvent at(String... addresses) {
    return new ConfigEvent.HostsResolved(Map.of(NAME, List.of(addresses)));
  }

  @Test
  void a_name_is_looked_up_again_and_again_and_its_last_good_answer_is_kept() throws Exception {
    names.accept(gatewayAt(NAME));
    names.start();
    answers.add(List.of("192.0.2.1", "192.0.2.2"));
    assertThat(next()).isEqualTo(at("192.0.2.1", "192.0.2.2"));
    answers.add(List.of("192.0.2.1", "192.0.2.2"));
    answers.add(List.of());
    answers.add(List.of("192.0.2.3"));
    // Neither the same answer nor a failure is news.
    assertThat(next()).isEqualTo(at("192.0.2.3"));
  }

  @Test
  void a_name_that_no_gateway_has_any_more_is_forgotten() throws Exception {
    names.accept(gatewayAt(NAME));
    names.start();
    answers.add(List.of("192.0.2.1"));
    assertThat(next()).isEqualTo(at("192.0.2.1"));
    names.accept(gatewayAt("192.0.2.9"));
    answers.add(List.of("192.0.2.1"));
    assertThat(next()).isEqualTo(new ConfigEvent.HostsResolved(Map.of()));
  }
}
