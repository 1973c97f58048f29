package dev.weft.config;

import dev.weft.types.HostPort;
import dev.weft.types.Names;
import dev.weft.types.NetworkId;
import org.jspecify.annotations.Nullable;

/** {@code mesh.weft.dev MemberCluster}. */
final class MemberClusterParser {
  private MemberClusterParser() {}

  private record Proxy(boolean enabled, @Nullable HostPort address) {}

  static @Nullable MemberClusterSpec read(ObjectMeta meta, TreeReader spec) {
    String network = spec.string("network");
    if (!network.isEmpty() && !Names.isLabel(network)) {
      spec.error(
          "network",
          "'" + network + "' is not a DNS label: lower case letters, digits and '-', at most 63");
      return null;
    }
    Proxy proxy =
        spec.object(
            "crossClusterProxy",
            p -> new Proxy(p.bool("enabled", false), address(p, p.string("address"))));
    if (!Names.isLabel(meta.name())) {
      spec.error("", "the object's name is the cluster id, and must be a DNS label");
      return null;
    }
    return new MemberClusterSpec(
        meta,
        new NetworkId(network),
        proxy != null && proxy.enabled(),
        proxy == null ? null : proxy.address(),
        spec.bool("serverlessGateways", false));
  }

  private static @Nullable HostPort address(TreeReader reader, String text) {
    if (text.isEmpty()) {
      return null;
    }
    try {
      return HostPort.parse(text);
    } catch (IllegalArgumentException e) {
      reader.error("address", e.getMessage() + "; write for example 47.1.1.1:15443");
      return null;
    }
  }
}
