package dev.weft.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.config.ControlIdentity;
import dev.weft.config.MeshSettings;
import dev.weft.testkit.Corpus;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged reviews of API servers are answered. */
class HostileReviewTest {
  private final InjectionWebhook injection =
      new InjectionWebhook(
          cluster ->
              InjectionSettings.of(
                  MeshSettings.defaults(), ControlIdentity.hosted("istio-system"), true),
          () -> ProxyConfigs.NONE);
  private final ValidationWebhook validation = new ValidationWebhook(object -> List.of());

  @Test
  void every_body_has_an_answer() {
    JsonMapper json = new JsonMapper();
    Corpus.of("review")
        .torture(
            Set.of(),
            input -> {
              assertThat(json.readTree(injection.handle("/inject/cluster/c1", input)).isObject())
                  .isTrue();
              assertThat(json.readTree(validation.handle(input)).isObject()).isTrue();
            });
  }
}
