package dev.weft.server.tcp;

import dev.weft.exchange.DownstreamConnection;
import dev.weft.exchange.PeerCertificate;
import dev.weft.exchange.ResponseFlag;
import dev.weft.routing.Balancer;
import dev.weft.routing.ClusterChoice;
import dev.weft.routing.Hash;
import dev.weft.runtime.TcpPipeline;
import dev.weft.runtime.UpstreamTransport;
import dev.weft.server.worker.ClusterState;
import dev.weft.server.worker.Connector;
import dev.weft.server.worker.UpstreamEndpoint;
import dev.weft.server.worker.UpstreamFailure;
import dev.weft.server.worker.Worker;
import dev.weft.types.HopLabel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The way to an endpoint for one tunnel: which cluster, which endpoint, and whether to retry.
 * Confined to its tunnel.
 */
final class TunnelAttempts {
  /** The tunnel that waits for an endpoint. */
  interface Waiting {
    /** A handler for the endpoint's side of the tunnel. */
    ChannelHandler upstreamSide();

    /** An endpoint is connected. */
    void connected(Channel channel, @Nullable PeerCertificate peer);

    /** There will be no endpoint. */
    void failed(ResponseFlag flag, String why);
  }

  private final DownstreamConnection connection;
  private final Worker worker;
  private final TcpPipeline pipeline;
  private final TunnelLog log;
  private final UnaryOperator<UpstreamTransport> transports;
  private final Waiting waiting;
  private final List<UpstreamEndpoint> tried = new ArrayList<>(1);
  private @Nullable ClusterState cluster;
  private @Nullable UpstreamEndpoint endpoint;
  private @Nullable Object connecting;
  private boolean begun;

  TunnelAttempts(
      Worker worker,
      DownstreamConnection connection,
      TcpPipeline pipeline,
      TunnelLog log,
      UnaryOperator<UpstreamTransport> transports,
      Waiting waiting) {
    this.worker = worker;
    this.connection = connection;
    this.pipeline = pipeline;
    this.log = log;
    this.transports = transports;
    this.waiting = waiting;
  }

  /** Looks for an endpoint. */
  void start() {
    String name = choose();
    ClusterState state = worker.cluster(name);
    cluster = state;
    log.cluster(name, state);
    if (state == null) {
      waiting.failed(ResponseFlag.NC, "cluster_not_found");
      return;
    }
    attempt(state);
  }

  private String choose() {
    if (pipeline.sniCluster()) {
      return connection.serverName();
    }
    return switch (pipeline.clusters()) {
      case ClusterChoice.Single single -> single.cluster();
      case ClusterChoice.Weighted weighted ->
          weighted.total() <= 0 ? "" : weighted.pick(worker.random().nextLong() >>> 1).cluster();
      case ClusterChoice.ByHeader byHeader -> "";
    };
  }

  private void attempt(ClusterState state) {
    UpstreamEndpoint to = pick(state);
    if (to == null) {
      waiting.failed(ResponseFlag.UH, "no_healthy_upstream");
      return;
    }
    if (!state.begin(to)) {
      waiting.failed(ResponseFlag.UO, "overflow");
      return;
    }
    begun = true;
    endpoint = to;
    tried.add(to);
    log.attempt(to);
    if (!state.beginConnection()) {
      waiting.failed(ResponseFlag.UO, "overflow");
      return;
    }
    connect(state, to);
  }

  private @Nullable UpstreamEndpoint pick(ClusterState state) {
    if (state.originalDst()) {
      return state.towards(connection);
    }
    UpstreamEndpoint named = named(state);
    if (named != null) {
      return named;
    }
    Long hash =
        pipeline.bySource() ? (Long) Hash.of(DownstreamConnection.ip(connection.remote())) : null;
    if (tried.isEmpty()) {
      return state.pick(hash == null ? Balancer.Wish.PLAIN : Balancer.Wish.of(hash));
    }
    return state.pick(new Balancer.Wish(hash, state.places(tried), 5, false));
  }

  /** The endpoint that a client of another network named; null where it left the choice to us. */
  private @Nullable UpstreamEndpoint named(ClusterState state) {
    String label = HopLabel.before(state.cluster().name(), connection.serverName());
    return label.isEmpty() ? null : state.named(label);
  }

  private void connect(ClusterState state, UpstreamEndpoint to) {
    Object token = new Object();
    connecting = token;
    worker
        .connector()
        .connect(
            to,
            transports.apply(to.transport()),
            connection.serverName(),
            waiting.upstreamSide(),
            true,
            new Connector.Outcome() {
              @Override
              public void connected(Channel channel, @Nullable PeerCertificate peer) {
                state.connected(true);
                channel.closeFuture().addListener(closed -> state.disconnected());
                if (connecting != token) {
                  channel.close();
                  return;
                }
                connecting = null;
                waiting.connected(channel, peer);
              }

              @Override
              public void failed(UpstreamFailure reason) {
                state.connected(false);
                if (connecting == token) {
                  connecting = null;
                  connectFailed(state, to, reason);
                }
              }
            });
  }

  private void connectFailed(ClusterState state, UpstreamEndpoint to, UpstreamFailure reason) {
    log.failure(reason.reason());
    state.failed(to);
    end();
    // Who named an endpoint must learn that it is not there, and chooses another one himself.
    if (named(state) == null && tried.size() < pipeline.connectAttempts()) {
      attempt(state);
      return;
    }
    waiting.failed(ResponseFlag.UF, "upstream_connection_failure");
  }

  /** The tunnel is over; a connection that still comes is closed. */
  void finish() {
    connecting = null;
    end();
  }

  private void end() {
    if (begun && cluster != null && endpoint != null) {
      begun = false;
      cluster.end(endpoint);
    }
  }
}
