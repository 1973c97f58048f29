package dev.weft.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The endpoints of one priority. Confined to the loop of its {@link Balancer}. */
final class PriorityLevel {
  /** Endpoints of one locality by index, with the locality's weight. */
  record Members(int weight, int[] hosts) {}

  private final int priority;
  private final List<Members> groups;
  private List<HostPool> healthy = List.of();
  private List<HostPool> all = List.of();
  private long[] credit = {};
  private long[] weights = {};
  private int capacity;
  private int load;
  private int healthyPercent;
  private boolean panic;

  PriorityLevel(int priority, List<Members> groups) {
    this.priority = priority;
    this.groups = groups;
  }

  int priority() {
    return priority;
  }

  /** How many percent of the cluster's load this priority could take, at most 100. */
  int capacity() {
    return capacity;
  }

  /** How many percent of the cluster's load this priority takes. */
  int load() {
    return load;
  }

  void carry(int percent, boolean overloaded, double panicThreshold) {
    load = percent;
    panic = overloaded && healthyPercent < panicThreshold;
  }

  void refresh(
      IntPredicate isHealthy,
      List<Endpoint> endpoints,
      LbTuning tuning,
      LbPolicy policy,
      int overprovisioning) {
    boolean byLocality = tuning.localityWeighted();
    List<HostPool> newHealthy = new ArrayList<>();
    List<HostPool> newAll = new ArrayList<>();
    List<Members> pools = byLocality ? groups : List.of(merged());
    long[] newWeights = new long[pools.size()];
    int total = 0;
    int good = 0;
    for (int i = 0; i < pools.size(); i++) {
      int[] hosts = pools.get(i).hosts();
      int[] up = java.util.Arrays.stream(hosts).filter(isHealthy).toArray();
      total += hosts.length;
      good += up.length;
      newHealthy.add(HostPool.of(up, endpoints, policy));
      newAll.add(HostPool.of(hosts, endpoints, policy));
      newWeights[i] =
          byLocality && hosts.length > 0
              ? (long) pools.get(i).weight()
                  * Math.min(100L * hosts.length, (long) overprovisioning * up.length)
                  * 100
                  / hosts.length
              : up.length;
    }
    healthy = newHealthy;
    all = newAll;
    weights = newWeights;
    credit = new long[newWeights.length];
    capacity = total == 0 ? 0 : Math.min(100, overprovisioning * good / total);
    healthyPercent = total == 0 ? 0 : 100 * good / total;
  }

  private Members merged() {
    return new Members(
        1, groups.stream().flatMapToInt(g -> java.util.Arrays.stream(g.hosts())).toArray());
  }

  int pick(LbPolicy policy, Balancer.Load busy, RandomGenerator random, @Nullable Long hash) {
    if (panic) {
      HostPool pool = all.get(largest(random));
      return pool.pick(policy, busy, random, hash);
    }
    int locality = healthy.size() == 1 ? 0 : locality(random, hash);
    return locality < 0 ? Balancer.NONE : healthy.get(locality).pick(policy, busy, random, hash);
  }

  /** Adds what each endpoint gets of a part of all picks, by its index. */
  void addShares(double part, double[] shares) {
    if (panic) {
      int sum = all.stream().mapToInt(HostPool::size).sum();
      all.forEach(pool -> pool.addShares(part * pool.size() / sum, shares));
      return;
    }
    long sum = 0;
    for (long weight : weights) {
      sum += weight;
    }
    for (int i = 0; i < healthy.size(); i++) {
      double locality = healthy.size() == 1 ? 1 : sum == 0 ? 0 : (double) weights[i] / sum;
      healthy.get(i).addShares(part * locality, shares);
    }
  }

  /** In panic, localities count by their number of endpoints. */
  private int largest(RandomGenerator random) {
    int sum = 0;
    for (HostPool pool : all) {
      sum += pool.size();
    }
    int at = sum == 0 ? 0 : random.nextInt(sum);
    for (int i = 0; i < all.size(); i++) {
      at -= all.get(i).size();
      if (at < 0) {
        return i;
      }
    }
    return 0;
  }

  /**
   * Smooth weighted round robin, so that 80:20 is four to one in every five and not only in the
   * long run; with a hash the same request keeps its locality.
   */
  private int locality(RandomGenerator random, @Nullable Long hash) {
    long sum = 0;
    for (long weight : weights) {
      sum += weight;
    }
    if (sum == 0) {
      return -1;
    }
    if (hash != null) {
      long at = Long.remainderUnsigned(Hash.mix(hash), sum);
      for (int i = 0; i < weights.length; i++) {
        at -= weights[i];
        if (at < 0) {
          return i;
        }
      }
    }
    if (credit[0] == 0 && credit[credit.length - 1] == 0) {
      for (int i = 0; i < credit.length; i++) {
        // Proxies that start together must not move in step.
        credit[i] = weights[i] == 0 ? 0 : random.nextLong(weights[i]);
      }
    }
    return Smooth.next(weights, credit, sum);
  }
}
