package dev.weft.proxy.warm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.identity.IdentitySource;
import dev.weft.identity.WorkloadIdentity;
import dev.weft.server.Pki;
import dev.weft.testkit.Settle;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final String URI = "spiffe://cluster.local/ns/default/sa/app";

  // However slow this machine is, the time is not up.
  private static final InstantSource STANDING = InstantSource.fixed(Instant.now());

  private final Pki pki = new Pki();

  private static int answered(IdentitySource identity, InstantSource clock) {
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
    AtomicInteger looks = new AtomicInteger();
    Instant begin = Instant.now();
    assertThat(answered(pki.identity(URI), () -> begin.plusMillis(looks.getAndIncrement() * 5L)))
        .isBetween(1, WarmUp.REQUESTS - 1);
  }

  private record Fixed(WorkloadIdentity current) implements IdentitySource {
    @Override
    public void watch(Consumer<WorkloadIdentity> listener) {
      listener.accept(current);
    }
  }
}
