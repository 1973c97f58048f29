package dev.weft.explain;

import dev.weft.topology.Edge;
import dev.weft.topology.Sentence;
import dev.weft.topology.Severity;
import dev.weft.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a prediction says in sentences. Confined to one prediction. */
final class PredictionSentences {
  private final List<Sentence> gone = new ArrayList<>();
  private final List<Sentence> callers = new ArrayList<>();
  private final List<Sentence> unprotected = new ArrayList<>();

  private static Sentence sentence(
      PredictionCode code, Severity severity, List<String> nodes, Map<String, String> args) {
    return new Sentence(code.text(), args, severity, nodes, List.of());
  }

  void serviceGone(String service, int endpoints) {
    gone.add(
        sentence(
            PredictionCode.SERVICE_GONE,
            Severity.ERROR,
            List.of(),
            Map.of("service", service, "endpoints", Integer.toString(endpoints))));
  }

  void callerLost(String source, double rate) {
    callers.add(
        sentence(
            PredictionCode.CALLER_LOST,
            Severity.WARNING,
            List.of(source),
            Map.of("source", source, "rate", number(rate))));
  }

  void unprotected(String source, String service) {
    unprotected.add(
        sentence(
            PredictionCode.UNPROTECTED,
            Severity.WARNING,
            List.of(source),
            Map.of("source", source, "service", service)));
  }

  /** All of them, the most important first. */
  List<Sentence> all(
      Loss loss, List<Prediction.Moved> moved, List<Prediction.Moved> broken, Topology traffic) {
    List<Sentence> all = new ArrayList<>();
    broken.forEach(m -> all.add(breaks(m)));
    all.addAll(gone);
    all.addAll(callers);
    moved.stream().filter(m -> !broken.contains(m)).forEach(m -> all.add(moves(m)));
    all.addAll(unprotected);
    if (loss.kind() == Loss.Kind.CLUSTER) {
      all.add(
          sentence(
              PredictionCode.LAST_KNOWN,
              Severity.INFO,
              List.of(),
              Map.of("cluster", loss.cluster())));
    }
    if (traffic.edges().isEmpty()) {
      all.add(
          sentence(
              PredictionCode.NO_TRAFFIC,
              Severity.INFO,
              List.of(),
              Map.of("seconds", Long.toString(traffic.windowMillis() / 1000))));
    } else if (moved.isEmpty() && callers.isEmpty()) {
      all.add(
          sentence(
              PredictionCode.NOTHING_MOVES,
              Severity.INFO,
              List.of(),
              Map.of("loss", loss.toString())));
    }
    return all;
  }

  private static Sentence breaks(Prediction.Moved edge) {
    return sentence(
        PredictionCode.BREAKS,
        Severity.ERROR,
        List.of(edge.source()),
        Map.of(
            "source",
            edge.source(),
            "service",
            edge.service(),
            "share",
            share(edge.lost()),
            "rate",
            number(edge.lost() * edge.rate()),
            "reason",
            StepCode.word(edge.reason())));
  }

  private static Sentence moves(Prediction.Moved edge) {
    Portion most = edge.after().getFirst();
    double gain = 0;
    for (Portion portion : edge.after()) {
      double had =
          edge.before().stream()
              .filter(p -> p.place().equals(portion.place()))
              .mapToDouble(Portion::share)
              .sum();
      if (portion.share() - had > gain) {
        gain = portion.share() - had;
        most = portion;
      }
    }
    return sentence(
        PredictionCode.MOVES,
        Severity.INFO,
        List.of(edge.source(), most.place()),
        Map.of(
            "source",
            edge.source(),
            "service",
            edge.service(),
            "share",
            share(most.share()),
            "to",
            most.place(),
            "gateway",
            most.path() == Edge.Path.GATEWAY ? most.address() : ""));
  }

  private static String share(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
