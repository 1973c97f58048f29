package dev.weft.control.admin;

import dev.weft.control.ingest.Ingest;
import dev.weft.discovery.MemberClusters;
import dev.weft.prometheus.Diagnosis;
import dev.weft.prometheus.Doctor;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.WorkloadKey;
import dev.weft.topology.SourceState;
import dev.weft.topology.Topology;
import dev.weft.topology.Traffic;
import dev.weft.topology.TrafficSource;
import dev.weft.types.ClusterId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The debug pages about the mesh, for {@code weft} and for people. */
public final class MeshPages {
  private final Ingest ingest;
  private final MemberClusters clusters;
  private final Supplier<Map<String, Integer>> proxies;
  private final Predicate<WorkloadKey> onDemand;
  private final TrafficSource traffic;
  private final Doctor doctor;
  private final InstantSource clock;

  /**
   * @param proxies connected now, by cluster id
   * @param onDemand pods whose proxies, of those, ask for what they call
   */
  public MeshPages(
      Ingest ingest,
      MemberClusters clusters,
      Supplier<Map<String, Integer>> proxies,
      Predicate<WorkloadKey> onDemand,
      TrafficSource traffic,
      Doctor doctor,
      InstantSource clock) {
    this.ingest = ingest;
    this.clusters = clusters;
    this.proxies = proxies;
    this.onDemand = onDemand;
    this.traffic = traffic;
    this.doctor = doctor;
    this.clock = clock;
  }

  /** Adds them. */
  public void addTo(DebugPages pages) {
    ExplainPages explain = new ExplainPages(ingest, onDemand, traffic, clock);
    pages
        .add("clusterz", query -> clusterz())
        .add("networkz", query -> DebugViews.networks(ingest.current()))
        .add("registryz", query -> DebugViews.registry(ingest.current()))
        .add("endpointz", query -> DebugViews.endpoints(ingest.current()))
        .add(
            "explain?service=NAME[.NAMESPACE][:PORT]&from=POD[.NAMESPACE]&cluster=CLUSTER&subset=SUBSET",
            explain::explain)
        .add(
            "explain/request?question={\"from\":\"POD.NAMESPACE\",\"host\":\"HOST:PORT\",\"path\":\"/\"}",
            explain::request)
        .add(
            "whatif?kind=cluster|zone|gateway|workload&cluster=CLUSTER&name=NAME&window=SECONDS",
            explain::whatIf)
        .add("topology?window=SECONDS", query -> topology(query.window()))
        .add("prometheus?window=SECONDS", query -> prometheus(query.window()))
        .add("diagnostics", query -> DebugViews.diagnostics(ingest.findings()))
        .add("digest", query -> DebugViews.digest(ingest.current()));
  }

  private List<Map<String, Object>> clusterz() {
    List<MemberClusters.Registration> registrations = clusters.registrations();
    Map<String, Integer> connected = proxies.get();
    return DebugViews.clusters(
        ingest.current(),
        id -> secret(registrations, id),
        id -> connected.getOrDefault(id.value(), 0));
  }

  private static String secret(List<MemberClusters.Registration> registrations, ClusterId id) {
    return registrations.stream()
        .filter(r -> r.cluster().equals(id))
        .map(MemberClusters.Registration::secret)
        .findFirst()
        .orElse("");
  }

  private Map<String, Object> topology(Duration window) {
    Instant now = clock.instant();
    MeshSnapshot snapshot = ingest.current();
    Traffic seen = traffic.between(now.minus(window), now);
    Topology drawn = Topology.of(window, seen.flows(), snapshot);
    SourceState source = seen.state();
    return Tree.of(
        "windowMillis",
        drawn.windowMillis(),
        "nodes",
        drawn.nodes(),
        "edges",
        drawn.edges(),
        "source",
        Tree.of(
            "kind",
            source.kind().toString(),
            "state",
            source.state().toString(),
            "message",
            source.message(),
            "newest",
            source.newest().map(Instant::toString).orElse("")));
  }

  private Diagnosis prometheus(Duration window) {
    return doctor.examine(
        ingest.current().clusters().keySet().stream()
            .map(ClusterId::value)
            .collect(Collectors.toSet()),
        window);
  }
}
