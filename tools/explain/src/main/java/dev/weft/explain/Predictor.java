package dev.weft.explain;

import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.Workload;
import dev.weft.topology.Edge;
import dev.weft.topology.Flow;
import dev.weft.topology.Place;
import dev.weft.topology.Topology;
import dev.weft.topology.Volume;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where the traffic of now would go if something were lost: each caller's configuration is made
 * again without it, and what the caller sends is spread by the balancer of its proxy. Only what
 * callers send to services is moved; that a service which gets more also sends more is left out.
 */
public final class Predictor {
  private final MeshSnapshot before;
  private final MeshSnapshot after;
  private final Lost lost;
  private final Topology traffic;
  private final CallerViews callers;
  private final PredictionSentences sentences = new PredictionSentences();
  private final List<Prediction.Moved> moved = new ArrayList<>();

  private Predictor(MeshSnapshot before, Lost lost, Topology traffic) {
    this.before = before;
    this.after = lost.without();
    this.lost = lost;
    this.traffic = traffic;
    this.callers = new CallerViews(before, after, lost);
  }

  /**
   * Predicts.
   *
   * @param window over which the flows were counted
   * @throws UnclearException where what is lost is not there, or is more than one thing
   */
  public static Prediction of(
      MeshSnapshot snapshot, Loss loss, Duration window, Map<Flow, Volume> flows)
      throws UnclearException {
    Lost lost = Lost.of(snapshot, loss);
    return new Predictor(snapshot, lost, Topology.of(window, flows, snapshot).once()).predict();
  }

  private Prediction predict() {
    Map<Place, Map<String, List<Edge>>> called = called();
    called.forEach(this::caller);
    moved.sort(
        Comparator.comparingDouble((Prediction.Moved m) -> -m.lost() * m.rate())
            .thenComparing(m -> -m.rate())
            .thenComparing(Prediction.Moved::source)
            .thenComparing(Prediction.Moved::service));
    List<Prediction.Moved> broken = Prediction.broken(moved);
    goneServices();
    return new Prediction(
        lost.loss(),
        traffic.windowMillis(),
        moved,
        broken,
        sentences.all(lost.loss(), moved, broken, traffic));
  }

  /** What each caller sends to each service of the mesh. */
  private Map<Place, Map<String, List<Edge>>> called() {
    Map<Place, Map<String, List<Edge>>> called = new TreeMap<>();
    for (Edge edge : traffic.edges()) {
      if (edge.requests() > 0
          && edge.source().known()
          && before.serviceByHostname(edge.service()).isPresent()) {
        called
            .computeIfAbsent(edge.source(), s -> new TreeMap<>())
            .computeIfAbsent(edge.service(), s -> new ArrayList<>())
            .add(edge);
      }
    }
    return called;
  }

  private void caller(Place source, Map<String, List<Edge>> byService) {
    boolean here = before.workloads().values().stream().anyMatch(w -> is(source, w));
    if (!here) {
      return;
    }
    Set<String> hosts = new TreeSet<>(byService.keySet());
    hosts.removeIf(host -> !concerned(host));
    boolean gone =
        before.workloads().values().stream().filter(w -> is(source, w)).allMatch(lost::has);
    if (gone) {
      double rate =
          byService.values().stream()
              .flatMap(List::stream)
              .mapToDouble(e -> traffic.perSecond(e.requests()))
              .sum();
      sentences.callerLost(id(source), rate);
    } else if (!hosts.isEmpty()) {
      List<CallerViews.Both> views = callers.of(source, hosts);
      hosts.forEach(host -> edge(source, host, byService.getOrDefault(host, List.of()), views));
    }
  }

  private static boolean is(Place place, Workload pod) {
    return pod.key().cluster().value().equals(place.cluster())
        && pod.key().namespace().equals(place.namespace())
        && pod.workloadName().equals(place.workload());
  }

  /** Whether the loss touches the service at all. */
  private boolean concerned(String host) {
    Optional<MeshService> service = before.serviceByHostname(host);
    return service.isPresent()
        && (service.get().endpoints().stream().anyMatch(lost::has)
            || !before.networkGateways().equals(after.networkGateways()));
  }

  private static String id(Place place) {
    return place.cluster() + "/" + place.namespace() + "/" + place.workload();
  }

  /** What one caller sends to one service. */
  private void edge(Place source, String host, List<Edge> edges, List<CallerViews.Both> views) {
    Map<Places.Spot, Double> seen = new LinkedHashMap<>();
    for (Edge edge : edges) {
      String place = edge.destination().known() ? id(edge.destination()) : Portion.NOWHERE;
      seen.merge(
          new Places.Spot(place, edge.path(), ""), traffic.perSecond(edge.requests()), Double::sum);
    }
    Redistribution spread = Redistribution.of(host, seen, views);
    if (!spread.changes()) {
      return;
    }
    moved.add(
        new Prediction.Moved(
            id(source), host, spread.rate(), spread.before(), spread.after(), spread.reason()));
    if (spread.unprotected()) {
      sentences.unprotected(id(source), host);
    }
  }

  /** Services that are nowhere any more, called or not. */
  private void goneServices() {
    after
        .services()
        .forEach(
            (id, service) -> {
              MeshService was = before.services().get(id);
              if (was != null && !was.endpoints().isEmpty() && service.endpoints().isEmpty()) {
                sentences.serviceGone(service.hostname(), was.endpoints().size());
              }
            });
  }
}
