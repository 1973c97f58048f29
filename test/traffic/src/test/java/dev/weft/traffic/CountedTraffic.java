package dev.weft.traffic;

import dev.weft.routing.CircuitLimits;
import dev.weft.routing.Endpoint;
import dev.weft.routing.LbPolicy;
import dev.weft.routing.LbTuning;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.FilterChainTable;
import dev.weft.runtime.Listener;
import dev.weft.runtime.ListenerFilters;
import dev.weft.runtime.UpstreamTransport;
import dev.weft.server.worker.ConnectionRecord;
import dev.weft.server.worker.RequestRecord;
import dev.weft.types.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request or connection as a proxy's metrics see it.
 *
 * @param endpoint of a caller; null at the destination
 * @param downstreamPeerMetadata what a caller with a proxy says of itself, at the destination
 */
record CountedTraffic(
    Listener listener,
    Cluster cluster,
    @Nullable Endpoint endpoint,
    int responseCode,
    int flags,
    long durationMillis,
    @Nullable String downstreamPeerMetadata)
    implements RequestRecord, ConnectionRecord {

  /** As its caller counts it. */
  static CountedTraffic out(String workload, String in, int code, int flags, long millis) {
    return new CountedTraffic(
        listener(Listener.Direction.OUTBOUND),
        cluster(workload),
        new Endpoint(
            new HostPort("10.0.0.1", 80),
            "",
            1,
            Endpoint.Health.HEALTHY,
            Map.of(),
            "%s;demo;%s;v1;%s".formatted(workload, workload, in),
            ""),
        code,
        flags,
        millis,
        null);
  }

  /** As its destination counts it. */
  static CountedTraffic in(String workload, long millis, @Nullable String caller) {
    return new CountedTraffic(
        listener(Listener.Direction.INBOUND), cluster(workload), null, 200, 0, millis, caller);
  }

  private static Listener listener(Listener.Direction direction) {
    return new Listener(
        "l",
        List.of(new HostPort("0.0.0.0", 9080)),
        false,
        false,
        direction,
        ListenerFilters.NONE,
        FilterChainTable.of(List.of()),
        null,
        List.of(),
        Duration.ZERO,
        true);
  }

  private static Cluster cluster(String workload) {
    String host = workload + ".demo.svc.cluster.local";
    return new Cluster(
        "outbound|9080||" + host,
        new Cluster.Discovery.Static(),
        new LbPolicy.RoundRobin(),
        LbTuning.DEFAULT,
        Duration.ofSeconds(1),
        List.of(),
        new UpstreamTransport.Plain(),
        null,
        Cluster.HttpOptions.DEFAULT,
        CircuitLimits.DEFAULT,
        null,
        List.of(new Cluster.ServiceName(host, workload, "demo")),
        null);
  }

  @Override
  public boolean downstreamMutualTls() {
    return false;
  }

  @Override
  public String downstreamPrincipal() {
    return "";
  }

  @Override
  public String upstreamPrincipal() {
    return "";
  }

  @Override
  public @Nullable String upstreamPeerMetadata() {
    return null;
  }

  @Override
  public long requestBytes() {
    return 0;
  }

  @Override
  public long responseBytes() {
    return 1500;
  }

  @Override
  public boolean grpc() {
    return false;
  }

  @Override
  public int grpcStatus() {
    return -1;
  }

  @Override
  public String serverName() {
    return "";
  }
}
