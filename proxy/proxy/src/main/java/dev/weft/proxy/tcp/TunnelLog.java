package dev.weft.proxy.tcp;

import dev.weft.proxy.log.AccessLogs;
import dev.weft.proxy.log.LogField;
import dev.weft.proxy.log.LogText;
import dev.weft.proxy.log.LogValues;
import dev.weft.proxy.loop.ClusterState;
import dev.weft.proxy.loop.ConnectionLog;
import dev.weft.proxy.loop.ConnectionRecord;
import dev.weft.proxy.loop.DownstreamConnection;
import dev.weft.proxy.loop.ResponseFlag;
import dev.weft.proxy.loop.UpstreamEndpoint;
import dev.weft.proxy.loop.Worker;
import dev.weft.proxy.tls.PeerCertificate;
import dev.weft.routing.Endpoint;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.Listener;
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

  TunnelLog(DownstreamConnection connection, List<AccessLogs.Target> logs) {
    this.connection = connection;
    this.worker = connection.worker();
    this.logs = logs;
    this.startMillis = worker.workload().clock().millis();
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
    endNanos = System.nanoTime();
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
      case RESPONSE_CODE -> number(0, out);
      case RESPONSE_FLAGS -> text(flags == 0 ? "" : ResponseFlag.text(flags), out);
      case BYTES_RECEIVED -> number(received, out);
      case BYTES_SENT -> number(sent, out);
      case DURATION -> number((endNanos - connection.startNanos()) / 1_000_000, out);
      case UPSTREAM_HOST -> {
        UpstreamEndpoint to = endpoint;
        yield to != null && text(to.text(), out);
      }
      case UPSTREAM_CLUSTER -> text(clusterName, out);
      case UPSTREAM_LOCAL_ADDRESS -> text(upstreamLocal, out);
      case UPSTREAM_TRANSPORT_FAILURE_REASON -> text(failure, out);
      case UPSTREAM_PEER_URI_SAN -> text(upstreamPrincipal, out);
      case UPSTREAM_REQUEST_ATTEMPT_COUNT -> number(attempts, out);
      case CONNECTION_TERMINATION_DETAILS -> text(termination, out);
      default -> ConnectionLog.write(connection, field, out);
    };
  }

  private static boolean number(long value, LogText out) {
    out.number(Math.max(0, value));
    return true;
  }

  private static boolean text(String text, LogText out) {
    if (text.isEmpty()) {
      return false;
    }
    out.text(text);
    return true;
  }

  @Override
  public int flags() {
    return flags;
  }

  @Override
  public String serverName() {
    return connection.serverName();
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
