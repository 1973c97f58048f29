package dev.weft.explain;

import dev.weft.config.SidecarSpec.Unknown;
import dev.weft.explain.RequestStory.Destination;
import dev.weft.explain.RequestStory.Ending;
import dev.weft.explain.RequestStory.Outcome;
import dev.weft.routing.ClusterChoice;
import dev.weft.runtime.DownstreamTls;
import dev.weft.runtime.FilterChain;
import dev.weft.runtime.HttpPipeline;
import dev.weft.runtime.Listener;
import dev.weft.runtime.Rejection;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.runtime.TcpPipeline;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.Workload;
import dev.weft.snapshot.WorkloadKey;
import dev.weft.translate.FilterOrigin;
import dev.weft.translate.ProxyRole;
import dev.weft.translate.Translation;
import dev.weft.types.AppProtocol;
import dev.weft.types.ClusterId;
import dev.weft.xds.OnDemand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Why a request goes where it goes. The caller's configuration is made and compiled by the code
 * that does so for its proxy, and matched and balanced by the proxy's own.
 */
public final class Stories {
  private static final String NO_FLAGS = "-";

  private final MeshSnapshot snapshot;
  private final Asked asked;
  private final RuntimeConfig config;
  private final Steps steps = new Steps();
  private final List<Destination> destinations = new ArrayList<>();

  private Stories(MeshSnapshot snapshot, Asked asked, RuntimeConfig config) {
    this.snapshot = snapshot;
    this.asked = asked;
    this.config = config;
  }

  /**
   * Tells the story of a request.
   *
   * @param onDemand pods of which it is known that their proxies ask for what they call
   * @throws UnclearException where the question names nothing, or more than one thing
   */
  public static RequestStory tell(
      MeshSnapshot snapshot, RequestQuestion question, Predicate<WorkloadKey> onDemand)
      throws UnclearException {
    Asked asked = Asked.of(snapshot, question);
    if (!asked.client().hasProxy()) {
      return new Stories(snapshot, asked, RuntimeConfig.EMPTY).withoutProxy();
    }
    Held held = Held.of(new Translation(), snapshot, asked.client().node());
    Stories story = new Stories(snapshot, asked, held.config());
    story.prologue(held.refused());
    if (asked.client().role() == ProxyRole.SIDECAR && onDemand.test(asked.client().pod().key())) {
      story.asksFirst();
    }
    return story.ended(story.connection());
  }

  private RequestStory ended(Outcome outcome) {
    return new RequestStory(asked.question(), steps.all(), outcome, destinations);
  }

  private RequestStory withoutProxy() {
    prologue(List.of());
    String text =
        asked.client().pod().key()
            + " has no sidecar: its requests go to what its cluster's own DNS and addresses give.";
    steps.add(StepCode.NO_PROXY, text);
    return ended(Steps.end(Ending.FORWARDED, 0, NO_FLAGS, text));
  }

  private void prologue(List<Rejection> refused) {
    asked
        .logged()
        .ifPresent(
            line ->
                steps.add(
                    StepCode.LOGGED,
                    "The log says "
                        + (line.code().isEmpty() ? "no status" : line.code())
                        + " "
                        + (line.flags().isEmpty() ? NO_FLAGS : line.flags())
                        + (line.upstreamHost().isEmpty()
                            ? ", sent to nobody."
                            : ", sent to "
                                + line.upstreamHost()
                                + " of "
                                + line.upstreamCluster()
                                + ".")
                        + " What follows is what would happen now.",
                    "status",
                    line.code(),
                    "flags",
                    line.flags(),
                    "upstream-host",
                    line.upstreamHost(),
                    "upstream-cluster",
                    line.upstreamCluster()));
    var pod = asked.client().pod();
    steps.add(
        StepCode.CLIENT,
        pod.key()
            + (asked.client().role() == ProxyRole.ROUTER ? ", a gateway," : "")
            + (pod.network().isNamed() ? " on network " + pod.network() : "")
            + (pod.locality().region().isEmpty() ? "" : " in " + pod.locality())
            + ".",
        "pod",
        pod.key().pod(),
        "namespace",
        pod.key().namespace(),
        "cluster",
        pod.key().cluster(),
        "network",
        pod.network(),
        "locality",
        pod.locality());
    for (Rejection rejection : refused) {
      steps.add(
          StepCode.REFUSED,
          "The proxy refuses " + rejection + ".",
          "resource",
          rejection.resource());
    }
  }

