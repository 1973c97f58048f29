package dev.weft.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.types.HostPort;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GatewayHealthTest {
  private static final HostPort ONE = new HostPort("192.0.2.1", 15443);
  private static final HostPort OTHER = new HostPort("192.0.2.2", 15443);

  private final GatewayHealth health = new GatewayHealth();
  private long now = Long.MAX_VALUE - 1;

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      health.failed(ONE, now);
    }
  }

  private void after(Duration time) {
    now += time.toNanos();
  }

  @Test
  void a_gateway_that_refuses_several_in_a_row_is_passed_over() {
    fail(GatewayHealth.REFUSALS - 1);
    assertThat(health.isOut(ONE)).isFalse();
    fail(1);
    assertThat(health.isOut(ONE)).isTrue();
    assertThat(health.isOut(OTHER)).isFalse();
    assertThat(health.version()).isEqualTo(1);
  }

  @Test
  void a_connection_in_between_begins_the_count_anew() {
    fail(GatewayHealth.REFUSALS - 1);
    health.connected(ONE);
    fail(GatewayHealth.REFUSALS - 1);
    assertThat(health.isOut(ONE)).isFalse();
    assertThat(health.version()).isZero();
  }

  @Test
  void it_is_tried_once_when_its_time_is_over_and_comes_back() {
    fail(GatewayHealth.REFUSALS);
    assertThat(health.due(now)).isEmpty();
    after(GatewayHealth.FIRST);
    assertThat(health.due(now)).containsExactly(ONE);
    assertThat(health.due(now)).isEmpty();
    assertThat(health.isOut(ONE)).isTrue();

    health.connected(ONE);
    assertThat(health.isOut(ONE)).isFalse();
    assertThat(health.version()).isEqualTo(2);
  }

  @Test
  void a_failed_try_doubles_the_time_up_to_a_limit() {
    fail(GatewayHealth.REFUSALS);
    Duration time = GatewayHealth.FIRST;
    for (int i = 0; i < 10; i++) {
      after(time.minusNanos(1));
      assertThat(health.due(now)).as("try %d, too early", i).isEmpty();
      after(Duration.ofNanos(1));
      assertThat(health.due(now)).as("try %d", i).containsExactly(ONE);
      health.failed(ONE, now);
      time =
          time.multipliedBy(2).compareTo(GatewayHealth.MAX) > 0
              ? GatewayHealth.MAX
              : time.multipliedBy(2);
    }
    assertThat(time).isEqualTo(GatewayHealth.MAX);
  }

  @Test
  void one_that_never_comes_back_is_forgotten() {
    fail(GatewayHealth.REFUSALS);
    for (int i = 0; i < GatewayHealth.TRIES; i++) {
      after(GatewayHealth.MAX);
      assertThat(health.due(now)).containsExactly(ONE);
      health.failed(ONE, now);
    }
    assertThat(health.isOut(ONE)).isFalse();
    after(GatewayHealth.MAX);
    assertThat(health.due(now)).isEmpty();
  }

  @Test
  void late_news_of_connections_begun_earlier_does_not_prolong_the_time() {
    fail(GatewayHealth.REFUSALS);
    after(GatewayHealth.FIRST.minusNanos(1));
    fail(5);
    after(Duration.ofNanos(1));
    assertThat(health.due(now)).containsExactly(ONE);
  }
}
