package dev.weft.config;

import dev.weft.config.MeshSettings.OutboundPolicy;
import dev.weft.config.TrafficPolicy.ConnectionPool;
import dev.weft.config.VirtualService.Destination;
import dev.weft.types.AppProtocol;
import dev.weft.types.HostPort;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What sidecars are told of the mesh, and where they listen.
 *
 * @param selector labels of their pods; empty for all of the namespace, or of the mesh in the root
 *     namespace
 * @param egress which services they may call, and where; empty for all. One without a port stands
 *     last
 * @param ingress ports that they serve, each once; empty for those that Services say
 * @param inboundPool limits of connections to the application; null where not written
 * @param unknown what becomes of traffic for hosts that they are not told of; null: as in the mesh
 */
public record SidecarSpec(
    ObjectMeta meta,
    Map<String, String> selector,
    List<Egress> egress,
    List<Ingress> ingress,
    @Nullable ConnectionPool inboundPool,
    @Nullable Unknown unknown)
    implements ConfigObject {
  public SidecarSpec {
    selector = Copies.map(selector);
    egress = List.copyOf(egress);
    ingress = List.copyOf(ingress);
  }

  /**
   * Hosts in a namespace.
   *
   * @param namespace a name, {@code .} for that of the pod, {@code *} for any, {@code ~} for none
   * @param host a full name, a pattern with a leading {@code *}, or {@code *}
   */
  public record EgressHost(String namespace, String host) {}

  /** A port of listeners. */
  public record Port(int number, AppProtocol protocol) {}

  /**
   * Listeners for what the pod calls.
   *
   * @param port null for the ports of the services
   * @param bind an IP address; empty for those of the services, or where it has sockets for the
   *     loopback
   * @param socket whether it has sockets of its own, instead of what is captured
   */
  public record Egress(@Nullable Port port, String bind, boolean socket, List<EgressHost> hosts) {
    private static final String LOOPBACK = "127.0.0.1";

    public Egress {
      hosts = List.copyOf(hosts);
    }

    /** Where it listens, whatever the addresses of services are; empty for these. */
    public String address() {
      return bind.isEmpty() && socket ? LOOPBACK : bind;
    }
  }

  /**
   * A port of the pod.
   *
   * @param bind an IP address of the pod; empty for all of them
   * @param socket whether it has a socket of its own, instead of what is captured
   * @param endpoint where the application is; {@code 0.0.0.0} stands for the pod's own address.
   *     Null for where the client went
   * @param pool limits of connections to it; null where not written
   */
  public record Ingress(
      Port port,
      String bind,
      boolean socket,
      @Nullable HostPort endpoint,
      @Nullable ConnectionPool pool) {
    private static final Set<String> ANY = Set.of("", "0.0.0.0", "::");

    /** Whether it is for whatever addresses the pod has. */
    public boolean atAnyAddress() {
      return ANY.contains(bind);
    }
  }

  /**
   * What becomes of traffic for hosts that nobody knows.
   *
   * @param proxy where it is sent instead of to the address that was meant; null for there
   */
  public record Unknown(OutboundPolicy policy, @Nullable Destination proxy) {
    /** What holds where a Sidecar does; null for none. */
    public static Unknown of(@Nullable SidecarSpec sidecar, MeshSettings settings) {
      return sidecar == null || sidecar.unknown() == null
          ? new Unknown(settings.outboundPolicy(), null)
          : sidecar.unknown();
    }
  }
}
