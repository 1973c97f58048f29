package dev.weft.server.worker;

import dev.weft.exchange.DownstreamConnection;
import dev.weft.loop.Clock;
import dev.weft.routing.Balancer;
import dev.weft.routing.Endpoint;
import dev.weft.routing.GatewayHealth;
import dev.weft.routing.LoadAssignment;
import dev.weft.routing.OutlierDetector;
import dev.weft.runtime.Cluster;
import dev.weft.types.HopLabel;
import dev.weft.types.HostPort;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A cluster as one loop uses it: endpoints, pools, choice. Confined to its event loop. */
public final class ClusterState {
  private static final int MAX_ORIGINAL_DESTINATIONS = 4096;

  /** So often a request looks for an endpoint that takes it; where all are new one has to. */
  private static final int MOST_PASSES = 16;

  private final Cluster cluster;
  private final SplittableRandom random;
  private final Clock clock;
  private final GatewayHealth gateways;
  private final ClusterTotals.Total total;
  private final Map<Endpoint.Key, UpstreamEndpoint> endpoints = new HashMap<>();
  private final Cluster.Discovery.@Nullable OriginalDst originalDst;
  private final boolean slowStart;
  private @Nullable LoadAssignment assignment;
  private List<UpstreamEndpoint> candidates = List.of();
  private final Balancer.Load load = host -> candidates.get(host).active;
  private final @Nullable Outliers outliers;
  private @Nullable Balancer balancer;
  private @Nullable Map<String, UpstreamEndpoint> byLabel;
  private int ejectionsSeen = -1;
  private int gatewaysSeen;

  ClusterState(
      Cluster cluster,
      ClusterTotals totals,
      SplittableRandom random,
      Clock clock,
      GatewayHealth gateways) {
    this.cluster = cluster;
    this.random = random;
    this.clock = clock;
    this.gateways = gateways;
    this.total = totals.of(cluster.name());
    this.outliers = cluster.outlier() == null ? null : total.outliers(cluster.outlier());
    this.originalDst =
        cluster.discovery() instanceof Cluster.Discovery.OriginalDst dialled ? dialled : null;
    this.slowStart = !cluster.lbTuning().slowStart().isZero();
  }

  public Cluster cluster() {
    return cluster;
  }

  public ClusterTotals.Total total() {
    return total;
  }

  /** Whether connections go where the client wanted to go. */
  public boolean originalDst() {
    return originalDst != null;
  }

  void assigned(@Nullable LoadAssignment next) {
    if (next == assignment || originalDst != null) {
      return;
    }
    assignment = next;
    Balancer made =
        Balancer.of(
            cluster.lbPolicy(),
            cluster.lbTuning(),
            next == null ? LoadAssignment.empty(cluster.name()) : next);
    List<UpstreamEndpoint> all = new ArrayList<>(made.endpoints().size());
    Set<Endpoint.Key> kept = new HashSet<>();
    for (Endpoint endpoint : made.endpoints()) {
      kept.add(endpoint.key());
      all.add(endpoint(endpoint));
    }
    endpoints
        .values()
        .removeIf(
            e -> {
              boolean gone = !kept.contains(e.endpoint().key());
              if (gone) {
                e.leave();
              }
              return gone;
            });
    candidates = all;
    byLabel = null;
    balancer = made;
    ejectionsSeen = -1;
    if (outliers != null) {
      outliers.members(kept);
    }
  }

  private UpstreamEndpoint endpoint(Endpoint endpoint) {
    UpstreamEndpoint known = endpoints.get(endpoint.key());
    if (known != null && known.transport() == cluster.transportFor(endpoint)) {
      known.became(endpoint);
      return known;
    }
    if (known != null) {
      known.leave();
    }
    UpstreamEndpoint made =
        new UpstreamEndpoint(
            this,
            endpoint,
            address(endpoint.address()),
            cluster.transportFor(endpoint),
            clock.nanos());
    endpoints.put(endpoint.key(), made);
    return made;
  }

