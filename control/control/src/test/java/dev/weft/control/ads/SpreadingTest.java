package dev.weft.control.ads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpreadingTest {
  /** Replicas behind one Service, which leads each new connection to any of them. */
  private static final class Replicas {
    private final Random random = new Random(7);
    private final int[] proxies;
    private final boolean[] full;
    private final List<Spreading> each = new ArrayList<>();
    private int moves;

    Replicas(int... proxies) {
      this.proxies = proxies;
      this.full = new boolean[proxies.length];
      for (int i = 0; i < proxies.length; i++) {
        int replica = i;
        each.add(new Spreading(() -> full[replica], count -> sendAway(replica, count)));
      }
    }

    private void sendAway(int replica, int count) {
      moves += count;
      proxies[replica] -= count;
      for (int i = 0; i < count; i++) {
        int to = random.nextInt(proxies.length);
        // Where there is no room it is refused, and tries again.
        while (full[to]) {
          to = random.nextInt(proxies.length);
        }
        proxies[to]++;
      }
    }

    void rounds(int rounds) {
      for (int round = 0; round < rounds; round++) {
        int[] seen = proxies.clone();
        int all = Arrays.stream(seen).sum();
        for (int i = 0; i < seen.length; i++) {
          each.get(i).counted(seen[i], all - seen[i], seen.length - 1);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"300, 0, 0", "1000, 1000, 0", "50, 0, 0", "10000, 9000, 100"})
  void who_joins_has_its_share_soon(int one, int two, int three) {
    Replicas replicas = new Replicas(one, two, three);
    int all = one + two + three;

    replicas.rounds(60);

    assertThat(Arrays.stream(replicas.proxies).boxed()).allMatch(n -> n <= 1.1 * all / 3 + 7);
    assertThat(replicas.moves).isLessThan(2 * all);
    int moved = replicas.moves;
    replicas.rounds(60);
    assertThat(replicas.moves).as("nobody moves without need").isEqualTo(moved);
  }

  @Test
  void a_replica_without_room_sends_proxies_to_those_that_have_some() {
    Replicas replicas = new Replicas(100, 100);
    replicas.full[0] = true;

    replicas.rounds(6);

    assertThat(replicas.proxies[0]).isLessThan(80);
  }

  @Test
  void one_alone_keeps_its_proxies_though_it_is_full() {
    Replicas replicas = new Replicas(500);
    replicas.full[0] = true;

    replicas.rounds(100);

    assertThat(replicas.moves).isZero();
  }

  /** Such as proxies that were told the address of one replica, and no Service. */
  @Test
  void where_all_come_back_it_is_tried_less_and_less_often() {
    List<Integer> sent = new ArrayList<>();
    Spreading spreading = new Spreading(() -> false, sent::add);

    for (int round = 0; round < 600; round++) {
      spreading.counted(300, 0, 1);
    }

    assertThat(sent).hasSizeBetween(5, 12);
  }
}
