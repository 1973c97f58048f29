package dev.weft.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.ConfigKind;
import dev.weft.config.DestinationRule;
import dev.weft.config.KubeService;
import dev.weft.config.ObjectMeta;
import dev.weft.config.TrafficPolicy;
import dev.weft.types.ServiceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AliasTest {
  private static KubeService alias(String name, String externalName) {
    return new KubeService(
        new ServiceId("default", name),
        Map.of(),
        Map.of(),
        Instant.EPOCH,
        KubeService.Type.EXTERNAL_NAME,
        List.of(),
        false,
        externalName,
        List.of(),
        List.of(),
        Map.of(),
        List.of(new KubeService.Port("http", 80, "TCP", "", "80", 0)),
        false,
        false);
  }

  private static World world() {
    World world = new World();
    world
        .cluster("east")
        .put(alias("one", "cart.default.svc.cluster.local"))
        .put(alias("two", "ONE.default.svc.cluster.local."))
        .put(alias("gone", "nobody.default.svc.cluster.local"))
        .put(alias("here", "there.default.svc.cluster.local"))
        .put(alias("there", "here.default.svc.cluster.local"))
        .put(alias("outside", "Www.Example.com"))
        .put(alias("cart", "elsewhere.default.svc.cluster.local"));
    world
        .cluster("west")
        .service("cart", 80, "http", "10.96.0.6")
        .pod("cart", "cart-w", "10.0.0.2");
    return world;
  }

  @ParameterizedTest
  @CsvSource({
    "one, cart",
    "two, cart",
    "cart, cart",
    "outside, outside",
    "gone, ''",
    "here, ''",
    "nobody, ''"
  })
  void a_name_means_what_is_at_the_end_of_its_aliases(String name, String target) {
    MeshSnapshot snapshot = world().snapshot();
    assertThat(
            AliasTarget.of(snapshot, name + ".default.svc.cluster.local")
                .map(service -> service.id().name()))
        .isEqualTo(target.isEmpty() ? Optional.empty() : Optional.of(target));
  }

  @Test
  void what_is_wrong_with_aliases_is_said() {
    World world =
        world()
            .put(
                new DestinationRule(
                    ObjectMeta.of(ConfigKind.DESTINATION_RULE, "default", "one"),
                    "one.default.svc.cluster.local",
                    TrafficPolicy.NONE,
                    List.of(),
                    List.of(),
                    Map.of()));
    world.snapshot();
    assertThat(world.findings())
        .extracting(d -> d.object() + " " + d.code())
        .contains(
            "Service gone.default IST0101",
            "Service here.default IST0101",
            "Service there.default IST0101",
            "Service cart.default IST0170",
            "DestinationRule default/one IST0174")
        .noneMatch(
            found -> found.startsWith("Service one.") || found.startsWith("Service outside."));
  }
}
