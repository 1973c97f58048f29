package dev.weft.bench;

import dev.weft.config.ConfigSet;
import dev.weft.config.MeshSettings;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.SnapshotBuilder;
import dev.weft.snapshot.Workload;
import dev.weft.translate.ProxyNode;
import dev.weft.translate.ProxyRole;
import dev.weft.translate.Translation;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.ServerStream;
import dev.weft.xds.StreamResponse;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import java.util.ArrayList;
import java.util.List;
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
 * One change of 1,000 services of three pods, from what the clusters say to the encoded responses
 * of 100 sidecars, without sockets and in one thread.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 4)
@Measurement(iterations = 5, time = 4)
public class ChangeBenchmark {
  private static final int SERVICES = 1_000;
  private static final int SIDECARS = 100;

  /** What changes to and fro. */
  public enum Change {
    /** An endpoint is ready, or not. */
    ENDPOINT,
    /** A route has another timeout. */
    VIRTUAL_SERVICE
  }

  @Param public Change change = Change.ENDPOINT;

  private final SyntheticClusters clusters = new SyntheticClusters(SERVICES);
  private final ConfigSet before = clusters.config(true, 1);
  private ConfigSet after = before;
  private final Translation translation = new Translation();
  private final List<Sidecar> sidecars = new ArrayList<>();
  private MeshSnapshot snapshot = MeshSnapshot.empty(MeshSettings.defaults());

  /** The server's side of a proxy that takes everything. */
  private record Sidecar(ProxyNode node, ServerStream stream) {
    static final List<XdsType> TYPES =
        List.of(XdsType.CLUSTER, XdsType.ENDPOINT, XdsType.LISTENER, XdsType.ROUTE);

    void subscribe(ResourceSet resources) {
      for (XdsType type : TYPES) {
        stream.on(
            DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(type.url())
                .addAllResourceNamesSubscribe(
                    type.wildcardByDefault()
                        ? List.of()
                        : resources.of(type).values().stream()
                            .map(VersionedResource::name)
                            .toList())
                .build());
      }
    }

    /** Bytes of the responses. */
    int push(ResourceSet resources) {
      int bytes = 0;
      for (StreamResponse response : stream.push(resources)) {
        bytes += response.toDelta().toByteArray().length;
        stream.on(
            DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(response.type().url())
                .setResponseNonce(response.nonce())
                .build());
      }
      return bytes;
    }
  }

  @Setup
  public void connect() {
    after =
        switch (change) {
          case ENDPOINT -> clusters.config(false, 1);
          case VIRTUAL_SERVICE -> clusters.config(true, 2);
        };
    snapshot = SnapshotBuilder.build(before, snapshot).snapshot();
    List<Workload> pods = List.copyOf(snapshot.workloads().values());
    for (int i = 0; i < SIDECARS; i++) {
      ProxyNode node = ProxyNode.of(pods.get(i * pods.size() / SIDECARS), ProxyRole.SIDECAR);
      Sidecar sidecar = new Sidecar(node, new ServerStream());
      ResourceSet resources = translation.resources(snapshot, node);
      sidecar.subscribe(resources);
      sidecar.push(resources);
      // Endpoints of clusters that have just come are sent again.
      sidecar.push(resources);
      sidecars.add(sidecar);
    }
  }

  /** Nothing but the new picture of the mesh. */
  @Benchmark
  public MeshSnapshot snapshot() {
    ConfigSet next = next();
    snapshot = SnapshotBuilder.build(next, snapshot).snapshot();
    return snapshot;
  }

  /** All of it; the bytes that are sent. */
  @Benchmark
  public int change() {
    snapshot();
    translation.nextGeneration();
    int bytes = 0;
    for (Sidecar sidecar : sidecars) {
      bytes += sidecar.push(translation.resources(snapshot, sidecar.node()));
    }
    return bytes;
  }

  private boolean changed;

  private ConfigSet next() {
    changed = !changed;
    return changed ? after : before;
  }
}
