package dev.weft.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.types.HostPort;
import dev.weft.types.Locality;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BalancerTest {
  private static final Balancer.Load IDLE = host -> 0;
  private final SplittableRandom random = new SplittableRandom(7);

  private static LoadAssignment.Group group(int priority, int weight, int... endpointWeights) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < endpointWeights.length; i++) {
      endpoints.add(
          new Endpoint(
              new HostPort("10." + priority + "." + weight + "." + i, 80),
              "",
              endpointWeights[i],
              Endpoint.Health.HEALTHY,
              Map.of(),
              "",
              ""));
    }
    return new LoadAssignment.Group(Locality.UNKNOWN, priority, weight, endpoints);
  }

  private static LoadAssignment assignment(LoadAssignment.Group... groups) {
    return new LoadAssignment("c", List.of(groups), 140);
  }

  private int[] spread(Balancer balancer, int picks) {
    int[] counts = new int[balancer.endpoints().size() + 1];
    for (int i = 0; i < picks; i++) {
      int host = balancer.pick(IDLE, random, Balancer.Wish.PLAIN);
      counts[host < 0 ? counts.length - 1 : host]++;
    }
    return counts;
  }

  @Test
  void round_robin_takes_turns_by_weight() {
    Balancer equal =
        Balancer.of(new LbPolicy.RoundRobin(), LbTuning.DEFAULT, assignment(group(0, 1, 1, 1, 1)));
    Balancer weighted =
        Balancer.of(new LbPolicy.RoundRobin(), LbTuning.DEFAULT, assignment(group(0, 1, 3, 1)));

    assertThat(spread(equal, 9)).containsExactly(3, 3, 3, 0);
    assertThat(spread(weighted, 8)).containsExactly(6, 2, 0);
  }

  @Test
  void least_request_prefers_the_less_busy_of_two() {
    Balancer balancer =
        Balancer.of(new LbPolicy.LeastRequest(2), LbTuning.DEFAULT, assignment(group(0, 1, 1, 1)));
    int idle = 0;
    for (int i = 0; i < 1000; i++) {
      idle += balancer.pick(host -> host == 0 ? 10 : 0, random, Balancer.Wish.PLAIN) == 1 ? 1 : 0;
    }

    assertThat(idle).isBetween(700, 800);
  }

  @Test
  void least_request_spreads_few_requests_over_idle_endpoints_more_evenly_than_chance() {
    Balancer balancer =
        Balancer.of(
            new LbPolicy.LeastRequest(2), LbTuning.DEFAULT, assignment(group(0, 1, 1, 1, 1)));
    int worst = 0;
    for (int round = 0; round < 100; round++) {
      for (int count : Arrays.copyOf(spread(balancer, 300), 3)) {
        worst = Math.max(worst, Math.abs(count - 100));
      }
    }

    // By chance alone, some of so many would be off by 25 and more.
    assertThat(worst).isLessThanOrEqualTo(20);
  }

  @ParameterizedTest
  @MethodSource("byWeight")
  void idle_endpoints_get_requests_by_their_weights(LbPolicy policy) {
    Balancer balancer = Balancer.of(policy, LbTuning.DEFAULT, assignment(group(0, 1, 1, 2, 5)));

    int[] counts = spread(balancer, 8000);

    assertThat(counts[0]).isCloseTo(1000, within(150));
    assertThat(counts[1]).isCloseTo(2000, within(200));
    assertThat(counts[2]).isCloseTo(5000, within(250));
  }

  static List<LbPolicy> byWeight() {
    return List.of(new LbPolicy.RoundRobin(), new LbPolicy.LeastRequest(2), new LbPolicy.Random());
  }

  @Test
  void least_request_loads_endpoints_in_proportion_to_their_weights() {
    Balancer balancer =
        Balancer.of(new LbPolicy.LeastRequest(2), LbTuning.DEFAULT, assignment(group(0, 1, 1, 3)));
    int[] active = new int[2];
    for (int i = 0; i < 400; i++) {
      active[balancer.pick(host -> active[host], random, Balancer.Wish.PLAIN)]++;
    }

    assertThat(active[0]).isCloseTo(100, within(10));
  }

  @Test
  void distribute_weights_of_localities_hold_in_every_five_requests() {
    Balancer balancer =
        Balancer.of(
            new LbPolicy.RoundRobin(),
            new LbTuning(0, true),
            assignment(group(0, 80, 1), group(0, 20, 1)));

    assertThat(spread(balancer, 50)).containsExactly(40, 10, 0);
  }

  @Test
  void a_locality_loses_load_only_when_fewer_than_its_overprovisioned_share_is_healthy() {
    Balancer balancer =
        Balancer.of(
            new LbPolicy.RoundRobin(),
            new LbTuning(0, true),
            assignment(group(0, 50, 1, 1), group(0, 50, 1)));
    balancer.eject(0, true);

    // 50 * min(1, 1.4 * 1/2) = 35 to 50
    assertThat(spread(balancer, 8500)[1]).isCloseTo(3500, within(100));
  }

  @Test
  void the_next_priority_takes_what_the_first_cannot() {
    Balancer balancer =
        Balancer.of(
            new LbPolicy.Random(),
            new LbTuning(0, false),
            assignment(group(0, 1, 1, 1), group(1, 1, 1)));

    assertThat(spread(balancer, 1000)[2]).isZero();
    balancer.eject(0, true);
    // half of priority 0 is healthy: it takes 70 %
    assertThat(spread(balancer, 10_000)[2]).isCloseTo(3000, within(200));
    balancer.eject(1, true);
    assertThat(spread(balancer, 100)[2]).isEqualTo(100);
    balancer.eject(0, false);
    balancer.eject(1, false);
    assertThat(spread(balancer, 100)[2]).isZero();
  }

  @Test
  void in_panic_health_is_ignored_and_without_panic_nothing_is_picked() {
    LoadAssignment two = assignment(group(0, 1, 1, 1));
    Balancer panics = Balancer.of(new LbPolicy.RoundRobin(), LbTuning.DEFAULT, two);
    Balancer never = Balancer.of(new LbPolicy.RoundRobin(), new LbTuning(0, false), two);
    for (int host = 0; host < 2; host++) {
      panics.eject(host, true);
      never.eject(host, true);
    }

    assertThat(spread(panics, 10)).containsExactly(5, 5, 0);
    assertThat(spread(never, 10)).containsExactly(0, 0, 10);
  }

  @Test
  void a_retry_avoids_endpoints_and_priorities_that_were_tried() {
    Balancer balancer =
        Balancer.of(
            new LbPolicy.RoundRobin(),
            LbTuning.DEFAULT,
            assignment(group(0, 1, 1, 1), group(1, 1, 1)));
    BitSet tried = new BitSet();
    tried.set(0);

    for (int i = 0; i < 100; i++) {
      assertThat(balancer.pick(IDLE, random, new Balancer.Wish(null, tried, 5, false)))
          .isEqualTo(1);
    }
  }

  @Test
  void a_retry_leaves_the_only_endpoint_of_a_priority_that_gets_all_load() {
    Balancer balancer =
        Balancer.of(
            new LbPolicy.RoundRobin(),
            LbTuning.DEFAULT,
            assignment(group(0, 1, 1), group(1, 1, 1), group(2, 1, 1)));
    BitSet tried = new BitSet();
    tried.set(0);
    Balancer.Wish another = new Balancer.Wish(null, tried, 5, false);

    assertThat(balancer.pick(IDLE, random, another)).isEqualTo(1);
    tried.set(1);
    assertThat(balancer.pick(IDLE, random, another)).isEqualTo(2);
    tried.set(2);
    assertThat(balancer.pick(IDLE, random, another)).as("nothing else is left").isZero();
    assertThat(balancer.pick(IDLE, random, new Balancer.Wish(null, tried, 0, false))).isZero();
  }

  @Test
  void the_same_hash_finds_the_same_endpoint_and_a_lost_endpoint_moves_only_its_own() {
    LoadAssignment.Group all = group(0, 1, 1, 1, 1, 1);
    Balancer before = Balancer.of(new LbPolicy.RingHash(1024), LbTuning.DEFAULT, assignment(all));
    Balancer after = Balancer.of(new LbPolicy.RingHash(1024), LbTuning.DEFAULT, assignment(all));
    after.eject(2, true);
    int moved = 0;
    for (int i = 0; i < 1000; i++) {
      long hash = Hash.of("user-" + i);
      int was = before.pick(IDLE, random, Balancer.Wish.of(hash));
      assertThat(before.pick(IDLE, random, Balancer.Wish.of(hash))).isEqualTo(was);
      int now = after.pick(IDLE, random, Balancer.Wish.of(hash));
      moved += was != now ? 1 : 0;
      if (was != 2) {
        assertThat(now).isEqualTo(was);
      }
    }

    assertThat(moved).isBetween(150, 350);
  }

  @Test
  void no_endpoints_no_pick() {
    Balancer balancer =
        Balancer.of(new LbPolicy.Random(), LbTuning.DEFAULT, LoadAssignment.empty("c"));

    assertThat(balancer.pick(IDLE, random, Balancer.Wish.PLAIN)).isEqualTo(Balancer.NONE);
  }

  @Test
  void shares_are_what_many_picks_come_to() {
    LoadAssignment weighted = assignment(group(0, 1, 1, 3), group(0, 4, 2), group(1, 1, 1, 1));
    LbTuning byLocality = new LbTuning(50, true);
    for (LbPolicy policy :
        List.of(
            new LbPolicy.RoundRobin(),
            new LbPolicy.LeastRequest(2),
            new LbPolicy.Random(),
            new LbPolicy.RingHash(1024),
            new LbPolicy.Maglev(65_537))) {
      for (LbTuning tuning : List.of(LbTuning.DEFAULT, byLocality)) {
        for (List<Integer> out :
            List.of(List.<Integer>of(), List.of(0), List.of(0, 1), List.of(0, 1, 2, 3))) {
          Balancer balancer = Balancer.of(policy, tuning, weighted);
          out.forEach(host -> balancer.eject(host, true));
          int[] counts = spread(balancer, 10_000);
          double[] shares = balancer.shares();
          for (int host = 0; host < shares.length; host++) {
            assertThat(shares[host])
                .as("%s of %s, %s, without %s", host, policy, tuning, out)
                .isCloseTo(counts[host] / 10_000.0, within(0.025));
          }
        }
      }
    }
  }

  @Test
  void nobody_has_a_share_where_nobody_is() {
    LoadAssignment one = assignment(group(0, 1, 1));
    Balancer balancer = Balancer.of(new LbPolicy.RoundRobin(), new LbTuning(0, false), one);
    assertThat(balancer.shares()).containsExactly(1);
    balancer.eject(0, true);
    assertThat(balancer.shares()).containsExactly(0);
    assertThat(Balancer.of(new LbPolicy.RoundRobin(), LbTuning.DEFAULT, assignment()).shares())
        .isEmpty();
  }
}
