package dev.weft.bench;

import dev.weft.config.MeshSettings;
import dev.weft.control.ingest.ConfigStore;
import dev.weft.snapshot.SnapshotBuilder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From the events of one endpoint that changes to the snapshot with its delta. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 3)
public class SnapshotBenchmark {
  /** Services and pods of each, in each of two clusters. */
  public enum Size {
    SERVICES_1000_PODS_3(1_000, 3),
    SERVICES_10000_PODS_5(10_000, 5);

    private final SyntheticFacts facts;

    Size(int services, int pods) {
      facts = new SyntheticFacts(services, pods);
    }
  }

  @Param public Size size = Size.SERVICES_1000_PODS_3;

  private final ConfigStore store = new ConfigStore(MeshSettings.defaults());
  private SnapshotBuilder.Built latest = SnapshotBuilder.Built.nothing(MeshSettings.defaults());
  private int flips;

  @Setup
  public void fill() {
    size.facts.tell(store::apply);
    latest = SnapshotBuilder.build(store.toSet(), latest);
  }

  /** Another service each time. */
  @Benchmark
  public SnapshotBuilder.Built one_endpoint() {
    int service = flips * 37 % size.facts.services();
    size.facts.flip(service, flips++ / size.facts.services() % 2 == 1, store::apply);
    latest = SnapshotBuilder.build(store.toSet(), latest);
    return latest;
  }
}