  private static InetSocketAddress address(HostPort address) {
    byte[] literal = NetUtil.createByteArrayFromIpAddressString(address.host());
    return literal == null
        ? InetSocketAddress.createUnresolved(address.host(), address.port())
        : new InetSocketAddress(
            NetUtil.createInetAddressFromIpAddressString(address.host()), address.port());
  }

  /**
   * Picks an endpoint.
   *
   * @param wish what the pick should consider
   * @return null where no endpoint is usable (flag {@code UH})
   */
  public @Nullable UpstreamEndpoint pick(Balancer.Wish wish) {
    Balancer from = balancer;
    if (from == null) {
      return null;
    }
    judge(from);
    int picked = from.pick(load, random, wish);
    for (int i = 0; slowStart && i < MOST_PASSES && picked != Balancer.NONE; i++) {
      if (wish.hash() != null || mayServe(candidates.get(picked))) {
        break;
      }
      picked = from.pick(load, random, wish);
    }
    if (picked == Balancer.NONE) {
      return null;
    }
    BitSet tried = wish.tried();
    return candidates.get(
        tried != null && tried.get(picked) ? untried(from, picked, tried) : picked);
  }

  /** While an endpoint is new it passes on a part of the requests that would be its own. */
  private boolean mayServe(UpstreamEndpoint endpoint) {
    double share = cluster.lbTuning().shareAt(Duration.ofNanos(clock.nanos() - endpoint.since()));
    return share >= 1 || random.nextDouble() < share;
  }

  /**
   * Takes endpoints out that failed, and those behind a gateway that does, where there are others.
   */
  private void judge(Balancer from) {
    int ejections = outliers == null ? 0 : outliers.version();
    if (ejections == ejectionsSeen && gateways.version() == gatewaysSeen) {
      return;
    }
    ejectionsSeen = ejections;
    gatewaysSeen = gateways.version();
    Set<Endpoint.Key> failing = outliers == null ? Set.of() : outliers.ejected();
    boolean others = false;
    for (UpstreamEndpoint candidate : candidates) {
      others |= !failing.contains(candidate.endpoint().key()) && !isCutOff(candidate);
    }
    for (int i = 0; i < candidates.size(); i++) {
      UpstreamEndpoint candidate = candidates.get(i);
      from.eject(i, failing.contains(candidate.endpoint().key()) || others && isCutOff(candidate));
    }
  }

  private boolean isCutOff(UpstreamEndpoint candidate) {
    return !candidate.endpoint().hop().isEmpty() && gateways.isOut(candidate.endpoint().address());
  }

  /**
   * The endpoint that a client of another network names, or null where it is not one of this
   * cluster. Only endpoints of the cluster are compared, so that a label reaches nothing else.
   */
  public @Nullable UpstreamEndpoint named(String label) {
    Map<String, UpstreamEndpoint> known = byLabel;
    if (known == null) {
      known = new HashMap<>();
      for (UpstreamEndpoint candidate : candidates) {
        if (!candidate.address().isUnresolved()) {
          known.put(HopLabel.of(candidate.endpoint().address()), candidate);
        }
      }
      byLabel = known;
    }
    return known.get(label);
  }

  /** Envoy gives up after some picks; where an untried endpoint exists a retry should find it. */
  private int untried(Balancer from, int picked, BitSet tried) {
    int size = candidates.size();
    int start = random.nextInt(size);
    for (int i = 0; i < size; i++) {
      int at = (start + i) % size;
      if (!tried.get(at) && from.isHealthy(at) && from.priority(at) == from.priority(picked)) {
        return at;
      }
    }
    return picked;
  }

  /** The places of these endpoints in the balancer's list. */
  public BitSet places(List<UpstreamEndpoint> tried) {
    BitSet places = new BitSet();
    for (UpstreamEndpoint endpoint : tried) {
      int place = candidates.indexOf(endpoint);
      if (place >= 0) {
        places.set(place);
      }
    }
    return places;
  }

  /** An endpoint answered with this status. */
  public void answered(UpstreamEndpoint endpoint, int status) {
    if (outliers != null) {
      outliers.on(
          endpoint.endpoint().key(), new OutlierDetector.Result.Status(status), clock.instant());
    }
  }

