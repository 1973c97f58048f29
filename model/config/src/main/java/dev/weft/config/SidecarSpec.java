package dev.weft.config;

import dev.weft.config.MeshSettings.OutboundPolicy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What sidecars are told of the mesh.
 *
 * @param selector labels of their pods; empty for all of the namespace, or of the mesh in the root
 *     namespace
 * @param egress which services they may call; empty for all
 * @param outboundPolicy null: that of the mesh
 */
public record SidecarSpec(
    ObjectMeta meta,
    Map<String, String> selector,
    List<EgressHost> egress,
    @Nullable OutboundPolicy outboundPolicy)
    implements ConfigObject {
  public SidecarSpec {
    selector = Copies.map(selector);
    egress = List.copyOf(egress);
  }

  /**
   * Hosts in a namespace.
   *
   * @param namespace a name, {@code .} for that of the pod, {@code *} for any, {@code ~} for none
   * @param host a full name, a pattern with a leading {@code *}, or {@code *}
   */
  public record EgressHost(String namespace, String host) {}
}
