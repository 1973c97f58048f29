package dev.weft.server.tcp;

import dev.weft.exchange.DownstreamConnection;
import dev.weft.exchange.PeerCertificate;
import dev.weft.exchange.ResponseFlag;
import dev.weft.routing.Endpoint;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.Listener;
import dev.weft.server.log.AccessLogs;
import dev.weft.server.log.LogField;
import dev.weft.server.log.LogText;
import dev.weft.server.log.LogValues;
import dev.weft.server.worker.ClusterState;
import dev.weft.server.worker.ConnectionLog;
import dev.weft.server.worker.ConnectionRecord;
import dev.weft.server.worker.UpstreamEndpoint;
import dev.weft.server.worker.Worker;
import dev.weft.types.HopLabel;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of a tunnel for logs and metrics. Confined to its tunnel. */
final class TunnelLog implements LogValues, ConnectionRecord {
  private final DownstreamConnection connection;
  private final Worker worker;
  private final List<AccessLogs.Target> logs;
  private final long startMillis;
  private @Nullable ClusterState cluster;
  private @Nullable UpstreamEndpoint endpoint;
  private int attempts;
  private int flags;
  private boolean reported;
  private String clusterName = "";
  private String failure = "";
  private String termination = "";
  private String upstreamLocal = "";
  private String upstreamPrincipal = "";
  private long received;
  private long sent;
  private long reportedReceived;
  private long reportedSent;
  private long endNanos;

  TunnelLog(Worker worker, DownstreamConnection connection, List<AccessLogs.Target> logs) {
    this.connection = connection;
    this.worker = worker;
    this.logs = logs;
    this.startMillis = worker.millis();
  }

  void cluster(String name, @Nullable ClusterState state) {
    clusterName = name;
    cluster = state;
  }

  void attempt(UpstreamEndpoint to) {
    endpoint = to;
    attempts++;
  }

  void failure(String reason) {
    failure = reason;
  }

  void ends(String why) {
    termination = why;
  }

  void fails(ResponseFlag flag, String why) {
    flags |= flag.bit();
    termination = why;
  }

  void connected(Channel channel, @Nullable PeerCertificate peer) {
    upstreamPrincipal = peer == null ? "" : peer.uri();
    upstreamLocal =
        channel.localAddress() instanceof InetSocketAddress address
            ? DownstreamConnection.text(address)
            : "";
    reported = true;
    worker.observer().opened(this);
  }

  void received(int bytes) {
    received += bytes;
  }

  void sent(int bytes) {
    sent += bytes;
  }

  /** Tells the observer what passed since the last time. */
  void report() {
    if (received != reportedReceived || sent != reportedSent) {
      worker.observer().transferred(this, received - reportedReceived, sent - reportedSent);
      reportedReceived = received;
      reportedSent = sent;
    }
  }

  /** Writes the line and tells the observer. */
  void finish() {
    endNanos = worker.nanos();
    if (!reported) {
      worker.observer().opened(this);
    }
    report();
    worker.observer().closed(this);
    for (int i = 0; i < logs.size(); i++) {
      logs.get(i).write(this);
    }
  }

  @Override
  public boolean write(LogField field, LogText out) {
    return switch (field.kind()) {
      case START_TIME -> ConnectionLog.time(startMillis, out);
      case RESPONSE_CODE -> out.amount(0);
      case RESPONSE_FLAGS -> out.textIfAny(flags == 0 ? "" : ResponseFlag.text(flags));
      case RESPONSE_FLAGS_LONG -> out.textIfAny(ResponseFlag.longText(flags));
      case BYTES_RECEIVED -> out.amount(received);
      case BYTES_SENT -> out.amount(sent);
      case DURATION -> out.amount((endNanos - connection.startNanos()) / 1_000_000);
      case UPSTREAM_HOST -> {
        UpstreamEndpoint to = endpoint;
        yield to != null && out.textIfAny(to.text());
      }
      case UPSTREAM_CLUSTER -> out.textIfAny(clusterName);
      case REQUESTED_SERVER_NAME -> out.textIfAny(serverName());
      case UPSTREAM_LOCAL_ADDRESS -> out.textIfAny(upstreamLocal);
      case UPSTREAM_TRANSPORT_FAILURE_REASON -> out.textIfAny(failure);
      case UPSTREAM_PEER_URI_SAN -> out.textIfAny(upstreamPrincipal);
      case UPSTREAM_REQUEST_ATTEMPT_COUNT -> out.amount(attempts);
      case CONNECTION_TERMINATION_DETAILS -> out.textIfAny(termination);
      default -> ConnectionLog.write(connection, field, out);
    };
  }

  @Override
  public int flags() {
    return flags;
  }

  /** Of the service: which endpoint of it the client named is said by the endpoint itself. */
  @Override
  public String serverName() {
    return HopLabel.without(connection.serverName());
  }

  @Override
  public Listener listener() {
    return connection.listener();
  }

  @Override
  public @Nullable Cluster cluster() {
    return cluster == null ? null : cluster.cluster();
  }

  @Override
  public @Nullable Endpoint endpoint() {
    return endpoint == null ? null : endpoint.endpoint();
  }

  @Override
  public boolean downstreamMutualTls() {
    return connection.peer() != null;
  }

  @Override
  public String downstreamPrincipal() {
    return connection.peer() == null ? "" : connection.peer().uri();
  }

  @Override
  public String upstreamPrincipal() {
    return upstreamPrincipal;
  }

  @Override
  public @Nullable String downstreamPeerMetadata() {
    return null;
  }

  @Override
  public @Nullable String upstreamPeerMetadata() {
    return null;
  }
}
