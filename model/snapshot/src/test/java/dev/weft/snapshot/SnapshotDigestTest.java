package dev.weft.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.SyncState;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotDigestTest {
  private static World world() {
    World world = new World();
    world.cluster("east").node("n", "r/z").service("cart", 80, "http", "10.96.0.1");
    world.cluster("east").pod("cart", "cart-1", "10.0.0.1").pod("cart", "cart-2", "10.0.0.2");
    world.cluster("west").service("shop", 80, "http", "").proxyAt("172.18.0.3");
    return world.network("west", "network2", true);
  }

  @Test
  void two_that_were_made_of_the_same_by_other_ways_are_equal() {
    World detour = world();
    detour.cluster("north").service("gone", 80, "http", "10.96.0.9");
    SnapshotDigest before = SnapshotDigest.of(detour.snapshot());
    detour.leave("north");
    detour.cluster("east").unready("cart", "cart-1");
    assertThat(detour.snapshot().version()).isEqualTo(2);
    World other = world();
    other.cluster("east").unready("cart", "cart-1");

    SnapshotDigest after = SnapshotDigest.of(detour.snapshot());
    assertThat(after).isEqualTo(SnapshotDigest.of(other.snapshot()));
    assertThat(after.total()).isNotEqualTo(before.total()).matches("[0-9a-f]{16}");
  }

  @Test
  void how_well_a_cluster_can_be_read_makes_no_difference() {
    World lost = world();
    lost.cluster("east").state(SyncState.LOST);
    assertThat(SnapshotDigest.of(lost.snapshot())).isEqualTo(SnapshotDigest.of(world().snapshot()));
  }

  @Test
  void the_parts_tell_what_is_different() {
    World other = world().network("west", "network3", true);
    SnapshotDigest one = SnapshotDigest.of(world().snapshot());
    SnapshotDigest two = SnapshotDigest.of(other.snapshot());
    assertThat(two.parts().entrySet())
        .filteredOn(part -> !part.getValue().equals(one.parts().get(part.getKey())))
        .extracting(Map.Entry::getKey)
        .contains("networks", "networkGateways")
        .doesNotContain("settings", "virtualServices");
  }
}
