package dev.weft.topology.picture;

import dev.weft.config.SyncState;
import dev.weft.topology.Sentence;
import dev.weft.topology.Severity;
import dev.weft.topology.SourceState;
import dev.weft.topology.history.ClusterFact;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What happens in the mesh, in sentences about what a picture shows. */
final class Sentences {
  /** More than these nobody reads. */
  private static final int MAX = 50;

  private Sentences() {}

  static List<Sentence> of(Survey survey, Contents contents, View view) {
    List<Said> said = new ArrayList<>();
    source(survey, said);
    clusters(survey, contents, view, said);
    Shortages.add(survey, view, said);
    Failures.add(survey, said);
    Departures.add(survey, said);
    if (contents.calls().values().stream().allMatch(ends -> ends.counted.isNone())
        && survey.traffic().state().state() != SourceState.Health.FAILED) {
      said.add(
          Said.plain(
              SentenceCode.QUIET,
              Map.of("seconds", String.valueOf(view.window().toSeconds())),
              Severity.INFO));
    }
    return said.stream()
        .sorted(Said.ORDER)
        .flatMap(each -> shown(each, survey, contents, view).stream())
        .limit(MAX)
        .toList();
  }

  private static void source(Survey survey, List<Said> said) {
    SourceState source = survey.traffic().state();
    Map<String, String> args =
        Map.of("message", source.message(), "source", source.kind().toString());
    switch (source.state()) {
      case FAILED -> said.add(Said.plain(SentenceCode.SOURCE_FAILED, args, Severity.ERROR));
      case PARTIAL -> said.add(Said.plain(SentenceCode.SOURCE_FAILED, args, Severity.WARNING));
      case OK, EMPTY -> {}
    }
  }

  private static void clusters(Survey survey, Contents contents, View view, List<Said> said) {
    for (ClusterFact cluster : survey.state().clusters().values()) {
      if (cluster.state() != SyncState.SYNCED
          && (view.clusters().isEmpty() || view.clusters().contains(cluster.id()))) {
        said.add(
            Said.plain(
                SentenceCode.CLUSTER_STATE,
                Map.of(
                    "cluster", cluster.id(),
                    "state", ClusterState.of(cluster.state()).toString(),
                    "message", cluster.message()),
                cluster.state() == SyncState.SYNCING ? Severity.INFO : Severity.WARNING));
      }
    }
    Map<String, Set<Spot>> strange = new TreeMap<>();
    for (Spot spot : contents.workloads()) {
      if (!spot.cluster().isEmpty() && !survey.state().clusters().containsKey(spot.cluster())) {
        strange.computeIfAbsent(spot.cluster(), c -> new TreeSet<>()).add(spot);
      }
    }
    strange.forEach(
        (cluster, spots) ->
            said.add(
                Said.about(
                    SentenceCode.UNREGISTERED_CLUSTER,
                    Map.of("cluster", cluster),
                    Severity.WARNING,
                    spots,
                    List.of(),
                    0)));
  }

  /** With the names that cards and edges have in the picture; empty where it shows none of them. */
  private static Optional<Sentence> shown(Said said, Survey survey, Contents contents, View view) {
    Set<String> nodes = new TreeSet<>();
    for (Spot spot : said.spots()) {
      Spot on = spot.on(contents.level());
      if (contents.spots().contains(on)) {
        nodes.add(on.id());
      }
    }
    Map<Call, Ends> calls = new TreeMap<>();
    said.calls().forEach(call -> calls.put(call, new Ends()));
    Map<Call, Ends> stopping = view.services() ? Calls.byServices(calls, survey.spots()) : calls;
    Set<String> edges = new TreeSet<>();
    for (Call call : Calls.on(contents.level(), stopping).keySet()) {
      if (contents.calls().containsKey(call)) {
        edges.add(call.id());
      }
    }
    boolean elsewhere =
        nodes.isEmpty() && edges.isEmpty() && !(said.spots().isEmpty() && said.calls().isEmpty());
    return elsewhere
        ? Optional.empty()
        : Optional.of(
            new Sentence(
                said.code().toString(),
                said.args(),
                said.severity(),
                List.copyOf(nodes),
                List.copyOf(edges)));
  }
}
