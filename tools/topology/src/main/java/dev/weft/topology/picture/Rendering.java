package dev.weft.topology.picture;

import dev.weft.snapshot.NetworkGateway;
import dev.weft.topology.Edge.Path;
import dev.weft.topology.Traffic.Latency;
import dev.weft.topology.Traffic.Relation;
import dev.weft.topology.history.ClusterFact;
import dev.weft.topology.history.ClusterFact.GatewayFact;
import dev.weft.topology.history.WorkloadFact;
import dev.weft.topology.layout.Bounds;
import dev.weft.topology.layout.Placement;
import dev.weft.topology.layout.Point;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes down what is drawn and where. Confined to one drawing. */
final class Rendering {
  private final Contents contents;
  private final Survey survey;
  private final Placement placement;
  private final View view;
  private final Cards cards;
  private final Map<Sender, Count> sent = new HashMap<>();

  /** Whoever sends, by the name that is called. */
  private record Sender(Spot source, String service) {}

  Rendering(Contents contents, Survey survey, Placement placement, View view) {
    this.contents = contents;
    this.survey = survey;
    this.placement = placement;
    this.view = view;
    this.cards = new Cards(contents, survey);
    contents
        .calls()
        .forEach(
            (call, ends) ->
                sent.computeIfAbsent(new Sender(call.source(), call.service()), s -> new Count())
                    .add(ends.counted));
  }

  List<ClusterBox> clusters() {
    Map<String, Count> in = new TreeMap<>();
    Map<String, Count> out = new TreeMap<>();
    survey
        .calls()
        .forEach(
            (call, ends) -> {
              String from = call.source().cluster();
              String to = call.target().cluster();
              if (!from.equals(to)) {
                out.computeIfAbsent(from, c -> new Count()).add(ends.counted);
                in.computeIfAbsent(to, c -> new Count()).add(ends.counted);
              }
            });
    List<ClusterBox> boxes = new ArrayList<>();
    placement
        .clusters()
        .forEach(
            (id, bounds) -> {
              ClusterFact fact = survey.state().clusters().get(id);
              boxes.add(
                  new ClusterBox(
                      id,
                      fact == null ? "" : fact.network(),
                      fact == null ? ClusterState.UNREGISTERED : ClusterState.of(fact.state()),
                      fact == null ? "" : fact.region(),
                      fact == null ? List.of() : fact.zones(),
                      fact == null ? List.of() : chips(fact),
                      bounds,
                      rate(in.get(id)),
                      rate(out.get(id))));
            });
    return boxes;
  }

  private double rate(@Nullable Count count) {
    return count == null ? 0 : view.perSecond(count.requests);
  }

  private List<GatewayChip> chips(ClusterFact fact) {
    Point at = placement.chips().get(fact.id());
    GatewayFact gateway = fact.gateway();
    return at == null
        ? List.of()
        : List.of(
            new GatewayChip(
                gateway.name(), gateway.addresses(), gateway.pods(), gateway.ready(), at));
  }

  List<NamespaceBox> namespaces() {
    List<NamespaceBox> boxes = new ArrayList<>();
    placement
        .namespaces()
        .forEach(
            (box, bounds) ->
                boxes.add(
                    new NamespaceBox(
                        box.cluster() + "/" + box.namespace(),
                        box.cluster(),
                        box.namespace(),
                        bounds)));
    return boxes;
  }

  List<PictureNode> nodes() {
    return contents.spots().stream().map(this::node).toList();
  }

  private PictureNode node(Spot spot) {
    Bounds bounds = placement.items().getOrDefault(spot.id(), new Bounds(0, 0, 0, 0));
    Cards.Card card = cards.of(spot);
    WorkloadFact fact = contents.level() == Level.WORKLOAD ? survey.fact(spot) : null;
    return new PictureNode(
        spot.id(),
        spot.kind(),
        spot.cluster(),
        spot.namespace(),
        spot.name(),
        fact == null ? "" : fact.app(),
        fact == null ? "" : fact.version(),
        card.pods(),
        card.ready(),
        card.ghost(),
        card.status(),
        card.marks(),
        bounds);
  }

  List<PictureEdge> edges() {
    List<PictureEdge> edges = new ArrayList<>();
    contents.calls().forEach((call, ends) -> edges.add(edge(call, ends)));
    return edges;
  }

  private PictureEdge edge(Call call, Ends ends) {
    Count count = ends.counted;
    Path path = survey.path(call);
    Latency latency =
        survey
            .traffic()
            .latencies()
            .get(
                new Relation(
                    Survey.place(call.source()), Survey.place(call.target()), call.service()));
    return new PictureEdge(
        call.id(),
        call.source().id(),
        call.target().id(),
        call.service(),
        call.protocol(),
        path,
        path == Path.GATEWAY ? address(call) : "",
        view.perSecond(count.requests),
        share(call, count),
        view.perSecond(count.failed),
        view.perSecond(count.noResponse),
        count.codes(view.window().toMillis() / 1000.0),
        count.requests == 0 ? 0 : (double) count.millis / count.requests,
        latency == null ? null : latency.p50Millis(),
        latency == null ? null : latency.p95Millis(),
        latency == null ? null : latency.p99Millis(),
        view.perSecond(count.sentBytes),
        view.perSecond(count.receivedBytes),
        count.mutualTlsShare(),
        ends.client.isNone() ? null : view.perSecond(ends.client.requests),
        ends.server.isNone() ? null : view.perSecond(ends.server.requests),
        count.status(),
        count.isNone(),
        placement.links().getOrDefault(call.id(), List.of()));
  }

  private String address(Call call) {
    return survey
        .gateway(call.target())
        .map(NetworkGateway::address)
        .map(Object::toString)
        .orElse("");
  }

  /** Of requests; of connections that were open before, of what they carry. */
  private double share(Call call, Count count) {
    Count all = sent.getOrDefault(new Sender(call.source(), call.service()), count);
    if (all.requests > 0) {
      return (double) count.requests / all.requests;
    }
    return all.bytes() == 0 ? 0 : (double) count.bytes() / all.bytes();
  }
}
