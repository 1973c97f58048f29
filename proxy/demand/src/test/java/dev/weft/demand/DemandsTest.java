package dev.weft.demand;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.xds.XdsType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DemandsTest {
  private static final Demand OWN = new Demand(XdsType.LISTENER, "10.0.0.1_80");
  private static final Demand ANY = new Demand(XdsType.LISTENER, "0.0.0.0_80");

  private final AtomicLong now = new AtomicLong();
  private final Demands demands = Demands.asking(now::get);
  private final ScheduledThreadPoolExecutor loop = new ScheduledThreadPoolExecutor(1);
  private final List<String> wentOn = new ArrayList<>();
  private final AtomicInteger told = new AtomicInteger();

  @BeforeEach
  void begin() {
    demands.start(loop, told::incrementAndGet);
  }

  @AfterEach
  void end() {
    loop.shutdownNow();
  }

  private @Nullable Awaiting await(String who, Demand... needs) {
    return demands.await(List.of(needs), loop, () -> wentOn.add(who));
  }

  private List<String> wentOn() throws Exception {
    loop.submit(() -> {}).get(60, TimeUnit.SECONDS);
    return List.copyOf(wentOn);
  }

  private void settle(Demand demand) {
    await("nobody", demand);
    demands.answered(demand.type(), demand.name(), false);
    demands.wakeTheServed();
  }

  private static Demand host(int number) {
    return new Demand(XdsType.VIRTUAL_HOST, "80/host-" + number);
  }

  @Test
  void who_waits_goes_on_when_all_is_answered_and_in_force() throws Exception {
    assertThat(await("a", OWN, ANY)).isNotNull();
    demands.answered(XdsType.LISTENER, OWN.name(), false);
    demands.wakeTheServed();
    assertThat(wentOn()).isEmpty();

    demands.answered(XdsType.LISTENER, ANY.name(), true);
    demands.wakeTheServed();
    assertThat(wentOn()).as("it is not in force yet").isEmpty();

    demands.inForce();
    assertThat(wentOn()).containsExactly("a");
    assertThat(demands.settled(OWN)).isTrue();
    assertThat(demands.settled(ANY)).isTrue();
    assertThat(demands.vain()).isZero();
  }

  @Test
  void the_second_who_needs_it_waits_for_the_same_answer() throws Exception {
    await("a", OWN);
    await("b", OWN);
    assertThat(demands.names(XdsType.LISTENER)).containsExactly(OWN.name());

    demands.answered(XdsType.LISTENER, OWN.name(), false);
    demands.wakeTheServed();
    assertThat(wentOn()).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void what_was_answered_is_not_waited_for() throws Exception {
    settle(OWN);
    assertThat(wentOn()).containsExactly("nobody");
    assertThat(await("a", OWN)).isNull();
    assertThat(wentOn()).containsExactly("nobody");
    assertThat(told).hasValue(1);
  }

  @Test
  void what_does_not_come_in_time_is_not_waited_for_again_until_it_has_come() throws Exception {
    requireNonNull(await("a", OWN)).late();
    assertThat(wentOn()).containsExactly("a");
    assertThat(demands.vain()).isEqualTo(1);
    assertThat(await("b", OWN)).isNull();

    demands.answered(XdsType.LISTENER, OWN.name(), true);
    demands.inForce();
    assertThat(demands.settled(OWN)).isTrue();
  }

  @Test
  void when_the_control_plane_goes_away_all_go_on() throws Exception {
    assertThat(await("a", OWN)).as("nobody knows yet that there is none").isNotNull();
    demands.reachable(true);
    await("b", ANY);
    demands.reachable(false);

    assertThat(wentOn()).containsExactlyInAnyOrder("a", "b");
    assertThat(await("c", host(1))).isNull();
    assertThat(demands.names(XdsType.VIRTUAL_HOST)).as("to be asked for later").hasSize(1);
  }

  @Test
  void who_is_gone_is_not_called_back() throws Exception {
    requireNonNull(await("a", OWN)).cancel();
    demands.answered(XdsType.LISTENER, OWN.name(), false);
    demands.wakeTheServed();
    assertThat(wentOn()).isEmpty();
  }

  @Test
  void no_more_than_a_bounded_number_wait() {
    for (int i = 0; i < Demands.MOST_WAITING; i++) {
      assertThat(await("a", OWN)).isNotNull();
    }
    assertThat(await("b", OWN)).isNull();
  }

  @Test
  void what_nobody_used_for_an_hour_is_dropped_and_what_serves_a_connection_stays() {
    settle(OWN);
    settle(ANY);
    settle(host(1));
    requireNonNull(demands.used(ANY)).hold();
    now.addAndGet(Duration.ofMinutes(40).toNanos());
    assertThat(demands.settled(host(1))).isTrue();
    now.addAndGet(Duration.ofMinutes(40).toNanos());

    assertThat(demands.expire()).isTrue();
    assertThat(demands.names(XdsType.LISTENER)).containsExactly(ANY.name());
    assertThat(demands.names(XdsType.VIRTUAL_HOST)).containsExactly(host(1).name());
    assertThat(demands.expire()).isFalse();
  }

  @Test
  void the_least_recently_used_make_place() {
    for (int i = 0; i < Demands.MOST; i++) {
      now.addAndGet(Duration.ofSeconds(2).toNanos() / 10);
      settle(host(i));
    }
    now.addAndGet(Duration.ofSeconds(2).toNanos());
    assertThat(demands.settled(host(0))).isTrue();
    settle(host(Demands.MOST));

    assertThat(demands.names(XdsType.VIRTUAL_HOST))
        .hasSizeLessThanOrEqualTo(Demands.MOST)
        .contains(host(0).name(), host(Demands.MOST).name())
        .doesNotContain(host(1).name());
  }

  @Test
  void where_everything_is_in_use_nothing_more_is_asked_for() {
    for (int i = 0; i < Demands.MOST; i++) {
      settle(host(i));
      requireNonNull(demands.used(host(i))).hold();
    }
    assertThat(await("a", host(Demands.MOST))).isNull();
    assertThat(demands.names(XdsType.VIRTUAL_HOST)).hasSize(Demands.MOST);
  }
}
