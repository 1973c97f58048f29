package dev.weft.explain;

import dev.weft.snapshot.MeshService;
import dev.weft.topology.Edge;
import dev.weft.xds.ClusterName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a caller's requests for a service are spread before and after a loss.
 *
 * @param rate of all of them a second
 * @param before as they were counted
 * @param changes whether anything is different after it
 * @param unprotected whether what is lost goes on getting requests until it is taken out
 */
record Redistribution(
    double rate,
    List<Portion> before,
    List<Portion> after,
    boolean changes,
    Prediction.Reason reason,
    boolean unprotected) {
  /** Shares that differ by less do so by rounding. */
  private static final double SAME = 1e-6;

  Redistribution {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  /** A cluster as one of the caller's proxies has it, and how much of all goes there. */
  private record Stream(
      CallerViews.Both view,
      ClusterName.Outbound cluster,
      double likely,
      Map<Places.Spot, Double> before,
      Map<Places.Spot, Double> after) {
    double toPlace(String place) {
      return before.entrySet().stream()
          .filter(e -> e.getKey().place().equals(place))
          .mapToDouble(Map.Entry::getValue)
          .sum();
    }

    double lost() {
      return after.getOrDefault(Places.Spot.NOWHERE, 0.0)
          - before.getOrDefault(Places.Spot.NOWHERE, 0.0);
    }

    boolean changes() {
      return after.entrySet().stream()
          .anyMatch(e -> Math.abs(e.getValue() - before.getOrDefault(e.getKey(), 0.0)) > SAME);
    }
  }

  /**
   * Spreads.
   *
   * @param host of the service
   * @param seen what each place gets now, a second
   * @param views of the caller's proxies
   */
  static Redistribution of(
      String host, Map<Places.Spot, Double> seen, List<CallerViews.Both> views) {
    List<Stream> streams = streams(host, views);
    double rate = seen.values().stream().mapToDouble(r -> r).sum();
    double[] amounts = amounts(streams, seen);
    Map<Places.Spot, Double> after = new LinkedHashMap<>();
    boolean changes = false;
    boolean unprotected = false;
    double max = Places.MIN;
    Prediction.Reason reason = Prediction.Reason.MOVED;
    for (int i = 0; i < amounts.length; i++) {
      Stream stream = streams.get(i);
      double part = amounts[i] / rate;
      if (part < SAME) {
        continue;
      }
      stream.after().forEach((spot, share) -> after.merge(spot, part * share, Double::sum));
      if (stream.changes()) {
        changes = true;
        unprotected |= !stream.view().before().ejects(stream.cluster());
      }
      if (part * stream.lost() > max) {
        max = part * stream.lost();
        reason = stream.view().after().reason(stream.cluster());
      }
    }
    return new Redistribution(
        rate,
        rated(known(seen, streams, rate), rate),
        rated(after, rate),
        changes,
        reason,
        unprotected);
  }

  private static List<Stream> streams(String host, List<CallerViews.Both> views) {
    List<Stream> streams = new ArrayList<>();
    for (CallerViews.Both view : views) {
      Map<ClusterName.Outbound, Double> clusters = view.before().clusters(host);
      (clusters.isEmpty() ? whole(view.before(), host) : clusters)
          .forEach(
              (cluster, likely) ->
                  streams.add(
                      new Stream(
                          view,
                          cluster,
                          view.part() * likely,
                          view.before().shares(cluster),
                          view.after().shares(cluster))));
    }
    return streams;
  }

  /** Where no route says more: the service itself, any port. */
  private static Map<ClusterName.Outbound, Double> whole(CallerView view, String host) {
    Map<ClusterName.Outbound, Double> clusters = new LinkedHashMap<>();
    MeshService service = view.snapshot().serviceByHostname(host).orElseThrow();
    service
        .ports()
        .forEach(
            p ->
                clusters.put(
                    new ClusterName.Outbound(p.number(), "", host), 1.0 / service.ports().size()));
    return clusters;
  }

  /**
   * How much goes through each stream. The counts do not say which subset a request was for, so
   * what a place got is put down to the streams that lead there, as likely as they are to (Bayes).
   */
  private static double[] amounts(List<Stream> streams, Map<Places.Spot, Double> seen) {
    double[] amounts = new double[streams.size()];
    seen.forEach(
        (spot, rate) -> {
          double[] likely = new double[amounts.length];
          double all = 0;
          for (int i = 0; i < likely.length; i++) {
            likely[i] = streams.get(i).likely() * streams.get(i).toPlace(spot.place());
            all += likely[i];
          }
          for (int i = 0; i < likely.length; i++) {
            amounts[i] += rate * (all > 0 ? likely[i] / all : streams.get(i).likely());
          }
        });
    return amounts;
  }

  /** What was counted, as shares, with the addresses by which those places are reached. */
  private static Map<Places.Spot, Double> known(
      Map<Places.Spot, Double> seen, List<Stream> streams, double rate) {
    Map<Places.Spot, Double> shares = new LinkedHashMap<>();
    seen.forEach(
        (spot, perSecond) -> {
          List<Places.Spot> ways =
              streams.stream()
                  .flatMap(s -> s.before().keySet().stream())
                  .filter(s -> s.place().equals(spot.place()))
                  .distinct()
                  .toList();
          Edge.Path path = ways.isEmpty() ? spot.path() : ways.getFirst().path();
          String address = Places.some(ways.stream().map(Places.Spot::address).distinct().toList());
          shares.merge(new Places.Spot(spot.place(), path, address), perSecond / rate, Double::sum);
        });
    return shares;
  }

  private static List<Portion> rated(Map<Places.Spot, Double> shares, double rate) {
    return Places.portions(shares).stream().map(p -> p.withRate(p.share() * rate)).toList();
  }
}
