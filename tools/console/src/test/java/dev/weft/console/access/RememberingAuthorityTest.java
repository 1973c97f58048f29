package dev.weft.console.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.console.api.Session.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RememberingAuthorityTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final List<String> asked = new ArrayList<>();
  private Verdict next = new Verdict.Admitted("ada", Role.ADMIN);
  private final RememberingAuthority authority =
      new RememberingAuthority(
          token -> {
            asked.add(token);
            return next;
          },
          now::get);

  @Test
  void a_verdict_holds_for_a_moment_and_no_longer() {
    assertThat(authority.judge("a")).isEqualTo(next);
    assertThat(authority.judge("a")).isEqualTo(next);
    assertThat(asked).containsExactly("a");
    now.set(now.get().plus(RememberingAuthority.KEPT));
    next = new Verdict.Unknown();
    assertThat(authority.judge("a")).isEqualTo(next);
    assertThat(asked).hasSize(2);
  }

  @Test
  void silence_is_not_remembered() {
    next = new Verdict.Unanswered("it is away");
    assertThat(authority.judge("a")).isEqualTo(next);
    next = new Verdict.Admitted("ada", Role.READER);
    assertThat(authority.judge("a")).isEqualTo(next);
  }

  @Test
  void what_is_remembered_is_bounded() {
    for (int i = 0; i < 1_500; i++) {
      assertThat(authority.judge("token-" + i)).isEqualTo(next);
    }
    asked.clear();
    assertThat(authority.judge("token-1499")).isEqualTo(next);
    assertThat(authority.judge("token-0")).isEqualTo(next);
    assertThat(asked).containsExactly("token-0");
  }

  @Test
  void whoever_guesses_does_not_keep_the_config_api_busy() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(8);
    RememberingAuthority slow =
        new RememberingAuthority(
            token -> {
              busy.countDown();
              try {
                answer.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return new Verdict.Unknown();
            },
            now::get);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Verdict>> waiting = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String token = "guess-" + i;
        waiting.add(threads.submit(() -> slow.judge(token)));
      }
      busy.await();
      assertThat(slow.judge("another")).isInstanceOf(Verdict.Unanswered.class);
      answer.countDown();
      for (Future<Verdict> each : waiting) {
        assertThat(each.get()).isInstanceOf(Verdict.Unknown.class);
      }
    }
  }
}
