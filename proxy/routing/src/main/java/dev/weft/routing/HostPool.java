package dev.weft.routing;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Endpoints among which a policy picks. Confined to the loop of its {@link Balancer}. */
final class HostPool {
  private static final int MAX_POINTS = 1024;

  private final int[] hosts;
  private final long[] weights;
  private final long[] credit;
  private final long[] lastTurn;
  private final long total;
  private final boolean equal;
  private final long[] ringHashes;
  private final int[] ringHosts;
  private int cursor = -1;
  private long turn;

  private HostPool(int[] hosts, long[] weights, long[] ringHashes, int[] ringHosts) {
    this.hosts = hosts;
    this.weights = weights;
    this.credit = new long[weights.length];
    this.lastTurn = new long[weights.length];
    this.total = Arrays.stream(weights).sum();
    this.equal = Arrays.stream(weights).distinct().count() <= 1;
    this.ringHashes = ringHashes;
    this.ringHosts = ringHosts;
  }

  static HostPool of(int[] hosts, List<Endpoint> endpoints, LbPolicy policy) {
    long[] weights = Arrays.stream(hosts).mapToLong(h -> endpoints.get(h).weight()).toArray();
    return switch (policy) {
      case LbPolicy.RingHash ring -> ring(hosts, weights, endpoints, ring.minimumSize());
      case LbPolicy.Maglev maglev -> ring(hosts, weights, endpoints, maglev.tableSize());
      case LbPolicy.RoundRobin r -> plain(hosts, weights);
      case LbPolicy.LeastRequest l -> plain(hosts, weights);
      case LbPolicy.Random r -> plain(hosts, weights);
      case LbPolicy.ClusterProvided c -> plain(hosts, weights);
    };
  }

  private static HostPool plain(int[] hosts, long[] weights) {
    return new HostPool(hosts, weights, new long[0], new int[0]);
  }

  /**
   * Points on a circle. How many an endpoint gets depends on its weight and the wanted size alone,
   * not on how many others there are, so that a lost endpoint moves no requests but its own.
   */
  private static HostPool ring(
      int[] hosts, long[] weights, List<Endpoint> endpoints, long minimum) {
    long heaviest = Arrays.stream(weights).max().orElse(1);
    long max = Math.clamp(minimum / 8, 64, MAX_POINTS);
    record Point(long hash, int host) {}
    List<Point> points = new java.util.ArrayList<>();
    for (int i = 0; i < hosts.length; i++) {
      long copies = Math.max(1, max * weights[i] / heaviest);
      Endpoint endpoint = endpoints.get(hosts[i]);
      long seed = Hash.of(endpoint.address() + endpoint.hop());
      for (long copy = 0; copy < copies; copy++) {
        points.add(new Point(Hash.combine(seed, copy), hosts[i]));
      }
    }
    points.sort((a, b) -> Long.compareUnsigned(a.hash(), b.hash()));
    return new HostPool(
        hosts,
        weights,
        points.stream().mapToLong(Point::hash).toArray(),
        points.stream().mapToInt(Point::host).toArray());
  }

  int size() {
    return hosts.length;
  }

  int pick(LbPolicy policy, Balancer.Load load, RandomGenerator random, @Nullable Long hash) {
    if (hosts.length == 0) {
      return Balancer.NONE;
    }
    if (hosts.length == 1) {
      return hosts[0];
    }
    return switch (policy) {
      case LbPolicy.RoundRobin r -> next(random);
      case LbPolicy.LeastRequest least -> leastBusy(least.choices(), load, random);
      case LbPolicy.Random r -> hosts[draw(random)];
      case LbPolicy.RingHash r -> onRing(hash == null ? random.nextLong() : hash);
      case LbPolicy.Maglev m -> onRing(hash == null ? random.nextLong() : hash);
      case LbPolicy.ClusterProvided c -> hosts[draw(random)];
    };
  }

  /** Adds what each endpoint gets of a part of all picks, by its index. */
  void addShares(double part, double[] shares) {
    if (hosts.length == 1 || ringHosts.length == 0) {
      for (int i = 0; i < hosts.length; i++) {
        shares[hosts[i]] += part * weights[i] / total;
      }
      return;
    }
    for (int i = 0; i < ringHosts.length; i++) {
      long before = ringHashes[i == 0 ? ringHashes.length - 1 : i - 1];
      shares[ringHosts[i]] += part * fraction(ringHashes[i] - before);
    }
  }

  /** An arc, as an unsigned number, of the whole ring. */
  private static double fraction(long arc) {
    return (arc >>> 1) * 0x1p-63;
  }

  private int next(RandomGenerator random) {
    if (!equal) {
      return hosts[Smooth.next(weights, credit, total)];
    }
    cursor = cursor < 0 ? random.nextInt(hosts.length) : (cursor + 1) % hosts.length;
    return hosts[cursor];
  }

  private int draw(RandomGenerator random) {
    if (equal) {
      return random.nextInt(hosts.length);
    }
    long at = random.nextLong(total);
    int i = 0;
    while (at >= weights[i]) {
      at -= weights[i++];
    }
    return i;
  }

  /**
   * The candidates are drawn by weight, so that idle endpoints get their shares: among equally busy
   * ones, the first drawn stays. Where all weigh the same, it is the one whose last turn is longer
   * ago: a few requests are spread evenly then, and not only many.
   */
  private int leastBusy(int choices, Balancer.Load load, RandomGenerator random) {
    int best = draw(random);
    for (int i = 1; i < choices; i++) {
      int other = draw(random);
      // active / weight, compared without dividing
      long mine = load.active(hosts[best]) * weights[other];
      long theirs = load.active(hosts[other]) * weights[best];
      boolean longerAgo = equal && lastTurn[other] < lastTurn[best];
      if (theirs < mine || (theirs == mine && longerAgo)) {
        best = other;
      }
    }
    lastTurn[best] = ++turn;
    return hosts[best];
  }

  private int onRing(long hash) {
    int low = 0;
    int high = ringHashes.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(ringHashes[middle], hash) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return ringHosts[low == ringHashes.length ? 0 : low];
  }
}
