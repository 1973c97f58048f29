package dev.weft.server.http;

import dev.weft.server.log.LogField;
import dev.weft.server.log.LogText;
import dev.weft.server.worker.ClusterState;
import dev.weft.server.worker.UpstreamEndpoint;
import org.jspecify.annotations.Nullable;

/** What is known of where a request goes, for logs and metrics. Confined to its exchange. */
final class UpstreamLog {
  private String clusterName = "";
  private @Nullable ClusterState cluster;
  private @Nullable UpstreamEndpoint endpoint;
  private int tries;
  private String failure = "";
  private String host = "";
  private String local = "";
  private String principal = "";
  private @Nullable String peer;

  void reset() {
    clusterName = "";
    cluster = null;
    endpoint = null;
    tries = 0;
    failure = "";
    host = "";
    local = "";
    principal = "";
    peer = null;
  }

  /**
   * Where the route leads.
   *
   * @param state null where there is no such cluster
   */
  void cluster(String name, @Nullable ClusterState state) {
    clusterName = name;
    cluster = state;
  }

  /** An endpoint is tried; it is the how manieth. */
  void tries(UpstreamEndpoint picked, int count) {
    endpoint = picked;
    tries = count;
  }

  /** Why there is no connection; empty where there may be one. */
  void failure(String reason) {
    failure = reason;
  }

  /** The request goes over a connection. */
  void sent(UpstreamLeg to) {
    local = to.localText();
    principal = to.principal();
  }

  /** What the endpoint says of itself. */
  void peer(String metadata) {
    peer = metadata;
  }

  /** The request is over. */
  void end() {
    host = endpoint == null ? "" : endpoint.text();
  }

  @Nullable ClusterState cluster() {
    return cluster;
  }

  @Nullable UpstreamEndpoint endpoint() {
    return endpoint;
  }

  String principal() {
    return principal;
  }

  @Nullable String peer() {
    return peer;
  }

  /** Appends what a field asks for; false where there is nothing, or the field is another one. */
  boolean write(LogField.Kind kind, LogText out) {
    return switch (kind) {
      case UPSTREAM_HOST -> out.textIfAny(host);
      case UPSTREAM_CLUSTER -> out.textIfAny(clusterName);
      case UPSTREAM_LOCAL_ADDRESS -> out.textIfAny(local);
      case UPSTREAM_TRANSPORT_FAILURE_REASON -> out.textIfAny(failure);
      case UPSTREAM_REQUEST_ATTEMPT_COUNT -> out.amount(tries);
      case UPSTREAM_PEER_URI_SAN -> out.textIfAny(principal);
      default -> false;
    };
  }
}
