package dev.weft.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.ConfigEvent;
import dev.weft.config.ConfigEvent.Noticed;
import dev.weft.config.ConfigEvent.SettingsChanged;
import dev.weft.config.ControlIdentity;
import dev.weft.config.InjectorValues;
import dev.weft.config.MeshSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsFeedTest {
  private final List<ConfigEvent> events = new ArrayList<>();
  private final SettingsFeed feed =
      new SettingsFeed(
          new ControlIdentity(Optional.empty(), "canary", "istio-system", ""),
          MeshSettings.defaults(),
          events::add);

  private MeshSettings latest() {
    return events.stream()
        .filter(SettingsChanged.class::isInstance)
        .map(SettingsChanged.class::cast)
        .reduce((one, other) -> other)
        .orElseThrow()
        .settings();
  }

  @Test
  void both_config_maps_make_one_set_of_settings_in_either_order() {
    feed.injector(Map.of("values", "{\"global\": {\"hub\": \"example.test\", \"tag\": \"7\"}}"));
    feed.mesh(Map.of("mesh", "connectTimeout: 3s"));
    assertThat(latest().injector().image()).isEqualTo("example.test/weft:7");
    assertThat(latest().connectTimeout()).hasSeconds(3);

    feed.injector(Map.of());
    assertThat(latest().injector()).isEqualTo(InjectorValues.defaults());
    assertThat(latest().connectTimeout()).hasSeconds(3);
  }

  @Test
  void what_cannot_be_read_leaves_in_force_what_was_before_and_is_named() {
    feed.injector(Map.of("values", "global: {hub: example.test}"));
    feed.injector(Map.of("values", "global: {"));
    assertThat(latest().injector().image()).isEqualTo("example.test/weft");
    assertThat(events.getLast())
        .isInstanceOfSatisfying(
            Noticed.class,
            n ->
                assertThat(n.diagnostics())
                    .singleElement()
                    .satisfies(
                        d ->
                            assertThat(d.object())
                                .isEqualTo(
                                    "ConfigMap istio-system/istio-sidecar-injector-canary")));
  }
}
