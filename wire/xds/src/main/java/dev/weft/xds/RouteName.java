package dev.weft.xds;

import java.util.Optional;

/** The name of a route configuration. */
public sealed interface RouteName {
  String format();

  /** All HTTP services on a port, of a sidecar: {@code 8000}. */
  record Port(int port) implements RouteName {
    @Override
    public String format() {
      return Integer.toString(port);
    }
  }

  /** One service port whose protocol is found out per connection: {@code <host>:<port>}. */
  record Service(String host, int port) implements RouteName {
    @Override
    public String format() {
      return host + ":" + port;
    }
  }

  /** A plain HTTP port of a gateway: {@code http.80}. */
  record GatewayHttp(int port) implements RouteName {
    @Override
    public String format() {
      return "http." + port;
    }
  }

  /** A port of a gateway that terminates TLS: {@code https.<port>.<port name>.<gateway>.<ns>}. */
  record GatewayHttps(int port, String portName, String gateway, String namespace)
      implements RouteName {
    @Override
    public String format() {
      return "https." + port + "." + portName + "." + gateway + "." + namespace;
    }
  }

  /** Empty where the name does not follow the grammar. */
  static Optional<RouteName> parse(String name) {
    if (name.startsWith("http.")) {
      return port(name.substring(5)).map(GatewayHttp::new);
    }
    if (name.startsWith("https.")) {
      String[] parts = name.split("\\.", 5);
      return parts.length == 5
          ? port(parts[1]).map(port -> new GatewayHttps(port, parts[2], parts[3], parts[4]))
          : Optional.empty();
    }
    int colon = name.lastIndexOf(':');
    return colon < 0
        ? port(name).map(Port::new)
        : port(name.substring(colon + 1)).map(port -> new Service(name.substring(0, colon), port));
  }

  private static Optional<Integer> port(String text) {
    try {
      int port = Integer.parseInt(text);
      return port >= 1 && port <= 65535 ? Optional.of(port) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