  /** An endpoint did not answer: no connection, a reset, a time limit. */
  public void failed(UpstreamEndpoint endpoint) {
    if (outliers != null) {
      outliers.on(
          endpoint.endpoint().key(), new OutlierDetector.Result.LocalError(), clock.instant());
    }
  }

  /** The endpoint that a redirected client wanted; null where it is the listener itself. */
  public @Nullable UpstreamEndpoint towards(DownstreamConnection connection) {
    InetSocketAddress destination = connection.destination();
    // A client that talked to our own port would be connected to itself, again and again.
    if (!connection.redirected() && destination.equals(connection.bound())) {
      return null;
    }
    HostPort address = new HostPort(DownstreamConnection.ip(destination), destination.getPort());
    Endpoint endpoint = originalDst == null ? Endpoint.of(address) : originalDst.endpoint(address);
    UpstreamEndpoint known = endpoints.get(endpoint.key());
    if (known != null) {
      return known;
    }
    if (endpoints.size() >= MAX_ORIGINAL_DESTINATIONS) {
      endpoints.values().removeIf(ClusterState::dropUnused);
    }
    UpstreamEndpoint made =
        new UpstreamEndpoint(
            this, endpoint, destination, cluster.transportFor(endpoint), clock.nanos());
    endpoints.put(endpoint.key(), made);
    return made;
  }

  private static boolean dropUnused(UpstreamEndpoint endpoint) {
    boolean unused = endpoint.active == 0;
    if (unused) {
      endpoint.leave();
    }
    return unused;
  }

  /** A request begins; false where the cluster takes no more (flag {@code UO}). */
  public boolean begin(UpstreamEndpoint endpoint) {
    if (total.requests.incrementAndGet() > cluster.limits().maxRequests()) {
      total.requests.decrementAndGet();
      total.overflows.increment();
      return false;
    }
    endpoint.active++;
    return true;
  }

  /** A request that began is over. */
  public void end(UpstreamEndpoint endpoint) {
    endpoint.active--;
    total.requests.decrementAndGet();
  }

  /** A connection is wanted; false where the cluster takes no more (flag {@code UO}). */
  public boolean beginConnection() {
    int open = total.connections.incrementAndGet();
    int pending = total.pending.incrementAndGet();
    if (open > cluster.limits().maxConnections()
        || pending > cluster.limits().maxPendingRequests()) {
      total.connections.decrementAndGet();
      total.pending.decrementAndGet();
      total.overflows.increment();
      return false;
    }
    total.connectionsTotal.increment();
    return true;
  }

  /** The attempt to connect ended. */
  public void connected(boolean success) {
    total.pending.decrementAndGet();
    if (!success) {
      total.connectFailures.increment();
      total.connections.decrementAndGet();
    }
  }

  /** An open connection was closed. */
  public void disconnected() {
    total.connections.decrementAndGet();
  }

  /** A retry begins; false where the cluster takes no more. */
  public boolean beginRetry() {
    if (total.retries.incrementAndGet() > cluster.limits().maxRetries()) {
      total.retries.decrementAndGet();
      return false;
    }
    return true;
  }

  /** A retry that began is over. */
  public void endRetry() {
    total.retries.decrementAndGet();
  }

  int idle() {
    int idle = 0;
    for (UpstreamEndpoint endpoint : endpoints.values()) {
      idle += endpoint.idle();
    }
    return idle;
  }

  void sweep(long now) {
    if (outliers != null) {
      outliers.tick(clock.instant());
    }
    long idleTimeout = cluster.http().idleTimeout().toNanos();
    boolean mortal = !cluster.http().maxConnectionDuration().isZero();
    for (UpstreamEndpoint endpoint : endpoints.values()) {
      if (idleTimeout > 0) {
        endpoint.sweep(now - idleTimeout);
      }
      if (mortal) {
        endpoint.dropExpired();
      }
    }
  }

  void close() {
    endpoints.values().forEach(UpstreamEndpoint::leave);
    endpoints.clear();
    candidates = List.of();
    balancer = null;
  }
}
