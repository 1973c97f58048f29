package dev.weft.proxy.loop;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What is under way and what happened per cluster, over all loops of a workload. */
public final class ClusterTotals {
  private final ConcurrentHashMap<String, Total> byCluster = new ConcurrentHashMap<>();

  /** The numbers of one cluster. */
  public static final class Total {
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger pending = new AtomicInteger();
    final AtomicInteger requests = new AtomicInteger();
    final AtomicInteger retries = new AtomicInteger();
    final LongAdder connectionsTotal = new LongAdder();
    final LongAdder connectFailures = new LongAdder();
    final LongAdder overflows = new LongAdder();

    /** Connections that are open or being opened. */
    public int connections() {
      return connections.get();
    }

    /** Requests that wait for a connection. */
    public int pending() {
      return pending.get();
    }

    /** Requests under way. */
    public int requests() {
      return requests.get();
    }

    /** Connections that were ever opened. */
    public long connectionsTotal() {
      return connectionsTotal.sum();
    }

    public long connectFailures() {
      return connectFailures.sum();
    }

    /** Requests and connections that were refused because of a limit. */
    public long overflows() {
      return overflows.sum();
    }
  }

  /** The numbers of a cluster; made at the first call. */
  public Total of(String cluster) {
    return byCluster.computeIfAbsent(cluster, name -> new Total());
  }
}
