package dev.weft.explain;

import dev.weft.explain.RequestStory.Destination;
import dev.weft.explain.RequestStory.Ending;
import dev.weft.explain.RequestStory.Named;
import dev.weft.explain.RequestStory.Outcome;
import dev.weft.routing.Balancer;
import dev.weft.routing.LoadAssignment;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.snapshot.EndpointDecision;
import dev.weft.snapshot.EndpointView;
import dev.weft.snapshot.MergedDestinationRule;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.ServicePort;
import dev.weft.topology.Edge;
import dev.weft.translate.ClusterPicture;
import dev.weft.types.HostPort;
import dev.weft.xds.ClusterName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What becomes of a request that a route sends to a cluster. Confined to one telling. */
final class ClusterTale {
  private static final String NO_FLAGS = "-";

  private final MeshSnapshot snapshot;
  private final Asked asked;
  private final RuntimeConfig config;
  private final Steps steps;
  private final AskedRequest request;

  /** What came of one cluster. */
  record End(Outcome outcome, Destination destination) {}

  /**
   * @param request as it leaves the caller's proxy
   */
  ClusterTale(
      MeshSnapshot snapshot, Asked asked, RuntimeConfig config, Steps steps, AskedRequest request) {
    this.snapshot = snapshot;
    this.asked = asked;
    this.config = config;
    this.steps = steps;
    this.request = request;
  }

  /**
   * Tells it.
   *
   * @param share of the requests that go to this cluster, 0 to 1
   */
  End tell(String name, double share) {
    Cluster cluster = config.clusters().get(name);
    if (cluster == null) {
      steps.add(
          StepCode.NO_CLUSTER,
          "The route names "
              + name
              + ", which the proxy does not have: no such service, port or subset.",
          "cluster",
          name);
      return nowhere(
          name,
          "",
          share,
          Steps.end(Ending.NO_ENDPOINT, 503, "NC", "503 NC: there is no cluster " + name + "."));
    }
    Optional<ClusterName.Outbound> outbound = outbound(name);
    Optional<MeshService> service = outbound.flatMap(o -> service(o.host()));
    if (cluster.discovery() instanceof Cluster.Discovery.OriginalDst
        && (outbound.isEmpty() || service.isEmpty())) {
      return passedOn(name, share);
    }
    if (outbound.isEmpty() || service.isEmpty()) {
      return blackHole(name, share);
    }
    Optional<ServicePort> port = service.get().port(outbound.get().port());
    return port.isEmpty()
        ? blackHole(name, share)
        : served(cluster, outbound.get(), service.get(), port.get(), share);
  }

  /** The service that a cluster's host is, or is a pod of. */
  private Optional<MeshService> service(String host) {
    return snapshot
        .serviceByHostname(host)
        .or(() -> snapshot.podByHostname(host).map(MeshSnapshot.NamedPod::service));
  }

  private static Optional<ClusterName.Outbound> outbound(String name) {
    return ClusterName.parse(name)
        .flatMap(
            parsed ->
                switch (parsed) {
                  case ClusterName.Outbound o -> Optional.of(o);
                  case ClusterName.SniDnat s ->
                      Optional.of(new ClusterName.Outbound(s.port(), s.subset(), s.host()));
                  case ClusterName.Inbound i -> Optional.empty();
                  case ClusterName.Special s -> Optional.empty();
                });
  }

  private End passedOn(String name, double share) {
    String address = asked.aim().address();
    boolean known = !address.equals(Aim.UNKNOWN);
    steps.add(
        StepCode.PASSTHROUGH,
        "It is passed on to where the caller wanted to go"
            + (known ? ", " + asked.aim().target() : "")
            + ": nothing in the mesh is called like this.",
        "cluster",
        name);
    Portion outside =
        new Portion(
            Portion.OUTSIDE, 1, 0, Edge.Path.UNKNOWN, known ? asked.aim().target().toString() : "");
    return new End(
        Steps.end(Ending.FORWARDED, 0, NO_FLAGS, "It leaves the mesh, as it is."),
        new Destination(asked.aim().host(), "", share, List.of(outside)));
  }

  private End blackHole(String name, double share) {
    return nowhere(
        name,
        "",
        share,
        Steps.end(Ending.DENIED, 0, "UH", name + " has no endpoints: it ends here."));
  }

