package dev.weft.xds;

/**
 * How a cluster whose endpoints its clients dial by address ({@code ORIGINAL_DST}) says which of
 * them speak mutual TLS, where not all do: there are no endpoints in it that could carry the
 * metadata {@code envoy.transport_socket_match}. In the cluster's metadata stands {@code
 * dev.weft.dialled: {istio: ["10.0.0.5:7000", …]}}; an endpoint of the list has the transport
 * metadata {@code tlsMode: istio}, every other one has none. A client that does not know the field
 * takes the transport for endpoints without metadata, which is plain text.
 */
public final class DialledTransports {
  /** The key in the cluster's {@code filter_metadata}. */
  public static final String METADATA = "dev.weft.dialled";

  /** The metadata of endpoints by which a transport is chosen. */
  public static final String TLS_MODE = "tlsMode";

  /** The value of {@link #TLS_MODE} of endpoints that speak mutual TLS, and the field of them. */
  public static final String ISTIO = "istio";

  private DialledTransports() {}
}
