package dev.weft.xds;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.util.List;

/**
 * One response, to be written in either form.
 *
 * @param version of everything that the client holds of the type afterwards
 * @param state what a state-of-the-world response carries: every resource where the type demands
 *     it, else what changed
 */
public record StreamResponse(
    XdsType type, String nonce, String version, Delta delta, List<VersionedResource> state) {
  public StreamResponse {
    state = List.copyOf(state);
  }

  public DeltaDiscoveryResponse toDelta() {
    DeltaDiscoveryResponse.Builder response =
        DeltaDiscoveryResponse.newBuilder()
            .setTypeUrl(type.url())
            .setNonce(nonce)
            .setSystemVersionInfo(version)
            .addAllRemovedResources(delta.removed());
    for (VersionedResource resource : delta.changed()) {
      response.addResources(
          Resource.newBuilder()
              .setName(resource.name())
              .setVersion(resource.version())
              .setResource(resource.body()));
    }
    return response.build();
  }

  public DiscoveryResponse toStateOfTheWorld() {
    List<Any> bodies = state.stream().map(VersionedResource::body).toList();
    return DiscoveryResponse.newBuilder()
        .setTypeUrl(type.url())
        .setNonce(nonce)
        .setVersionInfo(version)
        .addAllResources(bodies)
        .build();
  }
}
