package dev.weft.dns;

import java.util.concurrent.atomic.LongAdder;

/** What the DNS proxy did; names as Istio's agent has them. Any thread. */
public final class DnsCounters {
  private final LongAdder requests = new LongAdder();
  private final LongAdder upstreamRequests = new LongAdder();
  private final LongAdder upstreamFailures = new LongAdder();

  void request() {
    requests.increment();
  }

  void upstream() {
    upstreamRequests.increment();
  }

  void failure() {
    upstreamFailures.increment();
  }

  /** Queries from the pod. */
  public long requests() {
    return requests.sum();
  }

  /** Queries to nameservers. */
  public long upstreamRequests() {
    return upstreamRequests.sum();
  }

  /** Queries that no nameserver answered. */
  public long upstreamFailures() {
    return upstreamFailures.sum();
  }
}