  private static End nowhere(String service, String subset, double share, Outcome outcome) {
    Portion lost = new Portion(Portion.NOWHERE, 1, 0, Edge.Path.UNKNOWN, "");
    return new End(outcome, new Destination(service, subset, share, List.of(lost)));
  }

  private End served(
      Cluster cluster,
      ClusterName.Outbound name,
      MeshService service,
      ServicePort port,
      double share) {
    steps.add(
        StepCode.SERVICE,
        service
            .entry()
            .map(entry -> Named.of(entry.object()))
            .orElseGet(
                () -> new Named("Service", service.id().namespace(), service.id().name(), "")),
        service.hostname() + " port " + port.number() + " (" + port.protocol() + ").",
        "service",
        service.hostname(),
        "port",
        port.number(),
        "protocol",
        port.protocol().name(),
        "share",
        share);
    rule(name, service);
    boolean onePod = !name.host().equals(service.hostname());
    List<EndpointDecision> decisions =
        EndpointView.of(snapshot, service, port, name.subset(), asked.client().asking()).stream()
            .filter(decision -> !onePod || leadsTo(service, name.host(), decision))
            .toList();
    EndpointSteps endpointSteps = new EndpointSteps(snapshot, asked.client(), steps);
    endpointSteps.leftOut(decisions);
    Optional<ClusterPicture> picture =
        onePod
            ? Optional.empty()
            : ClusterPicture.of(
                snapshot,
                asked.client().pod(),
                asked.client().passing(),
                service,
                port,
                name.subset());
    if (cluster.discovery() instanceof Cluster.Discovery.OriginalDst dialled) {
      endpointSteps.transport(cluster.transportFor(dialled.endpoint(asked.aim().target())));
      return byAddress(service, name, share, picture);
    }
    if (cluster.discovery() instanceof Cluster.Discovery.Dns) {
      return outside(service, share);
    }
    LoadAssignment assignment = config.assignmentOf(cluster);
    LoadAssignment endpoints =
        assignment == null ? LoadAssignment.empty(cluster.name()) : assignment;
    if (endpoints.size() == 0) {
      return empty(service, name, share);
    }
    picture
        .filter(p -> !p.places().isEmpty())
        .ifPresent(p -> steps.add(StepCode.LOCALITIES, Spread.localities(p), "policy", p.policy()));
    priorities(cluster, endpoints);
    picture.ifPresent(p -> steps.add(StepCode.EJECTION, Spread.whenLeftAlone(p)));
    endpointSteps.ways(decisions);
    Set<HostPort> refusing = endpointSteps.strict(decisions);
    Map<Places.Spot, Double> shares =
        Places.shares(
            asked.client().pod().key().cluster().value(), cluster, endpoints, decisions, refusing);
    Destination destination =
        new Destination(service.hostname(), name.subset(), share, Places.portions(shares));
    double lost = shares.getOrDefault(Places.Spot.NOWHERE, 0.0);
    if (lost < 1 - Places.MIN) {
      return new End(
          new AccessSteps(snapshot, asked.client(), request, steps)
              .tell(
                  decisions,
                  port.name(),
                  new ClusterName.SniDnat(name.port(), name.subset(), name.host()).format())
              .orElseGet(() -> forwarded(destination)),
          destination);
    }
    return new End(
        refusing.isEmpty()
            ? noEndpoint(service, name)
            : Steps.end(
                Ending.DENIED,
                503,
                "UC",
                "503 UC: the server takes mutual TLS alone and is called in plain text."),
        destination);
  }

  private static boolean leadsTo(MeshService service, String host, EndpointDecision decision) {
    return decision instanceof EndpointDecision.ViaGateway way
        && way.behind().stream().anyMatch(e -> service.podHost(e.hostname()).equals(host));
  }

  /** To a host that is not in the mesh, by its name. */
  private End outside(MeshService service, double share) {
    String names =
        service.externalName().isEmpty()
            ? Places.some(service.endpoints().stream().map(ServiceEndpoint::address).toList())
            : service.externalName();
    steps.add(
        StepCode.PASSTHROUGH,
        service.id() + " stands for " + names + ", which DNS knows.",
        "host",
        names);
    Portion outside = new Portion(Portion.OUTSIDE, 1, 0, Edge.Path.UNKNOWN, names);
    return new End(
        Steps.end(Ending.FORWARDED, 0, NO_FLAGS, "It leaves the mesh, as it is."),
        new Destination(service.hostname(), "", share, List.of(outside)));
  }

