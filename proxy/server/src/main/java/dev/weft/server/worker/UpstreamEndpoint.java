package dev.weft.server.worker;

import dev.weft.routing.Endpoint;
import dev.weft.runtime.UpstreamTransport;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** An endpoint of a cluster as one loop uses it. Confined to its event loop. */
public final class UpstreamEndpoint {
  private final ClusterState cluster;
  private final InetSocketAddress address;
  private final UpstreamTransport transport;
  private final String text;
  private final List<ConnectionPool> pools = new ArrayList<>(1);
  private final long since;
  private Endpoint endpoint;
  private boolean gone;
  int active;

  /**
   * @param since when the loop got to know it, by its clock
   */
  UpstreamEndpoint(
      ClusterState cluster,
      Endpoint endpoint,
      InetSocketAddress address,
      UpstreamTransport transport,
      long since) {
    this.cluster = cluster;
    this.endpoint = endpoint;
    this.address = address;
    this.transport = transport;
    this.since = since;
    this.text = endpoint.address().toString();
  }

  public ClusterState cluster() {
    return cluster;
  }

  public Endpoint endpoint() {
    return endpoint;
  }

  public InetSocketAddress address() {
    return address;
  }

  /** The transport that the cluster gives this endpoint. */
  public UpstreamTransport transport() {
    return transport;
  }

  /** {@code ip:port}. */
  public String text() {
    return text;
  }

  /** When this loop got to know it, by its clock. */
  long since() {
    return since;
  }

  /** Whether the endpoint left the configuration; what runs may finish. */
  public boolean gone() {
    return gone;
  }

  /** Requests under way on this loop. */
  public int active() {
    return active;
  }

  void became(Endpoint same) {
    endpoint = same;
  }

  /** The pool for a transport, which the pipeline may have changed (ALPN). */
  public ConnectionPool pool(UpstreamTransport wanted) {
    for (int i = 0; i < pools.size(); i++) {
      // By identity first: pipelines hand over the same object again and again.
      if (pools.get(i).transport() == wanted) {
        return pools.get(i);
      }
    }
    for (int i = 0; i < pools.size(); i++) {
      if (pools.get(i).transport().equals(wanted)) {
        return pools.get(i);
      }
    }
    ConnectionPool pool = new ConnectionPool(this, wanted);
    pools.add(pool);
    return pool;
  }

  int idle() {
    int idle = 0;
    for (ConnectionPool pool : pools) {
      idle += pool.idle();
    }
    return idle;
  }

  void sweep(long idleBefore) {
    for (int i = 0; i < pools.size(); i++) {
      pools.get(i).sweep(idleBefore);
    }
  }

  void dropExpired() {
    for (int i = 0; i < pools.size(); i++) {
      pools.get(i).dropExpired();
    }
  }

  void leave() {
    gone = true;
    pools.forEach(ConnectionPool::closeIdle);
  }
}
