package dev.weft.topology;

import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.Workload;
import dev.weft.types.ClusterId;
import dev.weft.types.Names;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The picture of the mesh in a window of time: what is there, also where nothing flows, and what
 * flowed, also from and to what is gone.
 *
 * @param windowMillis how long the window was
 * @param edges as each end saw them; see {@link #once}
 */
public record Topology(long windowMillis, List<Node> nodes, List<Edge> edges) {

  public Topology {
    nodes = List.copyOf(nodes);
    edges = List.copyOf(edges);
  }

  /**
   * Draws it.
   *
   * @param flows of the window
   */
  public static Topology of(Duration window, Map<Flow, Volume> flows, MeshSnapshot snapshot) {
    Map<Edge.Key, Edge> found = new LinkedHashMap<>();
    flows.forEach(
        (flow, volume) -> {
          Edge edge = edge(flow, volume, snapshot);
          found.merge(edge.key(), edge, Edge::plus);
        });
    List<Edge> edges = found.values().stream().sorted(Edge.ORDER).toList();
    Map<Place, Node> nodes = new TreeMap<>();
    for (Workload workload : snapshot.workloads().values()) {
      if (!workload.terminating() && (workload.injected() || workload.mtls())) {
        Place place =
            new Place(
                workload.key().cluster().value(),
                workload.key().namespace(),
                workload.workloadName());
        nodes.merge(
            place,
            new Node(place, workload.network().value(), 1, workload.ready() ? 1 : 0),
            Topology::together);
      }
    }
    for (Edge edge : edges) {
      for (Place place : List.of(edge.source(), edge.destination())) {
        nodes.computeIfAbsent(place, p -> new Node(p, network(p, snapshot), 0, 0));
      }
    }
    return new Topology(window.toMillis(), List.copyOf(nodes.values()), edges);
  }

  /** What several control planes saw, each of it the traffic of its own proxies. */
  public static Topology merged(List<Topology> seen) {
    long window = 0;
    Map<Place, Node> nodes = new TreeMap<>();
    Map<Edge.Key, Edge> edges = new LinkedHashMap<>();
    for (Topology each : seen) {
      window = Math.max(window, each.windowMillis());
      // Each of them knows all pods.
      each.nodes().forEach(n -> nodes.merge(n.place(), n, Topology::fuller));
      each.edges().forEach(e -> edges.merge(e.key(), e, Edge::plus));
    }
    return new Topology(
        window, List.copyOf(nodes.values()), edges.values().stream().sorted(Edge.ORDER).toList());
  }

  /**
   * With each request once. Both ends count it: the source knows of those that never arrived, and
   * the destination of those whose source has no proxy. So the source's word counts where there is
   * one.
   */
  public Topology once() {
    Set<Edge.Key> keys = edges.stream().map(Edge::key).collect(Collectors.toSet());
    return new Topology(
        windowMillis,
        nodes,
        edges.stream()
            .filter(e -> e.reporter() == Flow.Reporter.SOURCE || !keys.contains(e.twin()))
            .toList());
  }

  /**
   * What comes from or goes to a namespace, and what is in it.
   *
   * @param namespace empty for all
   */
  public Topology within(String namespace) {
    if (namespace.isEmpty()) {
      return this;
    }
    List<Edge> touching =
        edges.stream()
            .filter(
                e ->
                    e.source().namespace().equals(namespace)
                        || e.destination().namespace().equals(namespace))
            .toList();
    Set<Place> ends =
        touching.stream()
            .flatMap(e -> Stream.of(e.source(), e.destination()))
            .collect(Collectors.toSet());
    return new Topology(
        windowMillis,
        nodes.stream()
            .filter(n -> n.place().namespace().equals(namespace) || ends.contains(n.place()))
            .toList(),
        touching);
  }

  /**
   * The part of all that an edge's source sends to its service, between 0 and 1.
   *
   * @param edge of this picture
   */
  public double share(Edge edge) {
    long all = 0;
    for (Edge each : edges) {
      if (each.reporter() == edge.reporter()
          && each.source().equals(edge.source())
          && each.service().equals(edge.service())) {
        all += each.requests();
      }
    }
    return all == 0 ? 0 : (double) edge.requests() / all;
  }

  /** A count of the window, for each second. */
  public double perSecond(long count) {
    return windowMillis == 0 ? 0 : count * 1000.0 / windowMillis;
  }

  private static Edge edge(Flow flow, Volume volume, MeshSnapshot snapshot) {
    return new Edge(
        flow.reporter(),
        flow.source(),
        flow.destination(),
        flow.service(),
        flow.protocol(),
        path(flow.source(), flow.destination(), snapshot),
        volume.requests(),
        flow.failed() ? volume.requests() : 0,
        flow.mutualTls() ? volume.requests() : 0,
        volume.millis(),
        volume.sentBytes(),
        volume.receivedBytes());
  }

  private static Edge.Path path(Place source, Place destination, MeshSnapshot snapshot) {
    if (!source.known() || !destination.known()) {
      return Edge.Path.UNKNOWN;
    }
    if (source.cluster().equals(destination.cluster())) {
      return Edge.Path.LOCAL;
    }
    return network(source, snapshot).equals(network(destination, snapshot))
        ? Edge.Path.DIRECT
        : Edge.Path.GATEWAY;
  }

  private static String network(Place place, MeshSnapshot snapshot) {
    return Names.isLabel(place.cluster())
        ? snapshot.networkOf(new ClusterId(place.cluster())).value()
        : "";
  }

  private static Node together(Node a, Node b) {
    return new Node(a.place(), a.network(), a.pods() + b.pods(), a.ready() + b.ready());
  }

  private static Node fuller(Node a, Node b) {
    return a.pods() >= b.pods() ? a : b;
  }
}
