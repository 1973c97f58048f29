package dev.weft.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What workloads accept from their peers.
 *
 * @param selector labels of the workloads; empty for the namespace, or the mesh in the root
 *     namespace
 * @param mode null inherits from the wider scope
 * @param ports by workload port; only with a selector; a null mode cannot occur
 */
public record PeerAuthentication(
    ObjectMeta meta,
    Map<String, String> selector,
    @Nullable MtlsMode mode,
    Map<Integer, MtlsMode> ports)
    implements ConfigObject {
  public PeerAuthentication {
    selector = Copies.map(selector);
    ports = Copies.map(ports);
  }
}
