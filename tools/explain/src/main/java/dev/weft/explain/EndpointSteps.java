package dev.weft.explain;

import dev.weft.config.MtlsMode;
import dev.weft.runtime.UpstreamTransport;
import dev.weft.snapshot.EndpointDecision;
import dev.weft.snapshot.EndpointDecision.Direct;
import dev.weft.snapshot.EndpointDecision.Dropped;
import dev.weft.snapshot.EndpointDecision.ViaGateway;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.Workload;
import dev.weft.types.HostPort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the endpoints of a service are to a caller, and how it reaches them. */
record EndpointSteps(MeshSnapshot snapshot, Client client, Steps steps) {
  private static final String MUTUAL = "Both ends prove who they are with mutual TLS.";

  void leftOut(List<EndpointDecision> decisions) {
    Map<String, List<Dropped>> byReason = new LinkedHashMap<>();
    for (EndpointDecision decision : decisions) {
      if (decision instanceof Dropped dropped) {
        byReason.computeIfAbsent(Facts.code(dropped.reason()), r -> new ArrayList<>()).add(dropped);
      }
    }
    byReason.forEach(
        (reason, dropped) -> {
          String names = Places.some(dropped.stream().map(d -> d.endpoint().name()).toList());
          steps.add(
              StepCode.LEFT_OUT,
              names + " left out: " + dropped.getFirst().reason().sentence() + ".",
              "reason",
              reason,
              "count",
              dropped.size(),
              "endpoints",
              names);
        });
  }

  void ways(List<EndpointDecision> decisions) {
    List<Direct> direct = new ArrayList<>();
    Map<HostPort, List<ViaGateway>> gateways = new LinkedHashMap<>();
    for (EndpointDecision decision : decisions) {
      switch (decision) {
        case Direct d -> direct.add(d);
        case ViaGateway v ->
            gateways.computeIfAbsent(v.gateway().address(), a -> new ArrayList<>()).add(v);
        case Dropped d -> {}
      }
    }
    if (!direct.isEmpty()) {
      steps.add(
          StepCode.DIRECT,
          direct.getFirst().sentence()
              + (direct.size() == 1 ? "." : "; so are " + (direct.size() - 1) + " more."),
          "count",
          direct.size(),
          "cause",
          StepCode.word(direct.getFirst().cause()));
    }
    gateways.forEach(
        (address, ways) -> {
          Set<String> behind = new LinkedHashSet<>();
          ways.forEach(w -> w.behind().forEach(e -> behind.add(e.name())));
          String network = ways.getFirst().gateway().network().value();
          steps.add(
              StepCode.GATEWAY,
              "%s %s on network %s, and the caller on %s: dialled through the gateway %s."
                  .formatted(
                      Places.some(List.copyOf(behind)),
                      behind.size() == 1 ? "is" : "are",
                      network,
                      client.pod().network(),
                      address),
              "address",
              address,
              "network",
              network,
              "callers-network",
              client.pod().network(),
              "endpoints",
              behind.size());
        });
    long plain = direct.stream().filter(d -> !d.mtls()).count();
    if (plain < direct.size() || !gateways.isEmpty()) {
      steps.add(StepCode.MTLS, MUTUAL);
    }
    if (plain > 0) {
      steps.add(
          StepCode.PLAIN,
          plain + (plain == 1 ? " endpoint is" : " endpoints are") + " called without mutual TLS.",
          "count",
          plain);
    }
  }

  /** How the address that the caller dials is called. */
  void transport(UpstreamTransport transport) {
    switch (transport) {
      case UpstreamTransport.Tls tls -> steps.add(StepCode.MTLS, MUTUAL);
      case UpstreamTransport.Plain plain ->
          steps.add(StepCode.PLAIN, "The address is called without mutual TLS.", "count", 1);
    }
  }

  /** Endpoints that are called in plain text and do not take it. */
  Set<HostPort> strict(List<EndpointDecision> decisions) {
    Set<HostPort> refusing = new LinkedHashSet<>();
    for (EndpointDecision decision : decisions) {
      if (decision instanceof Direct direct && !direct.mtls() && direct.endpoint().mtls()) {
        Workload workload = direct.endpoint().workload();
        if (workload != null
            && snapshot
                    .peerAuthentications()
                    .mode(workload.key().namespace(), workload.labels(), direct.address().port())
                == MtlsMode.STRICT) {
          refusing.add(direct.address());
        }
      }
    }
    if (!refusing.isEmpty()) {
      steps.add(
          StepCode.STRICT,
          refusing.size()
              + " of them take mutual TLS alone (PeerAuthentication STRICT) and close the"
              + " connection.",
          "count",
          refusing.size());
    }
    return refusing;
  }
}
