package dev.weft.explain;

import dev.weft.explain.Explanation.Decision;
import dev.weft.explain.Explanation.LocalityFacts;
import dev.weft.explain.Explanation.Placing;
import dev.weft.explain.Explanation.PortFacts;
import dev.weft.explain.Explanation.Row;
import dev.weft.snapshot.EndpointDecision;
import dev.weft.snapshot.EndpointDecision.Direct;
import dev.weft.snapshot.EndpointDecision.Dropped;
import dev.weft.snapshot.EndpointDecision.ViaGateway;
import dev.weft.snapshot.EndpointView;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.ServicePort;
import dev.weft.snapshot.Workload;
import dev.weft.translate.ClusterPicture;
import dev.weft.types.HostPort;
import dev.weft.types.Locality;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why a pod reaches the endpoints of a service, or does not: what {@code weft explain} shows. It
 * runs the functions that configure the proxies.
 */
public final class Explainer {
  private static final double PERCENT = 100;

  private Explainer() {}

  /**
   * Explains.
   *
   * @param service {@code NAME[.NAMESPACE[.svc…]][:PORT]}; the namespace is the pod's where not
   *     given
   * @param from {@code POD[.NAMESPACE]}, or the name of its Deployment; namespace {@code default}
   *     where not given
   * @param cluster of the pod; empty where its name says enough
   * @param subset empty for none
   */
  public static Explanation of(
      MeshSnapshot snapshot, String service, String from, String cluster, String subset)
      throws UnclearException {
    Question asked = Question.of(snapshot, service, from, cluster);
    Workload client = asked.client().pod();
    MeshService target = asked.service();
    List<PortFacts> ports = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    List<String> summary = new ArrayList<>();
    boolean ejects = false;
    for (ServicePort port : asked.ports()) {
      List<EndpointDecision> decisions =
          EndpointView.of(snapshot, target, port, subset, asked.client().asking());
      Optional<ClusterPicture> picture =
          ClusterPicture.of(snapshot, client, asked.client().passing(), target, port, subset);
      summary.add(headline(target, port, client, decisions));
      picture.ifPresent(p -> summary.addAll(Spread.sentences(p)));
      ejects |= picture.flatMap(ClusterPicture::ejection).isPresent();
      ports.add(port(port, subset, target, decisions, picture));
      rows.addAll(rows(asked.ports().size() > 1 ? port.number() + " " : "", decisions, picture));
    }
    if (ejects) {
      summary.add(
          "Which are left alone at the moment only the proxy knows: weft proxy-config endpoints "
              + client.key().pod()
              + "."
              + client.key().namespace());
    }
    List<String> addresses = Called.addresses(snapshot, asked.client(), target);
    if (!addresses.isEmpty()) {
      summary.add("The name resolves to " + String.join(", ", addresses) + " there.");
    }
    summary.addAll(Notes.of(snapshot, target, client, addresses));
    return new Explanation(
        summary, rows, Facts.service(target), Facts.client(client), addresses, ports);
  }

  private static String headline(
      MeshService target, ServicePort port, Workload client, List<EndpointDecision> decisions) {
    int direct = 0;
    int dropped = 0;
    Set<ServiceEndpoint> remote = new HashSet<>();
    for (EndpointDecision decision : decisions) {
      switch (decision) {
        case Direct d -> direct++;
        case ViaGateway v -> remote.addAll(v.behind());
        case Dropped d -> dropped++;
      }
    }
    int behind = remote.size();
    return client.key()
        + (client.network().isNamed() ? " on network " + client.network() : "")
        + " → "
        + target.hostname()
        + ":"
        + port.number()
        + ": "
        + direct
        + (direct == 1 ? " endpoint" : " endpoints")
        + " directly, "
        + behind
        + " through a gateway, "
        + dropped
        + " left out.";
  }

