package dev.weft.xds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HeldVersionsTest {
  private static HeldVersions of(String... pairs) {
    HeldVersions held = new HeldVersions();
    for (String pair : pairs) {
      String[] parts = pair.split("=", 2);
      held.put(new ResourceVersion(parts[0], parts[1]));
    }
    return held;
  }

  @Test
  void version_depends_on_what_is_held_and_not_on_how_it_came_about() {
    HeldVersions held = of("b=2", "a=1", "c=3", "a=9", "a=1");
    held.remove("c");
    held.remove("never");
    assertThat(held.version()).isEqualTo(of("a=1", "b=2").version());
    held.retain(Set.of("b"));
    assertThat(held.version()).isEqualTo(of("b=2").version());
  }

  @Test
  void version_is_the_same_in_every_process() {
    assertThat(of().version()).isEqualTo("0000000000000000");
    assertThat(of("a=1", "b=2").version()).isEqualTo("86de9415aaf9b2de");
  }

  @Test
  void version_tells_names_versions_and_their_borders_apart() {
    assertThat(
            Set.of(
                of("a=1").version(),
                of("a=2").version(),
                of("b=1").version(),
                of("a1=").version(),
                of("=a1").version(),
                of("a=2", "b=1").version(),
                of("a=1", "b=2").version()))
        .hasSize(7);
  }

  @Test
  void absent_resources_are_known_and_not_held() {
    HeldVersions held = of("a=1", "nope=");
    assertThat(held.present()).isEqualTo(1);
    assertThat(held.size()).isEqualTo(2);
    held.put(new ResourceVersion("nope", "1"));
    assertThat(held.present()).isEqualTo(2);
    held.put(new ResourceVersion("a", HeldVersions.ABSENT));
    assertThat(held.present()).isEqualTo(1);
  }

  @Test
  void holds_what_a_map_would_after_any_steps() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      HeldVersions held = new HeldVersions();
      Map<String, String> map = new TreeMap<>();
      for (int step = 0; step < 2_000; step++) {
        if (step % 100 == 0) {
          held.expect(random.nextInt(400));
        }
        // It grows at first, and shrinks later.
        String name = "n" + random.nextInt(300);
        if (random.nextInt(2_000) > step) {
          String version = Integer.toHexString(random.nextInt(4));
          held.put(new ResourceVersion(name, version));
          map.put(name, version);
        } else {
          held.remove(name);
          map.remove(name);
        }
        assertThat(held.get(name)).isEqualTo(map.get(name));
        assertThat(held.size()).isEqualTo(map.size());
      }
      assertThat(held.copy()).isEqualTo(map);
      Set<String> kept = Set.of("n1", "n2", "n3");
      held.retain(kept);
      map.keySet().retainAll(kept);
      assertThat(held.copy()).isEqualTo(map);
      assertThat(held.names()).containsExactlyInAnyOrderElementsOf(map.keySet());
    }
  }
}
