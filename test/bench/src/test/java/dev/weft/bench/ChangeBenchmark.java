package dev.weft.bench;

import dev.weft.config.MeshSettings;
import dev.weft.control.ingest.ConfigStore;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.SnapshotBuilder;
import dev.weft.snapshot.Workload;
import dev.weft.translate.Changes;
import dev.weft.translate.PolicyReads;
import dev.weft.translate.ProxyNode;
import dev.weft.translate.ProxyRole;
import dev.weft.translate.Translation;
import dev.weft.translate.ViewResources;
import dev.weft.translate.Viewpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

/**
 * One change of 1,000 services of three pods in each of two clusters, from what the clusters say to
 * the encoded responses of 100 sidecars, without sockets and in one thread.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 4)
@Measurement(iterations = 5, time = 4)
public class ChangeBenchmark {
  private static final int SERVICES = 1_000;
  private static final int PODS = 3;
  private static final int SIDECARS = 100;

  /** What changes to and fro. */
  public enum Change {
    /** An endpoint is ready, or not. */
    ENDPOINT,
    /** A route has another timeout. */
    VIRTUAL_SERVICE
  }

  @Param public Change change = Change.ENDPOINT;

  private final SyntheticFacts facts = new SyntheticFacts(SERVICES, PODS);
  private final ConfigStore store = new ConfigStore(MeshSettings.defaults());
  private final Translation translation = new Translation();
  private final Map<Viewpoint, ViewResources> views = new HashMap<>();
  private final List<ServedSidecar> sidecars = new ArrayList<>();
  private SnapshotBuilder.Built latest = SnapshotBuilder.Built.nothing(MeshSettings.defaults());
  private boolean changed;

  @Setup
  public void connect() {
    facts.tell(store::apply);
    latest = SnapshotBuilder.build(store.toSet(), latest);
    MeshSnapshot snapshot = latest.snapshot();
    PolicyReads reads = PolicyReads.of(snapshot);
    List<Workload> pods = List.copyOf(snapshot.workloads().values());
    for (int i = 0; i < SIDECARS; i++) {
      ProxyNode node = ProxyNode.of(pods.get(i * pods.size() / SIDECARS), ProxyRole.SIDECAR);
      Viewpoint at = Viewpoint.of(snapshot, node, reads);
      ViewResources view = views.computeIfAbsent(at, from -> translation.view(from, snapshot));
      sidecars.add(ServedSidecar.connected(view));
    }
  }

  /** From the changed configuration to the bytes that are sent. */
  @Benchmark
  public int change() {
    changed = !changed;
    switch (change) {
      case ENDPOINT -> facts.flip(0, changed, store::apply);
      case VIRTUAL_SERVICE -> facts.route(0, changed ? 1 : 2, store::apply);
    }
    latest = SnapshotBuilder.build(store.toSet(), latest);
    Map<Viewpoint, Changes> changes = new HashMap<>();
    views.forEach((at, view) -> changes.put(at, view.advance(latest.snapshot(), latest.delta())));
    int bytes = 0;
    for (ServedSidecar sidecar : sidecars) {
      bytes += sidecar.changed(changes.getOrDefault(sidecar.view().at(), Changes.NONE));
    }
    return bytes;
  }
}
