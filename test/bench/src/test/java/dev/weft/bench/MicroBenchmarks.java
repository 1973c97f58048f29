package dev.weft.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the benchmarks of single decisions, with what they allocate. Only when named, see {@code
 * micro.sh}: a build does not look for classes of this name.
 */
class MicroBenchmarks {
  @Test
  void run() throws RunnerException {
    assertThat(
            new Runner(
                    new OptionsBuilder()
                        .include(System.getProperty("bench", "dev\\.weft\\.bench\\."))
                        .addProfiler(GCProfiler.class)
                        .shouldFailOnError(true)
                        .build())
                .run())
        .isNotEmpty();
  }
}
