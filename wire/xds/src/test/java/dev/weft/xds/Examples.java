package dev.weft.xds;

import com.google.protobuf.StringValue;
import com.google.rpc.Status;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.List;

/** Short ways to say resources and requests in tests. */
final class Examples {
  private Examples() {}

  static VersionedResource resource(String name, String content) {
    return VersionedResource.of(name, StringValue.of(content));
  }

  static String version(String content) {
    return resource("any", content).version();
  }

  static DeltaDiscoveryRequest.Builder delta(XdsType type, String... subscribe) {
    return DeltaDiscoveryRequest.newBuilder()
        .setTypeUrl(type.url())
        .addAllResourceNamesSubscribe(List.of(subscribe));
  }

  static DiscoveryRequest.Builder sotw(XdsType type, String... names) {
    return DiscoveryRequest.newBuilder().setTypeUrl(type.url()).addAllResourceNames(List.of(names));
  }

  static Status refused(String why) {
    return Status.newBuilder().setCode(13).setMessage(why).build();
  }

  /** {@code "name=content"} pairs. */
  static ResourceSet set(XdsType type, String... pairs) {
    return ResourceSet.builder().add(type, resources(pairs)).build();
  }

  static List<VersionedResource> resources(String... pairs) {
    return List.of(pairs).stream()
        .map(pair -> pair.split("=", 2))
        .map(pair -> resource(pair[0], pair[1]))
        .toList();
  }
}
