package dev.weft.topology.history;

import dev.weft.topology.Flow;
import dev.weft.topology.Place;
import dev.weft.topology.Severity;
import dev.weft.topology.Traffic;
import dev.weft.topology.history.Happening.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Into which clusters callers' requests go, and since when they go there. A value. */
record Moves(Map<Caller, Standing> standings) {
  static final Moves NONE = new Moves(Map.of());

  /** Each some 500 bytes. */
  private static final int MAX = 20_000;

  /** Of the requests of a window: fewer say nothing of shares. */
  private static final long FEWEST = 10;

  /** That another cluster got more of the traffic. */
  private static final double MOVED = 0.2;

  /** That nothing moves any more. */
  private static final double SETTLED = 0.02;

  Moves {
    standings = Collections.unmodifiableMap(standings);
  }

  /** Whoever calls, and by which host name. */
  record Caller(Place source, String service) implements Comparable<Caller> {
    @Override
    public int compareTo(Caller other) {
      int bySource = source.compareTo(other.source);
      return bySource != 0 ? bySource : service.compareTo(other.service);
    }
  }

  /**
   * @param shares by cluster, between 0 and 1
   * @param since when they became so; null where nobody saw it
   * @param moving whether a move that was told has not come to its end
   * @param seen when there was enough traffic to know
   */
  record Standing(
      Map<String, Double> shares, @Nullable Instant since, boolean moving, Instant seen) {}

  /** The next ones, and what there is to tell of them. */
  record Seen(Moves moves, List<Happening> happenings) {}

  Seen with(Traffic traffic, Instant at, Duration reach) {
    Map<Caller, Standing> next = new HashMap<>(standings);
    next.values().removeIf(s -> s.seen().isBefore(at.minus(reach)));
    List<Happening> happenings = new ArrayList<>();
    counts(traffic)
        .forEach(
            (caller, counts) -> {
              long all = counts.values().stream().mapToLong(Long::longValue).sum();
              Standing known = next.get(caller);
              if (all >= FEWEST && (known != null || next.size() < MAX)) {
                Map<String, Double> shares = new TreeMap<>();
                counts.forEach((cluster, n) -> shares.put(cluster, (double) n / all));
                next.put(caller, next(caller, known, shares, at, happenings));
              }
            });
    return new Seen(new Moves(next), happenings);
  }

  private static Map<Caller, Map<String, Long>> counts(Traffic traffic) {
    Map<Caller, Map<String, Long>> counts = new TreeMap<>();
    traffic
        .flows()
        .forEach(
            (flow, volume) -> {
              if (flow.reporter() == Flow.Reporter.SOURCE
                  && flow.source().known()
                  && !flow.destination().cluster().equals(Place.UNKNOWN_PART)) {
                counts
                    .computeIfAbsent(
                        new Caller(flow.source(), flow.service()), c -> new TreeMap<>())
                    .merge(flow.destination().cluster(), volume.requests(), Long::sum);
              }
            });
    return counts;
  }

  private static Standing next(
      Caller caller,
      @Nullable Standing known,
      Map<String, Double> shares,
      Instant at,
      List<Happening> happenings) {
    if (known == null) {
      return new Standing(shares, null, false, at);
    }
    Shift shift = Shift.between(known.shares(), shares);
    if (known.moving()) {
      return new Standing(shares, known.since(), shift.max() > SETTLED, at);
    }
    if (shift.max() <= MOVED) {
      return new Standing(known.shares(), known.since(), false, at);
    }
    happenings.add(happening(caller, shift, shares));
    return new Standing(shares, at, true, at);
  }

  /**
   * @param max the largest difference of a cluster's share
   * @param to the cluster that won most
   * @param from the cluster that lost most
   */
  private record Shift(double max, String from, String to) {
    static Shift between(Map<String, Double> before, Map<String, Double> after) {
      TreeSet<String> clusters = new TreeSet<>(before.keySet());
      clusters.addAll(after.keySet());
      String from = "";
      String to = "";
      double won = 0;
      double lost = 0;
      for (String cluster : clusters) {
        double difference = after.getOrDefault(cluster, 0.0) - before.getOrDefault(cluster, 0.0);
        if (difference > won) {
          won = difference;
          to = cluster;
        }
        if (-difference > lost) {
          lost = -difference;
          from = cluster;
        }
      }
      return new Shift(Math.max(won, lost), from, to);
    }
  }

  private static Happening happening(Caller caller, Shift shift, Map<String, Double> shares) {
    String own = caller.source().cluster();
    String code =
        shift.from().equals(own)
            ? "traffic-left"
            : shift.to().equals(own) ? "traffic-returned" : "traffic-moved";
    return new Happening(
        Kind.TRAFFIC,
        code.equals("traffic-left") ? Severity.WARNING : Severity.INFO,
        code,
        Map.of(
            "caller", caller.source().workload(),
            "namespace", caller.source().namespace(),
            "cluster", own,
            "service", caller.service(),
            "from", shift.from(),
            "to", shift.to(),
            "share", Shares.text(shares.getOrDefault(shift.to(), 0.0))),
        List.of(Nodes.id(caller.source())));
  }

  /** When a caller's traffic began to go where it goes; empty where nobody saw it. */
  Optional<Instant> since(Place source, String service) {
    Standing standing = standings.get(new Caller(source, service));
    return standing == null ? Optional.empty() : Optional.ofNullable(standing.since());
  }
}