  /** What a call meets that needs something for the first time. */
  private void asksFirst() {
    Workload pod = asked.client().pod();
    Unknown unknown =
        Unknown.of(
            snapshot.sidecars().of(pod.key().namespace(), pod.labels()).orElse(null),
            snapshot.settings());
    String otherwise =
        switch (unknown.policy()) {
          case ALLOW_ANY -> unknown.proxy() == null ? "let through" : "sent to another proxy";
          case REGISTRY_ONLY -> "not let through";
        };
    steps.add(
        StepCode.ON_DEMAND,
        "The sidecar asks for configuration when its pod needs it. A first call, or one after "
            + OnDemand.UNUSED.toHours()
            + " h without any, waits for the control plane's answers, each time "
            + OnDemand.PATIENCE.toSeconds()
            + " s at most; without one it is "
            + otherwise
            + ", as for a host that nobody knows (outboundTrafficPolicy "
            + unknown.policy()
            + "). What follows holds once they are there.",
        "patience-millis",
        OnDemand.PATIENCE.toMillis(),
        "unused-minutes",
        OnDemand.UNUSED.toMinutes(),
        "policy",
        unknown.policy());
  }

  private Outcome connection() {
    Aim aim = asked.aim();
    Listener listener = config.captured().find(aim.address(), aim.port());
    // Who calls a port of the sidecar itself means no service by it.
    boolean own = listener != null && listener.bindToPort() && aim.service().isEmpty();
    if (asked.client().role() == ProxyRole.SIDECAR && !own) {
      Optional<Outcome> unresolved = name();
      if (unresolved.isPresent()) {
        return unresolved.get();
      }
    }
    if (listener == null && asked.client().role() == ProxyRole.SIDECAR) {
      listener = capturing();
    }
    if (listener == null) {
      steps.add(
          StepCode.NO_LISTENER,
          "Nothing listens on port "
              + aim.port()
              + " of the gateway: no Gateway that selects it has a"
              + " server for the port.",
          "port",
          aim.port());
      return Steps.end(
          Ending.DENIED,
          0,
          NO_FLAGS,
          "The connection is refused: nothing listens on port " + aim.port() + ".");
    }
    return chain(listener);
  }

  private @Nullable Listener capturing() {
    return config.listeners().values().stream()
        .filter(l -> l.useOriginalDst() && l.direction() == Listener.Direction.OUTBOUND)
        .findFirst()
        .orElse(null);
  }

  /** What the host name stands for; an end where it stands for nothing that could be dialled. */
  private Optional<Outcome> name() {
    Aim aim = asked.aim();
    Optional<MeshService> service = aim.service();
    if (service.isEmpty()) {
      steps.add(
          StepCode.NAME_UNKNOWN,
          aim.host() + " is no service of the mesh; the pod's own DNS has to know it.",
          "host",
          aim.host());
      return Optional.empty();
    }
    MeshService found = service.get();
    ClusterId here = asked.client().pod().key().cluster();
    boolean resolved = found.clusters().contains(here) || snapshot.settings().dnsProxy();
    if (!resolved && asked.logged().isEmpty() && !aim.host().equals(aim.address())) {
      String text =
          aim.host()
              + " does not resolve: there is no such Service in "
              + here
              + ", and the DNS proxy is off. Create the Service there, or turn the DNS proxy on.";
      steps.add(StepCode.NAME_UNKNOWN, text, "host", aim.host());
      return Optional.of(Steps.end(Ending.NO_ROUTE, 0, NO_FLAGS, text));
    }
    steps.add(
        StepCode.NAME,
        aim.host() + " is the service " + found.hostname() + ", here at " + aim.address() + ".",
        "host",
        aim.host(),
        "service",
        found.hostname(),
        "address",
        aim.address());
    return Optional.empty();
  }