  /** One row for each endpoint, and for each gateway that leads to it. */
  private static List<Row> rows(
      String port, List<EndpointDecision> decisions, Optional<ClusterPicture> picture) {
    List<Row> rows = new ArrayList<>();
    for (EndpointDecision decision : decisions) {
      switch (decision) {
        case Direct d ->
            rows.add(
                row(
                    port,
                    d.endpoint(),
                    "direct",
                    d.address().toString(),
                    placing(picture, d.address(), "", d.endpoint().locality(), 1),
                    d.sentence()));
        case ViaGateway v -> {
          HostPort address = v.gateway().address();
          for (ServiceEndpoint endpoint : v.behind()) {
            rows.add(
                row(
                    port,
                    endpoint,
                    "via gateway",
                    address.toString(),
                    placing(picture, address, v.label(), v.locality(), v.behind().size()),
                    v.sentence()));
          }
        }
        case Dropped d ->
            rows.add(row(port, d.endpoint(), "left out", "", null, d.reason().sentence()));
      }
    }
    return rows;
  }

  private static Row row(
      String port,
      ServiceEndpoint endpoint,
      String verdict,
      String sentTo,
      @Nullable Placing placing,
      String why) {
    return new Row(
        port + endpoint.name(),
        endpoint.cluster().value(),
        endpoint.network().value(),
        endpoint.locality().toString(),
        verdict,
        sentTo,
        placing,
        why);
  }

  /**
   * Where an address stands; null where its locality gets nothing.
   *
   * @param hop the endpoint that is named to the gateway at the address; empty where none is
   * @param sharers endpoints that share what the address gets
   */
  private static @Nullable Placing placing(
      Optional<ClusterPicture> picture,
      HostPort address,
      String hop,
      Locality locality,
      int sharers) {
    if (picture.isEmpty()) {
      return null;
    }
    for (ClusterPicture.Place place : picture.get().places()) {
      List<ClusterPicture.Target> targets =
          place.targets().stream()
              .filter(t -> t.address().equals(address) && t.hop().equals(hop))
              .toList();
      if (place.locality().equals(locality) && !targets.isEmpty()) {
        return new Placing(
            place.priority(),
            targets.stream().mapToLong(ClusterPicture.Target::weight).sum(),
            targets.stream().mapToDouble(ClusterPicture.Target::share).sum() * PERCENT / sharers);
      }
    }
    return null;
  }

  private static PortFacts port(
      ServicePort port,
      String subset,
      MeshService target,
      List<EndpointDecision> decisions,
      Optional<ClusterPicture> picture) {
    return new PortFacts(
        port.number(),
        port.name(),
        port.protocol().name(),
        picture
            .map(ClusterPicture::cluster)
            .orElse("outbound|" + port.number() + "|" + subset + "|" + target.hostname()),
        picture.map(ClusterPicture::policy).orElse(""),
        picture.map(Explainer::localities).orElse(List.of()),
        picture.flatMap(ClusterPicture::ejection).orElse(null),
        decisions.stream().map(d -> decision(d, picture)).toList());
  }

  private static List<LocalityFacts> localities(ClusterPicture picture) {
    return picture.places().stream()
        .map(
            p ->
                new LocalityFacts(
                    p.locality().toString(),
                    p.priority(),
                    p.weight(),
                    p.share() * PERCENT,
                    p.targets().size()))
        .toList();
  }

  private static Decision decision(EndpointDecision decision, Optional<ClusterPicture> picture) {
    return switch (decision) {
      case Direct d ->
          new Explanation.Direct(
              d.address().toString(),
              d.mtls(),
              placing(picture, d.address(), "", d.endpoint().locality(), 1),
              Facts.endpoint(d.endpoint()),
              d.sentence());
      case ViaGateway v ->
          new Explanation.ViaGateway(
              v.gateway().address().toString(),
              v.gateway().network().value(),
              v.locality().toString(),
              placing(picture, v.gateway().address(), v.label(), v.locality(), 1),
              v.behind().stream().map(Facts::endpoint).toList(),
              v.sentence());
      case Dropped d ->
          new Explanation.LeftOut(
              Facts.endpoint(d.endpoint()), Facts.code(d.reason()), d.sentence());
    };
  }
}
