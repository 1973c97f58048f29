package dev.weft.server.worker;

import dev.weft.routing.Endpoint;
import dev.weft.routing.OutlierDetector;
import dev.weft.routing.OutlierPolicy;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which endpoints of a cluster are ejected, judged by what all loops saw together, so that limits
 * mean what they say whatever the number of loops. Loops notice changes by the version.
 */
final class Outliers {
  private final OutlierPolicy policy;
  private final OutlierDetector<Endpoint.Key> detector;
  private volatile Set<Endpoint.Key> ejected = Set.of();
  private volatile int version;

  Outliers(OutlierPolicy policy) {
    this.policy = policy;
    this.detector = new OutlierDetector<>(policy);
  }

  OutlierPolicy policy() {
    return policy;
  }

  int version() {
    return version;
  }

  Set<Endpoint.Key> ejected() {
    return ejected;
  }

  synchronized void members(Set<Endpoint.Key> members) {
    detector.members(members);
    Set<Endpoint.Key> left = new HashSet<>(ejected);
    if (left.retainAll(members)) {
      publish(left);
    }
  }

  synchronized void on(Endpoint.Key endpoint, OutlierDetector.Result result, Instant now) {
    take(detector.on(endpoint, result, now));
  }

  synchronized void tick(Instant now) {
    take(detector.tick(now));
  }

  private void take(List<OutlierDetector.Verdict<Endpoint.Key>> verdicts) {
    if (verdicts.isEmpty()) {
      return;
    }
    Set<Endpoint.Key> next = new HashSet<>(ejected);
    for (OutlierDetector.Verdict<Endpoint.Key> verdict : verdicts) {
      if (verdict.out()) {
        next.add(verdict.host());
      } else {
        next.remove(verdict.host());
      }
    }
    publish(next);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // writers hold the lock
  private void publish(Set<Endpoint.Key> next) {
    ejected = Set.copyOf(next);
    version++;
  }
}
