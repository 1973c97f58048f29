package dev.weft.bench;

import dev.weft.snapshot.MeshSnapshot;
import dev.weft.topology.Traffic;
import dev.weft.topology.history.History;
import dev.weft.topology.history.Observation;
import dev.weft.topology.layout.Layouts;
import dev.weft.topology.picture.Drawing;
import dev.weft.topology.picture.Level;
import dev.weft.topology.picture.Picture;
import dev.weft.topology.picture.PictureInput;
import dev.weft.topology.picture.View;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A picture of 3 clusters × 50 namespaces × 20 workloads of two pods: of all of it, which is drawn
 * by namespaces, and of three namespaces with what they speak with, which is about as many cards as
 * a picture has.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class PictureBenchmark {
  /** What is looked at. */
  public enum Seen {
    ALL,
    THREE_NAMESPACES;

    private View view() {
      Set<String> namespaces =
          switch (this) {
            case ALL -> Set.of();
            case THREE_NAMESPACES -> Set.of("namespace-3", "namespace-13", "namespace-23");
          };
      return new View(
          Level.WORKLOAD, Set.of(), namespaces, false, true, true, Duration.ofMinutes(1));
    }
  }

  @Param public Seen seen = Seen.ALL;

  private final MeshSnapshot snapshot = new SyntheticMesh(3, 50, 20).snapshot();
  private final Traffic traffic = new SyntheticMesh(3, 50, 20).traffic();
  private final Instant now = Instant.parse("2026-01-01T10:00:00Z");
  private final History history =
      History.EMPTY.with(new Observation(now, snapshot, traffic, Set.of(), List.of()));
  private final Layouts kept = new Layouts(8);

  /** Of something that was not there before. */
  @Benchmark
  public Picture with_layout() {
    return draw(new Layouts(1));
  }

  /** As every five seconds while nothing but the figures changes. */
  @Benchmark
  public Picture with_known_layout() {
    return draw(kept);
  }

  /** What the recorder does every five seconds. */
  @Benchmark
  public History observation() {
    return history.with(
        new Observation(now.plusSeconds(5), snapshot, traffic, Set.of(), List.of()));
  }

  private Picture draw(Layouts layouts) {
    return Drawing.of(
        new PictureInput(now, snapshot, List.of(), traffic, history), seen.view(), layouts);
  }
}
