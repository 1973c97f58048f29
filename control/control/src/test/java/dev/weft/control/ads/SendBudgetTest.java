package dev.weft.control.ads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.SimulatedClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SendBudgetTest {
  private final SimulatedClock clock = new SimulatedClock();
  private final SendBudget budget = new SendBudget(1 << 20, Duration.ofSeconds(5), clock);

  @Test
  void what_is_small_is_free_and_what_is_too_large_takes_all() throws InterruptedException {
    assertThat(budget.take(64 << 10)).isZero();
    int all = budget.take(1L << 30);
    assertThat(budget.left()).isZero();
    assertThat(budget.take(1_000)).isZero();
    budget.give(all);
    assertThat(budget.left()).isEqualTo(1 << 20);
  }

  @Test
  void who_finds_no_room_waits_until_somebody_gives_back() throws InterruptedException {
    int first = budget.take(600 << 10);
    Thread second =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    budget.give(budget.take(600 << 10));
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    while (second.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    budget.give(first);
    second.join();
    assertThat(budget.left()).isEqualTo(1 << 20);
  }

  @Test
  void who_does_not_read_keeps_others_waiting_for_a_while_and_no_longer()
      throws InterruptedException {
    SendBudget.Share slow = budget.share();
    slow.take(1 << 20);
    assertThat(slow.nanosToWait()).isEqualTo(Duration.ofSeconds(5).toNanos());
    clock.pass(Duration.ofSeconds(4));
    slow.settle(false);
    assertThat(budget.left()).isZero();
    clock.pass(Duration.ofSeconds(1));
    slow.settle(false);
    assertThat(budget.left()).isEqualTo(1 << 20);
    assertThat(slow.nanosToWait()).isEqualTo(Long.MAX_VALUE);
  }
}
