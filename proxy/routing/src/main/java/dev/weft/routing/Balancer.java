package dev.weft.routing;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Picks endpoints of one cluster: first a priority, then perhaps a locality, then an endpoint.
 * Confined to one event loop. Envoy: {@code source/common/upstream/load_balancer_impl.cc}; a
 * degraded endpoint counts as a healthy one.
 *
 * <p>A priority takes as much load as its share of healthy endpoints times the overprovisioning
 * factor allows, the rest goes to the next one. Where all priorities together cannot take it all, a
 * priority with fewer healthy endpoints than the panic threshold uses its unhealthy ones too.
 */
public final class Balancer {
  /** No endpoint can be picked: answer 503 with the flag {@code UH}. */
  public static final int NONE = -1;

  private final LbPolicy policy;
  private final LbTuning tuning;
  private final LoadAssignment assignment;
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final int[] priorityOf;
  private final BitSet ejected = new BitSet();
  private final List<PriorityLevel> levels = new ArrayList<>();
  private boolean stale = true;

  private Balancer(LbPolicy policy, LbTuning tuning, LoadAssignment assignment) {
    this.policy = policy;
    this.tuning = tuning;
    this.assignment = assignment;
    TreeMap<Integer, List<PriorityLevel.Members>> byPriority = new TreeMap<>();
    int[] priorities = new int[assignment.size()];
    for (LoadAssignment.Group group : assignment.groups()) {
      int[] hosts = new int[group.endpoints().size()];
      for (int i = 0; i < hosts.length; i++) {
        hosts[i] = endpoints.size();
        priorities[hosts[i]] = group.priority();
        endpoints.add(group.endpoints().get(i));
      }
      byPriority
          .computeIfAbsent(group.priority(), p -> new ArrayList<>())
          .add(new PriorityLevel.Members(group.weight(), hosts));
    }
    byPriority.forEach((priority, groups) -> levels.add(new PriorityLevel(priority, groups)));
    priorityOf = priorities;
  }

  /** A balancer for these endpoints; nothing is ejected. */
  public static Balancer of(LbPolicy policy, LbTuning tuning, LoadAssignment assignment) {
    return new Balancer(policy, tuning, assignment);
  }

  /** How busy endpoints are. */
  @FunctionalInterface
  public interface Load {
    /** Requests (or connections) that are under way to the endpoint with this index. */
    int active(int host);
  }

  /**
   * What a pick should consider.
   *
   * @param hash of the request, for consistent hashing; null: random
   * @param tried endpoints that were tried before
   * @param attempts how many picks are made to avoid a tried endpoint, before any other healthy one
   *     is taken; 0 where endpoints may be tried again
   * @param avoidPriorities true: priorities of tried endpoints are avoided
   */
  public record Wish(
      @Nullable Long hash, @Nullable BitSet tried, int attempts, boolean avoidPriorities) {
    /** A first try without a hash. */
    public static final Wish PLAIN = new Wish(null, null, 1, false);

    /** A first try by hash. */
    public static Wish of(long hash) {
      return new Wish(hash, null, 1, false);
    }

    /** A retry under a policy. */
    public static Wish retry(RetryPolicy policy, @Nullable Long hash, BitSet tried) {
      return new Wish(
          hash,
          policy.previousHosts() || policy.previousPriorities() ? tried : null,
          policy.previousHosts() ? Math.max(1, policy.selectionAttempts()) : 0,
          policy.previousPriorities());
    }
  }

  /** All endpoints; a pick is an index into this list. */
  public List<Endpoint> endpoints() {
    return java.util.Collections.unmodifiableList(endpoints);
  }

  public LoadAssignment assignment() {
    return assignment;
  }

  /** The priority of an endpoint. */
  public int priority(int host) {
    return priorityOf[host];
  }

  /** Takes an endpoint out or back in. */
  public void eject(int host, boolean out) {
    if (ejected.get(host) != out) {
      ejected.set(host, out);
      stale = true;
    }
  }

  public boolean isEjected(int host) {
    return ejected.get(host);
  }

  /** Whether the endpoint gets load when there is no panic. */
  public boolean isHealthy(int host) {
    Endpoint.Health health = endpoints.get(host).health();
    return !ejected.get(host)
        && (health == Endpoint.Health.HEALTHY || health == Endpoint.Health.DEGRADED);
  }

