package dev.weft.control.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.ConfigEvent;
import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectParser;
import dev.weft.testkit.SimulatedClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeySetsTest {
  private static final String ADDRESS = "https://bank.example/keys";

  private final SimulatedClock clock = new SimulatedClock();
  private final BlockingQueue<ConfigEvent> events = new LinkedBlockingQueue<>();
  // Each answer is handed to one request; an empty one is a failure.
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final KeySets keys =
      new KeySets(
          events::add,
          source -> {
            String answer = answers.take();
            if (answer.isEmpty()) {
              throw new IOException("nobody answers");
            }
            return answer;
          },
          Duration.ofSeconds(10),
          clock);

  @AfterEach
  void stop() {
    keys.close();
    answers.add("{}");
  }

  private static ConfigSet config(String... addresses) {
    ConfigObject object =
        ObjectParser.parse(
                ConfigKind.REQUEST_AUTHENTICATION,
                Map.of(
                    "metadata",
                    Map.of("name", "tokens", "namespace", "shop"),
                    "spec",
                    Map.of(
                        "jwtRules",
                        List.of(addresses).stream()
                            .map(address -> Map.of("issuer", "bank", "jwksUri", address))
                            .toList())))
            .value()
            .orElseThrow();
    return new ConfigSet(
        MeshSettings.defaults(), Map.of(), Map.of(object.ref(), object), Map.of(), List.of());
  }

  private ConfigEvent next() throws InterruptedException {
    clock.passUntil("an event", Duration.ofSeconds(1), () -> !events.isEmpty());
    return events.take();
  }

  @Test
  void keys_that_are_named_are_fetched_and_forgotten_when_they_are_not() throws Exception {
    keys.onConfig(config(ADDRESS));
    keys.start();
    answers.add("{\"keys\":[1]}");
    assertThat(next()).isEqualTo(new ConfigEvent.KeySetsFetched(Map.of(ADDRESS, "{\"keys\":[1]}")));
    keys.onConfig(config());
    assertThat(next()).isEqualTo(new ConfigEvent.KeySetsFetched(Map.of()));
  }

  @Test
  void who_names_keys_that_cannot_be_fetched_is_told_until_they_can() throws Exception {
    keys.onConfig(config(ADDRESS));
    keys.start();
    answers.add("");
    ConfigEvent noticed = next();
    assertThat(noticed).isInstanceOf(ConfigEvent.Noticed.class);
    List<Diagnostic> found = ((ConfigEvent.Noticed) noticed).diagnostics();
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().path()).isEqualTo("spec.jwtRules[0]");
    assertThat(found.getFirst().object()).isEqualTo("RequestAuthentication shop/tokens");
    assertThat(found.getFirst().message()).contains("tokens are refused", "nobody answers");
    answers.add("{\"keys\":[1]}");
    assertThat(next()).isInstanceOf(ConfigEvent.KeySetsFetched.class);
    assertThat(next()).isEqualTo(new ConfigEvent.Noticed("keys-of-issuers", List.of()));
  }

  @Test
  void keys_are_fetched_again_after_a_while() throws Exception {
    keys.onConfig(config(ADDRESS));
    keys.start();
    answers.add("{\"keys\":[1]}");
    assertThat(next()).isInstanceOf(ConfigEvent.KeySetsFetched.class);
    long fetched = clock.nanos();
    answers.add("{\"keys\":[2]}");
    assertThat(next()).isEqualTo(new ConfigEvent.KeySetsFetched(Map.of(ADDRESS, "{\"keys\":[2]}")));
    assertThat(Duration.ofNanos(clock.nanos() - fetched)).isGreaterThan(Duration.ofMinutes(19));
  }
}
