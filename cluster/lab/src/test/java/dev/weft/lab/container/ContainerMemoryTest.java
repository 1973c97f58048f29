package dev.weft.lab.container;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.lab.container.ContainerRuntime.Container;
import dev.weft.lab.container.ContainerRuntime.Spec;
import org.junit.jupiter.api.Test;

/** Limits of memory of real containers. */
class ContainerMemoryTest extends ContainersInPod {
  @Test
  void who_takes_more_memory_than_the_limit_is_ended_where_the_machine_lets_us() throws Exception {
    String greedy = "head -c 200000000 /dev/zero | tail -c 150000000 | wc -c";
    Spec spec =
        spec("exec 2>/dev/null; " + greedy + " & wait $!; exit 137").memory(64L << 20).build();
    Container container = start(spec);
    assumeTrue(container.limited(), "this machine has no control groups for us");

    assertThat(container.exit().get(10, SECONDS)).isEqualTo(137);
    assertThat(container.outOfMemory()).isTrue();
  }

  @Test
  void who_ends_within_the_limit_is_not_said_to_have_passed_it() throws Exception {
    Container container = start(spec("exit 3").memory(64L << 20).build());

    assertThat(container.exit().get(10, SECONDS)).isEqualTo(3);
    assertThat(container.outOfMemory()).isFalse();
  }
}
