package dev.weft.config;

import dev.weft.config.SidecarSpec.Egress;
import dev.weft.config.SidecarSpec.Ingress;
import dev.weft.config.TrafficPolicy.ConnectionPool;
import dev.weft.types.AppProtocol;
import dev.weft.types.Cidr;
import dev.weft.types.HostPort;
import dev.weft.types.MeshPorts;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a Sidecar says that sidecars listen. */
final class SidecarPorts {
  private static final String UNSUPPORTED = "unsupported-field";
  private static final String UNIX = "unix:";
  private static final int MAX_PORT = 65535;

  /** Where a proxy listens anyway. */
  private static final Set<Integer> OWN_PORTS =
      Set.of(
          MeshPorts.ADMIN,
          MeshPorts.OUTBOUND_CAPTURE,
          MeshPorts.INBOUND_CAPTURE,
          MeshPorts.MERGED_STATS,
          MeshPorts.READINESS,
          MeshPorts.DNS,
          MeshPorts.PROXY_STATS);

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1");

  /** Stands for the pod's own address. */
  private static final String OWN_ADDRESS = "0.0.0.0";

  private SidecarPorts() {}

  /** How connections come to a listener. */
  private enum CaptureMode {
    DEFAULT,
    IPTABLES,
    NONE
  }

  /** Null where it has no number. */
  static SidecarSpec.@Nullable Port port(TreeReader r) {
    if (!r.string("name").isEmpty()) {
      NameChecks.portName(r, "name", r.string("name"));
    }
    r.refused("targetPort", Shape.Simple.PORT, "a Sidecar has no use for it; take it away");
    String written = r.string("protocol");
    AppProtocol protocol = AppProtocol.named(written).orElse(AppProtocol.AUTO);
    if (written.equalsIgnoreCase("HTTP_PROXY")) {
      r.error(
          "protocol",
          "listeners for clients of an HTTP proxy are not supported: let the pod call hosts themselves,"
              + " with protocol HTTP");
    } else if (protocol == AppProtocol.UDP) {
      r.error("protocol", "UDP is not proxied: take the entry away");
    } else if (!written.isEmpty() && protocol == AppProtocol.AUTO) {
      r.error(
          "protocol",
          "'"
              + written
              + "' is none of HTTP, HTTPS, HTTP2, GRPC, GRPC-WEB, TCP, TLS, MONGO, MYSQL, REDIS:"
              + " leave it out where it is to be found out");
    }
    int number = r.integer("number", 0, 0, MAX_PORT);
    if (number == 0) {
      r.error("number", "a port number is needed: there are no listeners of Unix domain sockets");
    }
    return number == 0 ? null : new SidecarSpec.Port(number, protocol);
  }

  /** An IP address; empty where none is written. */
  static String bind(TreeReader r) {
    String bind = r.string("bind");
    if (bind.startsWith(UNIX)) {
      r.error("bind", "there are no listeners of Unix domain sockets: write an IP address");
    } else if (!bind.isEmpty() && !Cidr.isAddress(bind)) {
      r.error("bind", "'" + bind + "' is no IP address");
    } else {
      return bind;
    }
    return "";
  }

  /** Whether there is a socket. */
  static boolean socket(TreeReader r, SidecarSpec.@Nullable Port port) {
    boolean socket = r.constant("captureMode", CaptureMode.class) == CaptureMode.NONE;
    if (socket && port != null && OWN_PORTS.contains(port.number())) {
      r.error(
          "port.number", "the proxy itself listens on " + port.number() + ": choose another port");
    }
    return socket;
  }

  static @Nullable Ingress ingress(TreeReader r) {
    r.required("port");
    SidecarSpec.Port port = r.object("port", SidecarPorts::port);
    if (!r.has("port")) {
      r.error("port", "a port is needed");
    }
    String bind = bind(r);
    boolean socket = socket(r, port);
    HostPort endpoint = endpoint(r);
    // Istio, too, leaves it out unless ENABLE_TLS_ON_SIDECAR_INGRESS is set.
    r.unsupported("tls", Shape.Simple.OPEN, "mutual TLS is as PeerAuthentications say");
    ConnectionPool pool = r.object("connectionPool", ConnectionPoolParser::read);
    if (port == null) {
      return null;
    }
    if (socket && endpoint == null) {
      r.warning(
          UNSUPPORTED,
          "captureMode",
          "a socket of the proxy's own leads nowhere without a defaultEndpoint: name one");
    }
    if (socket && endpoint != null && leadsBack(bind, port.number(), endpoint)) {
      r.error("defaultEndpoint", "it leads back to this listener: name another port or address");
    }
    return new Ingress(port, bind, socket, endpoint, pool);
  }

  private static boolean leadsBack(String bind, int port, HostPort endpoint) {
    return endpoint.port() == port
        && endpoint.host().equals(LOOPBACK.contains(bind) ? bind : OWN_ADDRESS);
  }

  private static @Nullable HostPort endpoint(TreeReader r) {
    String written = r.string("defaultEndpoint");
    if (written.isEmpty()) {
      return null;
    }
    if (written.startsWith(UNIX)) {
      r.error(
          "defaultEndpoint",
          "proxies do not call Unix domain sockets: let the application listen on 127.0.0.1");
      return null;
    }
    if (written.matches(":\\d+")) {
      r.warning(
          UNSUPPORTED,
          "defaultEndpoint",
          "without an address connections go where the client went, whatever the port: write"
              + " 127.0.0.1"
              + written);
      return null;
    }
    try {
      HostPort endpoint = HostPort.parse(written);
      if (LOOPBACK.contains(endpoint.host()) || endpoint.host().equals(OWN_ADDRESS)) {
        return endpoint;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    r.error(
        "defaultEndpoint",
        "'"
            + written
            + "' is none of 127.0.0.1:PORT, [::1]:PORT and 0.0.0.0:PORT, which is the pod's own address");
    return null;
  }

  /** Ports that stand once, and what is meant for all other ports last. */
  static void apart(TreeReader spec, List<Egress> egress, List<Ingress> ingress) {
    Set<Integer> served = new HashSet<>();
    for (Ingress each : ingress) {
      int port = each.port().number();
      if (!served.add(port)) {
        spec.error("ingress", "port " + port + " is there twice; take one away");
      }
    }
    Set<Integer> called = new HashSet<>();
    for (int i = 0; i < egress.size(); i++) {
      SidecarSpec.Port port = egress.get(i).port();
      if (port != null && !called.add(port.number())) {
        spec.error("egress", "port " + port.number() + " is there twice: put all hosts into one");
      }
      if (port == null && i < egress.size() - 1) {
        spec.error(
            "egress",
            "an entry without a port is for all ports that no other has: there is one, and it stands"
                + " last");
      }
    }
  }
}
