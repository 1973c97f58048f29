package dev.weft.control.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import dev.weft.config.MeshSettings;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.Observed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnalystTest {
  private final Semaphore begun = new Semaphore(0);
  private final Semaphore may = new Semaphore(0);
  private final Analyst analyst = new Analyst(this::analyze, Duration.ZERO);
  private final BlockingQueue<Observed> told = new LinkedBlockingQueue<>();

  @AfterEach
  void stop() {
    analyst.close();
  }

  /** Takes as long as the test says, and finds the name of the set. */
  private List<Diagnostic> analyze(ConfigSet config, MeshSnapshot snapshot) {
    begun.release();
    may.acquireUninterruptibly();
    if (config.diagnostics().isEmpty()) {
      throw new IllegalStateException("a fault of ours");
    }
    return config.diagnostics();
  }

  private void changed(String name) {
    analyst.accept(
        new ConfigSet(
            MeshSettings.defaults(),
            Map.of(),
            Map.of(),
            Map.of(),
            name.isEmpty() ? List.of() : List.of(Diagnostic.note(name, "x", "", "y"))),
        MeshSnapshot.empty(MeshSettings.defaults()));
  }

  private String next() throws InterruptedException {
    Observed news = Objects.requireNonNull(told.poll(60, TimeUnit.SECONDS), "nothing told");
    return news.findings().getFirst().code();
  }

  @Test
  void of_what_comes_while_it_looks_only_the_last_is_looked_at() throws Exception {
    analyst.subscribe(told::add);
    analyst.start();
    changed("first");
    assertThat(begun.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
    changed("second");
    changed("third");
    changed("last");
    may.release(2);
    assertThat(next()).isEqualTo("first");
    assertThat(next()).isEqualTo("last");
    assertThat(analyst.findings()).singleElement().matches(d -> d.code().equals("last"));
    assertThat(told).isEmpty();
  }

  @Test
  void who_comes_late_is_told_what_was_found_last() throws Exception {
    analyst.subscribe(told::add);
    analyst.start();
    may.release();
    changed("one");
    assertThat(next()).isEqualTo("one");
    BlockingQueue<Observed> late = new LinkedBlockingQueue<>();
    analyst.subscribe(late::add);
    assertThat(late).hasSize(1);
  }

  @Test
  void a_fault_costs_one_look_and_no_more() throws Exception {
    analyst.subscribe(told::add);
    analyst.start();
    changed("");
    assertThat(begun.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
    changed("after");
    may.release(2);
    assertThat(next()).isEqualTo("after");
  }
}
