package dev.weft.bench;

import dev.weft.xds.ResourceSet;
import dev.weft.xds.ServerStream;
import dev.weft.xds.StreamForm;
import dev.weft.xds.StreamResponse;
import dev.weft.xds.Subscriptions;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a discovery stream costs the control plane, up to the bytes of the responses. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class StreamBenchmark {
  private static final int NAMES = 3_000;
  private static final int CLUSTERS = 1_000;
  private static final String CHANGING = name(NAMES / 2);

  private final OutputStream wire = OutputStream.nullOutputStream();
  private final ServerStream stream = new ServerStream(StreamForm.INCREMENTAL);
  private final ResourceSet clusters =
      ResourceSet.builder()
          .add(
              XdsType.CLUSTER,
              IntStream.range(0, CLUSTERS).mapToObj(StreamBenchmark::cluster).toList())
          .build();
  private final ResourceSet[] endpoints = {assignments(0), assignments(1)};
  private int turn;

  @Setup
  public void hold() {
    stream.on(
        DeltaDiscoveryRequest.newBuilder()
            .setTypeUrl(XdsType.ENDPOINT.url())
            .addAllResourceNamesSubscribe(
                IntStream.range(0, NAMES).mapToObj(StreamBenchmark::name).toList())
            .build());
    stream.push(endpoints[0]);
  }

  /** The proxy took the last one, and the endpoints of one service have changed since. */
  @Benchmark
  public Subscriptions one_change_of_3000() throws IOException {
    stream.on(
        DeltaDiscoveryRequest.newBuilder()
            .setTypeUrl(XdsType.ENDPOINT.url())
            .setResponseNonce(
                stream.subscriptions().of(XdsType.ENDPOINT).orElseThrow().inFlight().orElseThrow())
            .build());
    turn ^= 1;
    stream.mayHaveChanged(XdsType.ENDPOINT, List.of(CHANGING));
    write(stream.push(endpoints[turn]));
    return stream.subscriptions();
  }

  /** A proxy connects. */
  @Benchmark
  public Subscriptions first_1000_clusters() throws IOException {
    ServerStream connecting = new ServerStream(StreamForm.INCREMENTAL);
    connecting.on(DeltaDiscoveryRequest.newBuilder().setTypeUrl(XdsType.CLUSTER.url()).build());
    write(connecting.push(clusters));
    return connecting.subscriptions();
  }

  private void write(List<StreamResponse> responses) throws IOException {
    for (StreamResponse response : responses) {
      response.writeTo(wire);
    }
  }

  private static String name(int number) {
    return "outbound|8080||workload-" + number + ".namespace.svc.cluster.local";
  }

  private static VersionedResource cluster(int number) {
    return VersionedResource.of(
        name(number),
        Cluster.newBuilder()
            .setName(name(number))
            .setType(Cluster.DiscoveryType.EDS)
            .setAltStatName("x".repeat(500))
            .build());
  }

  private static ResourceSet assignments(int generation) {
    return ResourceSet.builder()
        .add(
            XdsType.ENDPOINT,
            IntStream.range(0, NAMES)
                .mapToObj(i -> assignment(name(i), name(i).equals(CHANGING) ? generation : 0))
                .toList())
        .build();
  }

  private static VersionedResource assignment(String name, int generation) {
    LocalityLbEndpoints.Builder locality = LocalityLbEndpoints.newBuilder();
    for (int i = 0; i < 4; i++) {
      locality.addLbEndpoints(
          LbEndpoint.newBuilder()
              .setEndpoint(
                  Endpoint.newBuilder()
                      .setAddress(
                          Address.newBuilder()
                              .setSocketAddress(
                                  SocketAddress.newBuilder()
                                      .setAddress("10.0." + generation + "." + i)
                                      .setPortValue(8080)))));
    }
    return VersionedResource.of(
        name,
        ClusterLoadAssignment.newBuilder().setClusterName(name).addEndpoints(locality).build());
  }
}
