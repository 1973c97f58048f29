package dev.weft.server.worker;

import dev.weft.routing.Endpoint;
import dev.weft.routing.OutlierPolicy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

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

    private @Nullable Outliers outliers;

    /** The judge of a cluster with this policy; a changed policy starts anew. */
    synchronized Outliers outliers(OutlierPolicy policy) {
      Outliers known = outliers;
      if (known == null || !known.policy().equals(policy)) {
        known = new Outliers(policy);
        outliers = known;
      }
      return known;
    }

    /** Endpoints that are ejected now. */
    public synchronized Set<Endpoint.Key> ejected() {
      return outliers == null ? Set.of() : outliers.ejected();
    }

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
