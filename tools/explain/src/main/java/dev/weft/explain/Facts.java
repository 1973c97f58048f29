package dev.weft.explain;

import dev.weft.explain.Explanation.ClientFacts;
import dev.weft.explain.Explanation.EndpointFacts;
import dev.weft.explain.Explanation.ServiceFacts;
import dev.weft.snapshot.EndpointDecision;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.Workload;
import dev.weft.types.ClusterId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Values of a snapshot as those of an explanation. */
final class Facts {
  private Facts() {}

  static ServiceFacts service(MeshService s) {
    return new ServiceFacts(
        s.hostname(),
        s.id().name(),
        s.id().namespace(),
        s.clusters().stream().map(ClusterId::value).toList(),
        s.headless(),
        s.clusterLocal(),
        s.endpoints().size());
  }

  static ClientFacts client(Workload client) {
    return new ClientFacts(
        client.key().pod(),
        client.key().namespace(),
        client.key().cluster().value(),
        client.network().value(),
        client.locality().toString(),
        client.mtls());
  }

  static EndpointFacts endpoint(ServiceEndpoint e) {
    @Nullable Workload workload = e.workload();
    return new EndpointFacts(
        workload == null ? e.address() : workload.key().pod(),
        workload == null ? "" : workload.key().namespace(),
        e.cluster().value(),
        e.network().value(),
        e.locality().toString(),
        e.address(),
        e.ports(),
        e.health().name().toLowerCase(Locale.ROOT),
        e.mtls(),
        e.identity() == null ? "" : e.identity().uri());
  }

  /** A word for programs. */
  static String code(EndpointDecision.Reason reason) {
    return switch (reason) {
      case EndpointDecision.Reason.NoGateway r -> "no-gateway";
      case EndpointDecision.Reason.NoMtls r -> "no-mtls";
      case EndpointDecision.Reason.PortNameDiffers r -> "port-name-differs";
      case EndpointDecision.Reason.NotReady r -> "not-ready";
      case EndpointDecision.Reason.Terminating r -> "terminating";
      case EndpointDecision.Reason.NoAddress r -> "no-address";
      case EndpointDecision.Reason.ClusterLocal r -> "cluster-local";
      case EndpointDecision.Reason.OtherNode r -> "other-node";
      case EndpointDecision.Reason.OutsideNetworkView r -> "outside-network-view";
      case EndpointDecision.Reason.SubsetLabels r -> "subset-labels";
      case EndpointDecision.Reason.UnknownSubset r -> "unknown-subset";
    };
  }
}
