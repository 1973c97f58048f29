package dev.weft.config;

import dev.weft.types.AppProtocol;
import java.util.List;
import java.util.Map;

/**
 * Hosts that are no Services of a cluster: outside of the mesh, or workloads that are no pods.
 *
 * @param hosts one or more; each is a service of its own
 * @param addresses IP addresses, and ranges in CIDR notation
 * @param endpoints written in the object itself
 * @param selector labels of pods and WorkloadEntries of the namespace; empty for none
 * @param exportTo as of a {@link DestinationRule}
 * @param subjectAltNames that certificates of the endpoints may show
 * @param autoAllocate whether hosts without an address get one of the mesh
 */
public record ServiceEntry(
    ObjectMeta meta,
    List<String> hosts,
    List<String> addresses,
    List<Port> ports,
    Location location,
    Resolution resolution,
    List<WorkloadSpec> endpoints,
    Map<String, String> selector,
    List<String> exportTo,
    List<String> subjectAltNames,
    boolean autoAllocate)
    implements ConfigObject {
  public ServiceEntry {
    hosts = List.copyOf(hosts);
    addresses = List.copyOf(addresses);
    ports = List.copyOf(ports);
    endpoints = List.copyOf(endpoints);
    selector = Copies.map(selector);
    exportTo = List.copyOf(exportTo);
    subjectAltNames = List.copyOf(subjectAltNames);
  }

  /** Whether the endpoints are workloads of the mesh. */
  public enum Location {
    MESH_EXTERNAL,
    MESH_INTERNAL
  }

  /** How a proxy comes to the endpoints. */
  public enum Resolution {
    /** It dials what its client dialled. */
    NONE,
    /** Their addresses are written. */
    STATIC,
    /** All addresses that DNS has for their names. */
    DNS,
    /** The first address that DNS has for the name. */
    DNS_ROUND_ROBIN
  }

  /**
   * @param targetPort where endpoints listen that do not say otherwise
   */
  public record Port(int number, String name, AppProtocol protocol, int targetPort) {}
}
