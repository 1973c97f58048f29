package dev.weft.provision;

import dev.weft.config.ControlIdentity;
import dev.weft.config.IstioGatewaySpec;
import dev.weft.config.MemberClusterSpec;
import dev.weft.types.ClusterId;
import java.util.Collection;
import java.util.List;

/**
 * Which clusters gateways run in: those that a gateway names, or those of the mesh's own side.
 *
 * @param ofMesh where gateways run that name none; empty where there is no such cluster
 */
record GatewayPlaces(List<ClusterId> ofMesh) {
  GatewayPlaces {
    ofMesh = List.copyOf(ofMesh);
  }

  /** The members that say so; where none does, the cluster that the control plane runs in. */
  static GatewayPlaces of(Collection<MemberClusterSpec> members, ControlIdentity control) {
    List<ClusterId> chosen =
        members.stream()
            .filter(MemberClusterSpec::serverlessGateways)
            .map(MemberClusterSpec::cluster)
            .sorted()
            .toList();
    return new GatewayPlaces(chosen.isEmpty() ? control.own().stream().toList() : chosen);
  }

  List<ClusterId> of(IstioGatewaySpec gateway) {
    return gateway.serverless() ? ofMesh : gateway.clusters();
  }
}