  private void rule(ClusterName.Outbound name, MeshService service) {
    Optional<MergedDestinationRule> rule =
        snapshot
            .destinationRules()
            .find(
                asked.client().pod().key().namespace(),
                asked.client().pod().labels(),
                service.id(),
                service.hostname());
    Named object =
        rule.filter(r -> !r.sources().isEmpty())
            .map(r -> Named.of(r.sources().getFirst()))
            .orElse(null);
    if (rule.isPresent() && object != null) {
      steps.add(
          StepCode.DESTINATION_RULE,
          object,
          "The caller sees "
              + Places.some(rule.get().sources().stream().map(Object::toString).toList())
              + " for it.",
          "host",
          rule.get().host());
    }
    if (name.subset().isEmpty()) {
      return;
    }
    Map<String, String> labels =
        rule.flatMap(r -> r.subset(name.subset())).map(s -> s.labels()).orElse(Map.of());
    long matching =
        service.endpoints().stream()
            .filter(e -> e.labels().entrySet().containsAll(labels.entrySet()))
            .count();
    steps.add(
        StepCode.SUBSET,
        object,
        "Subset "
            + name.subset()
            + " is the pods with the labels "
            + labels
            + ": "
            + matching
            + " of "
            + service.endpoints().size()
            + ".",
        "subset",
        name.subset(),
        "labels",
        labels,
        "endpoints",
        matching,
        "of",
        service.endpoints().size());
  }

  private void priorities(Cluster cluster, LoadAssignment endpoints) {
    double[] shares = Balancer.of(cluster.lbPolicy(), cluster.lbTuning(), endpoints).shares();
    int at = 0;
    for (LoadAssignment.Group group : endpoints.groups()) {
      double share = 0;
      int size = group.endpoints().size();
      for (int i = 0; i < size; i++) {
        share += shares[at++];
      }
      String locality = group.locality().region().isEmpty() ? "" : group.locality().toString();
      steps.add(
          StepCode.PRIORITY,
          "Priority %d, %s: %d %s, %d %% of the requests."
              .formatted(
                  group.priority(),
                  locality.isEmpty() ? "unknown locality" : locality,
                  size,
                  size == 1 ? "endpoint" : "endpoints",
                  Math.round(share * 100)),
          "priority",
          group.priority(),
          "locality",
          locality,
          "endpoints",
          size,
          "weight",
          group.weight(),
          "share",
          share);
    }
  }

  private End byAddress(
      MeshService service,
      ClusterName.Outbound name,
      double share,
      Optional<ClusterPicture> picture) {
    picture.ifPresent(p -> steps.add(StepCode.LOCALITIES, Spread.sentences(p).getFirst()));
    String address = asked.aim().address();
    String place =
        service.endpoints().stream()
            .filter(e -> e.address().equals(address))
            .map(e -> e.workload())
            .filter(Objects::nonNull)
            .map(Places::id)
            .findFirst()
            .orElse(Portion.OUTSIDE);
    Destination destination =
        new Destination(
            service.hostname(),
            name.subset(),
            share,
            List.of(new Portion(place, 1, 0, Edge.Path.DIRECT, asked.aim().target().toString())));
    return new End(forwarded(destination), destination);
  }

  private End empty(MeshService service, ClusterName.Outbound name, double share) {
    Outcome outcome = noEndpoint(service, name);
    steps.add(
        StepCode.NO_ENDPOINT,
        outcome.text(),
        "service",
        service.hostname(),
        "subset",
        name.subset());
    return nowhere(service.hostname(), name.subset(), share, outcome);
  }

  private static Outcome noEndpoint(MeshService service, ClusterName.Outbound name) {
    return Steps.end(
        Ending.NO_ENDPOINT,
        503,
        "UH",
        "503 UH: "
            + service.hostname()
            + (name.subset().isEmpty() ? "" : " subset " + name.subset())
            + " has no endpoint that the caller could use.");
  }

  private static Outcome forwarded(Destination destination) {
    return Steps.end(
        Ending.FORWARDED,
        0,
        NO_FLAGS,
        "It goes to "
            + destination.places().stream()
                .map(
                    p ->
                        "%s (%d %%%s)"
                            .formatted(
                                p.place().isEmpty() ? "nobody" : p.place(),
                                Math.round(p.share() * 100),
                                p.path() == Edge.Path.GATEWAY ? " through " + p.address() : ""))
                .collect(Collectors.joining(", "))
            + ".");
  }
}
