package dev.weft.explain;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.weft.topology.Edge;
import dev.weft.topology.Sentence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What would become of the traffic of now. It is a prediction: of the state once every proxy knows
 * of the loss, by what flowed in a window of time.
 *
 * @param windowMillis over which rates were taken
 * @param edges whose traffic would go elsewhere
 * @param broken those of them of which a part would fail
 * @param sentences the most important first
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Prediction(
    Loss loss, long windowMillis, List<Moved> edges, List<Moved> broken, List<Sentence> sentences) {
  public Prediction {
    edges = List.copyOf(edges);
    broken = List.copyOf(broken);
    sentences = List.copyOf(sentences);
  }

  /**
   * What a workload sends to a service.
   *
   * @param source {@code CLUSTER/NAMESPACE/WORKLOAD}
   * @param service its host name
   * @param rate requests (or, for TCP, connections) a second
   * @param before where it goes, as it was counted
   * @param after where it would go
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Moved(
      String source,
      String service,
      double rate,
      List<Portion> before,
      List<Portion> after,
      Reason reason) {
    public Moved {
      before = List.copyOf(before);
      after = List.copyOf(after);
    }

    /** The part that would fail, 0 to 1. */
    double lost() {
      return lost(after);
    }

    static double lost(List<Portion> portions) {
      return portions.stream()
          .filter(p -> p.place().equals(Portion.NOWHERE))
          .mapToDouble(Portion::share)
          .sum();
    }

    private Moved plus(Moved other) {
      double both = rate + other.rate;
      return new Moved(
          source,
          service,
          both,
          sum(before, other.before, both),
          sum(after, other.after, both),
          reason);
    }

    private static List<Portion> sum(List<Portion> some, List<Portion> others, double rate) {
      record Way(String place, Edge.Path path) {}
      Map<Way, Portion> sums = new LinkedHashMap<>();
      for (List<Portion> each : List.of(some, others)) {
        for (Portion portion : each) {
          sums.merge(
              new Way(portion.place(), portion.path()),
              portion,
              (a, b) -> new Portion(a.place(), 0, a.rate() + b.rate(), a.path(), a.address()));
        }
      }
      return sums.values().stream()
          .map(
              p ->
                  new Portion(
                      p.place(),
                      rate == 0 ? p.share() : p.rate() / rate,
                      p.rate(),
                      p.path(),
                      p.address()))
          .toList();
    }
  }

  /** Why it moves or fails. */
  public enum Reason {
    /** Other endpoints take it. */
    @JsonProperty("moved")
    MOVED,
    /** There is no endpoint anywhere else. */
    @JsonProperty("no-endpoints-elsewhere")
    NO_ENDPOINTS_ELSEWHERE,
    /** The pods that are left do not have the labels of the subset. */
    @JsonProperty("subset-only-there")
    SUBSET_ONLY_THERE,
    /** What is left is behind a network without a gateway. */
    @JsonProperty("no-gateway")
    NO_GATEWAY,
    /** What is left is of no use to the caller for another reason. */
    @JsonProperty("left-out")
    LEFT_OUT,
    /** The shares of localities name no place where anything is left. */
    @JsonProperty("distribute-only-there")
    DISTRIBUTE_ONLY_THERE
  }

  /** What several control planes predict, each for the traffic of its own proxies. */
  public static Prediction merged(List<Prediction> seen) {
    Map<String, Moved> edges = new LinkedHashMap<>();
    Set<Sentence> sentences = new LinkedHashSet<>();
    long window = 0;
    for (Prediction each : seen) {
      window = Math.max(window, each.windowMillis());
      each.edges().forEach(e -> edges.merge(e.source() + " " + e.service(), e, Moved::plus));
      sentences.addAll(each.sentences());
    }
    List<Moved> all = List.copyOf(edges.values());
    return new Prediction(
        seen.getFirst().loss(), window, all, broken(all), new ArrayList<>(sentences));
  }

  static List<Moved> broken(List<Moved> edges) {
    return edges.stream().filter(e -> e.lost() > Moved.lost(e.before()) + Places.MIN).toList();
  }

  /** What comes from a namespace or calls a service of it; empty for all. */
  public Prediction within(String namespace) {
    if (namespace.isEmpty()) {
      return this;
    }
    List<Moved> some = edges.stream().filter(e -> concerns(e, namespace)).toList();
    return new Prediction(loss, windowMillis, some, broken(some), sentences);
  }

  private static boolean concerns(Moved edge, String namespace) {
    return edge.source().split("/", -1)[1].equals(namespace)
        || edge.service().contains("." + namespace + ".svc.");
  }
}
