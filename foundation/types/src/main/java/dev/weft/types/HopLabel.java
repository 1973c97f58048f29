package dev.weft.types;

import java.net.InetAddress;
import java.util.HexFormat;

/**
 * How a client names one endpoint to the gateway of another network: a DNS label before the server
 * name, as in {@code e-0a0000071f90.outbound_.8000_._.httpbin.default.svc.cluster.local}. It is
 * compared with the labels of the endpoints that the gateway has for that service, and never turned
 * back into an address, so that it opens no way to anything else.
 */
public final class HopLabel {
  /**
   * The feature by which a client says that it can name endpoints ({@code node.client_features}).
   */
  public static final String FEATURE = "dev.weft.hop";

  /** The metadata of an endpoint that has a label, in its field {@link #FIELD}. */
  public static final String METADATA = "dev.weft.hop";

  public static final String FIELD = "endpoint";

  /** The label of pods whose proxy lets clients name endpoints. */
  public static final String POD_LABEL = "mesh.weft.dev/hop";

  /** The one value of {@link #POD_LABEL}. */
  public static final String POD_VALUE = "1";

  /** How the server names of the mesh begin. */
  private static final String SERVER_NAME = "outbound_.";

  private HopLabel() {}

  /**
   * The label of an endpoint: {@code e-}, its address and its port in hexadecimal digits; at most
   * 38 characters.
   *
   * @throws IllegalArgumentException where the host is no IP address
   */
  public static String of(HostPort endpoint) {
    byte[] address = InetAddress.ofLiteral(endpoint.host()).getAddress();
    HexFormat hex = HexFormat.of();
    return "e-" + hex.formatHex(address) + hex.toHexDigits((short) endpoint.port());
  }

  /** The server name for an endpoint; one that is not the mesh's own stays as it is. */
  public static String serverName(String label, String serverName) {
    return label.isEmpty() || !serverName.startsWith(SERVER_NAME)
        ? serverName
        : label + "." + serverName;
  }

  /** The label before the server name of a cluster; empty where there is none. */
  public static String before(String cluster, String serverName) {
    int length = serverName.length() - cluster.length() - 1;
    return length > 0
            && serverName.charAt(length) == '.'
            && cluster.startsWith(SERVER_NAME)
            && serverName.regionMatches(true, length + 1, cluster, 0, cluster.length())
        ? serverName.substring(0, length)
        : "";
  }

  /** The server name as it is without the label of an endpoint; what has none stays as it is. */
  public static String without(String serverName) {
    int end = serverName.indexOf('.') + 1;
    return serverName.startsWith("e-") && serverName.startsWith(SERVER_NAME, end)
        ? serverName.substring(end)
        : serverName;
  }
}