  /** How many endpoints are healthy. */
  public int healthy() {
    int healthy = 0;
    for (int i = 0; i < endpoints.size(); i++) {
      healthy += isHealthy(i) ? 1 : 0;
    }
    return healthy;
  }

  /**
   * Picks an endpoint. One that was tried before only where there is no other: Envoy would take it
   * after the last attempt, and with most of the load on one endpoint all attempts find that one.
   *
   * @return its index, or {@link #NONE}
   */
  public int pick(Load load, RandomGenerator random, Wish wish) {
    if (endpoints.isEmpty()) {
      return NONE;
    }
    if (stale) {
      refresh();
    }
    BitSet tried = wish.tried();
    int picked = NONE;
    for (int attempt = 0; attempt < Math.max(1, wish.attempts()); attempt++) {
      PriorityLevel level = level(random, wish);
      picked = level == null ? NONE : level.pick(policy, load, random, wish.hash());
      if (picked == NONE || tried == null || !tried.get(picked)) {
        return picked;
      }
    }
    int other = tried == null || wish.attempts() == 0 ? NONE : untried(tried, random);
    return other == NONE ? picked : other;
  }

  /** A healthy endpoint of the first priority that has one which was not tried. */
  private int untried(BitSet tried, RandomGenerator random) {
    int priority = Integer.MAX_VALUE;
    int found = 0;
    int chosen = NONE;
    for (int host = 0; host < priorityOf.length; host++) {
      if (tried.get(host) || !isHealthy(host) || priorityOf[host] > priority) {
        continue;
      }
      found = priorityOf[host] < priority ? 1 : found + 1;
      priority = priorityOf[host];
      if (random.nextInt(found) == 0) {
        chosen = host;
      }
    }
    return chosen;
  }

  /**
   * Which part of many first tries each endpoint gets while all are equally busy, in the order of
   * {@link #endpoints}; a hash is taken to be spread evenly. The sum is 1, or less where some tries
   * find no endpoint.
   */
  public double[] shares() {
    double[] shares = new double[endpoints.size()];
    if (stale) {
      refresh();
    }
    for (PriorityLevel level : levels) {
      level.addShares(levels.size() == 1 ? 1 : level.load() / 100.0, shares);
    }
    return shares;
  }

  private @Nullable PriorityLevel level(RandomGenerator random, Wish wish) {
    if (levels.size() == 1) {
      return levels.getFirst();
    }
    int sum = 0;
    for (PriorityLevel level : levels) {
      sum += avoided(level, wish) ? 0 : level.load();
    }
    boolean avoid = sum > 0;
    int at = random.nextInt(avoid ? sum : 100);
    for (PriorityLevel level : levels) {
      if (avoid && avoided(level, wish)) {
        continue;
      }
      at -= level.load();
      if (at < 0) {
        return level;
      }
    }
    return levels.getFirst();
  }

  private boolean avoided(PriorityLevel level, Wish wish) {
    BitSet tried = wish.tried();
    if (!wish.avoidPriorities() || tried == null) {
      return false;
    }
    for (int host = tried.nextSetBit(0); host >= 0; host = tried.nextSetBit(host + 1)) {
      if (host < priorityOf.length && priorityOf[host] == level.priority()) {
        return true;
      }
    }
    return false;
  }

  private void refresh() {
    stale = false;
    int total = 0;
    for (PriorityLevel level : levels) {
      level.refresh(this::isHealthy, endpoints, tuning, policy, assignment.overprovisioning());
      total += level.capacity();
    }
    total = Math.min(100, total);
    int left = 100;
    for (PriorityLevel level : levels) {
      int load = total == 0 ? 0 : Math.min(left, level.capacity() * 100 / total);
      left -= load;
      level.carry(load, total < 100, tuning.panicThreshold());
    }
    // Rounding leaves a few percent: the first priority that takes load at all gets them. Where no
    // endpoint is healthy the first priority gets everything, and panics if it may.
    for (PriorityLevel level : levels) {
      if (total == 0 || level.load() > 0) {
        level.carry(level.load() + left, total < 100, tuning.panicThreshold());
        break;
      }
    }
  }
}