  private Outcome chain(Listener listener) {
    Aim aim = asked.aim();
    String from = asked.client().pod().ips().isEmpty() ? "" : asked.client().pod().ips().getFirst();
    boolean looksForTls = listener.filters().tls().appliesTo(aim.port());
    boolean looksForHttp = listener.filters().http().appliesTo(aim.port());
    FilterChain chain = listener.chainFor(aim.connection(looksForTls, looksForHttp, from));
    steps.add(
        StepCode.LISTENER,
        "Listener "
            + listener.name()
            + " takes the connection to "
            + aim.target()
            + (chain == null || chain.name().isEmpty() ? "" : ", filter chain " + chain.name())
            + (chain != null && chain.pipeline() instanceof HttpPipeline ? added(listener) : "")
            + ".",
        "listener",
        listener.name(),
        "port",
        aim.port());
    if (asked.client().role() == ProxyRole.SIDECAR && !listener.bindToPort() && looksForHttp) {
      aim.service()
          .ifPresentOrElse(
              service -> undeclared(service, aim.port()), () -> waitsForCaller(aim.port()));
    }
    if (chain == null) {
      return Steps.end(
          Ending.NO_ROUTE, 0, "NR", "The connection is closed: no filter chain takes it.");
    }
    return switch (chain.pipeline()) {
      case HttpPipeline http -> {
        RouteTale.End end =
            new RouteTale(snapshot, asked, config, steps)
                .tell(http, chain.tls() instanceof DownstreamTls.Terminate);
        destinations.addAll(end.destinations());
        yield end.outcome();
      }
      case TcpPipeline tcp -> bytes(tcp);
    };
  }

  /** Filters that are there because of EnvoyFilters: what they decide is not told. */
  private String added(Listener listener) {
    List<String> filters =
        FilterOrigin.of(snapshot, asked.client().node(), listener.name(), listener.address().port())
            .stream()
            .map(origin -> origin.filter() + " by " + origin.object())
            .toList();
    return filters.isEmpty()
        ? ""
        : "; " + String.join(", ", filters) + ", may change or refuse requests";
  }

  /** As in Istio, the first bytes tell what a port speaks whose Service does not. */
  private void undeclared(MeshService service, int port) {
    if (service.port(port).filter(p -> p.protocol() == AppProtocol.AUTO).isPresent()) {
      steps.add(
          StepCode.WAITS_FOR_CALLER,
          "Port "
              + port
              + " of "
              + service.hostname()
              + " declares no protocol, so the proxy waits for the caller's first bytes: if the"
              + " server speaks first, both wait. Name the port tcp-... or give it an appProtocol.",
          "port",
          port,
          "services",
          service.hostname());
    }
  }

  /** As in Istio, the listener of an HTTP port has all addresses that no other listener has. */
  private void waitsForCaller(int port) {
    List<String> services =
        snapshot.services().values().stream()
            .filter(s -> s.port(port).filter(p -> p.protocol().isHttp()).isPresent())
            .map(MeshService::hostname)
            .toList();
    String whose = services.isEmpty() ? "a service" : Places.some(services);
    steps.add(
        StepCode.WAITS_FOR_CALLER,
        "Port "
            + port
            + " is HTTP because of "
            + whose
            + ", so the proxy waits for the caller's first bytes: with a server outside that speaks"
            + " first, both would wait. Exclude such a server by the pod's annotation"
            + " traffic.sidecar.istio.io/excludeOutboundIPRanges or excludeOutboundPorts.",
        "port",
        port,
        "services",
        whose);
  }

  private Outcome bytes(TcpPipeline tcp) {
    steps.add(
        StepCode.BYTES,
        "Bytes are passed on as they are"
            + (asked.aim().tls() ? ": the caller's own TLS cannot be read." : "."));
    RouteTale.End end =
        new RouteTale(snapshot, asked, config, steps)
            .clusters(
                tcp.sniCluster() ? new ClusterChoice.Single(asked.aim().host()) : tcp.clusters());
    destinations.addAll(end.destinations());
    // There is no response whose status could be told.
    Outcome outcome = end.outcome();
    return Steps.end(
        outcome.kind(), 0, outcome.flags(), outcome.text().replaceFirst("^503 ", "Closed, "));
  }
}
