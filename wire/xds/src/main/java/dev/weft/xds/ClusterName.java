package dev.weft.xds;

import java.util.Optional;

/**
 * The name of an xDS cluster. Istio: pilot/pkg/model/service.go, {@code BuildSubsetKey} and its
 * siblings.
 */
public sealed interface ClusterName {

  /** The name as it stands in the configuration and in access logs. */
  String format();

  /**
   * A service port seen by a client: {@code outbound|<port>|<subset>|<host>}.
   *
   * @param port the service port, not the target port
   * @param subset empty for the whole service
   */
  record Outbound(int port, String subset, String host) implements ClusterName {
    @Override
    public String format() {
      return "outbound|" + port + "|" + subset + "|" + host;
    }

    /** The server name by which a gateway on another network knows this cluster. */
    public SniDnat sni() {
      return new SniDnat(port, subset, host);
    }
  }

  /**
   * A service port seen by a cross-network gateway, and the SNI that leads there: {@code
   * outbound_.<port>_.<subset>_.<host>}.
   */
  record SniDnat(int port, String subset, String host) implements ClusterName {
    @Override
    public String format() {
      return "outbound_." + port + "_." + subset + "_." + host;
    }
  }

  /**
   * A port of the workload itself: {@code inbound|<target port>||}.
   *
   * @param port the port that the application listens on
   */
  record Inbound(int port) implements ClusterName {
    @Override
    public String format() {
      return "inbound|" + port + "||";
    }
  }

  /** Clusters that every proxy has. */
  enum Special implements ClusterName {
    PASSTHROUGH("PassthroughCluster"),
    BLACK_HOLE("BlackHoleCluster"),
    INBOUND_PASSTHROUGH("InboundPassthroughCluster");

    private final String value;

    Special(String value) {
      this.value = value;
    }

    @Override
    public String format() {
      return value;
    }
  }

  /** Empty where the name does not follow the grammar. */
  static Optional<ClusterName> parse(String name) {
    for (Special special : Special.values()) {
      if (special.value.equals(name)) {
        return Optional.of(special);
      }
    }
    if (name.startsWith("outbound_.")) {
      String[] parts = name.split("_\\.", 4);
      return parts.length == 4
          ? port(parts[1]).map(port -> new SniDnat(port, parts[2], parts[3]))
          : Optional.empty();
    }
    String[] parts = name.split("\\|", 4);
    if (parts.length != 4) {
      return Optional.empty();
    }
    return switch (parts[0]) {
      case "outbound" -> port(parts[1]).map(port -> new Outbound(port, parts[2], parts[3]));
      case "inbound" ->
          parts[2].isEmpty() && parts[3].isEmpty()
              ? port(parts[1]).map(Inbound::new)
              : Optional.empty();
      default -> Optional.empty();
    };
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
