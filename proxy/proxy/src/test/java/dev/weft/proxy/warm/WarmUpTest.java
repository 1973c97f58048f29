package dev.weft.proxy.warm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.identity.IdentitySource;
import dev.weft.identity.WorkloadIdentity;
import dev.weft.loop.Clock;
import dev.weft.server.Pki;
import dev.weft.testkit.Settle;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final String URI = "spiffe://cluster.local/ns/default/sa/app";

  // However slow this machine is, the time is not up.
  private static final Clock STANDING = new Looked(0);

  private final Pki pki = new Pki();

  private static int answered(IdentitySource identity, Clock clock) {
    WarmUp warmUp = WarmUp.start(identity, clock);
    Settle.until("the warm-up is over", warmUp::over);
    return warmUp.answered();
  }

  @Test
  void requests_cross_all_parts_of_a_mesh_over_both_versions() {
    assertThat(answered(pki.identity(URI), STANDING)).isEqualTo(WarmUp.REQUESTS);
  }

  @Test
  void certificate_that_the_proxy_does_not_take_from_itself_ends_it() {
    WorkloadIdentity other = pki.identity(URI + "lication").current();
    WorkloadIdentity misnamed =
        new WorkloadIdentity(URI, other.key(), other.chain(), other.roots(), other.generation());
    assertThat(answered(new Fixed(misnamed), STANDING)).isZero();
  }

  @Test
  void it_ends_when_its_time_is_up() {
    assertThat(answered(pki.identity(URI), new Looked(5))).isBetween(1, WarmUp.REQUESTS - 1);
  }

  /** So many milliseconds pass whenever somebody looks, and none otherwise. */
  private record Looked(long millis, AtomicLong time) implements Clock {
    Looked(long millis) {
      this(millis, new AtomicLong());
    }

    @Override
    public long nanos() {
      return time.getAndAdd(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Override
    public Instant instant() {
      return Instant.now();
    }

    @Override
    public <T> @Nullable T poll(BlockingQueue<T> queue, Duration max) throws InterruptedException {
      return Clock.system().poll(queue, max);
    }

    @Override
    public boolean await(CountDownLatch latch, Duration max) throws InterruptedException {
      return Clock.system().await(latch, max);
    }

    @Override
    public Runnable after(Duration time, Runnable task) {
      return Clock.system().after(time, task);
    }
  }

  private record Fixed(WorkloadIdentity current) implements IdentitySource {
    @Override
    public void watch(Consumer<WorkloadIdentity> listener) {
      listener.accept(current);
    }
  }
}
