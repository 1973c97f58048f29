package dev.weft.topology;

import java.util.Locale;
import java.util.Map;

/**
 * What is counted together: the part of a series' labels that a picture needs. Source of the
 * labels: Istio standard metrics.
 *
 * @param reporter which end counted
 * @param service the host name that was called; {@code unknown} where it is not known
 * @param code of the response, 0 where none came; 0 for TCP
 * @param flags Envoy's response flags, {@code -} for none
 * @param grpcStatus empty where the call was not gRPC's
 * @param mutualTls whether both ends proved who they are
 */
public record Flow(
    Reporter reporter,
    Place source,
    Place destination,
    String service,
    Protocol protocol,
    int code,
    String flags,
    String grpcStatus,
    boolean mutualTls) {

  /** The end of a connection that counted. */
  public enum Reporter {
    SOURCE,
    DESTINATION
  }

  /** What was spoken, as far as it is counted differently. */
  public enum Protocol {
    HTTP,
    GRPC,
    TCP
  }

  /** From the labels of a series. */
  public static Flow of(Map<String, String> labels) {
    return new Flow(
        labels.getOrDefault("reporter", "").equals("destination")
            ? Reporter.DESTINATION
            : Reporter.SOURCE,
        place(labels, "source"),
        place(labels, "destination"),
        known(labels, "destination_service"),
        protocol(labels.getOrDefault("request_protocol", "")),
        code(labels.getOrDefault("response_code", "")),
        labels.getOrDefault("response_flags", "-"),
        labels.getOrDefault("grpc_response_status", ""),
        // The source does not say whether a connection was secure, but whom it met.
        labels.getOrDefault("connection_security_policy", "").equals("mutual_tls")
            || !known(labels, "destination_principal").equals(Place.UNKNOWN_PART));
  }

  private static Place place(Map<String, String> labels, String side) {
    return new Place(
        known(labels, side + "_cluster"),
        known(labels, side + "_workload_namespace"),
        known(labels, side + "_workload"));
  }

  private static String known(Map<String, String> labels, String name) {
    String value = labels.getOrDefault(name, "");
    return value.isEmpty() ? Place.UNKNOWN_PART : value;
  }

  private static Protocol protocol(String label) {
    return switch (label.toLowerCase(Locale.ROOT)) {
      case "grpc" -> Protocol.GRPC;
      case "tcp" -> Protocol.TCP;
      default -> Protocol.HTTP;
    };
  }

  private static int code(String label) {
    try {
      return Integer.parseInt(label);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /**
   * Whether a request that ended so counts as failed: no response, the server's fault, or a gRPC
   * status other than OK. A client's mistake is none of the service's failures.
   */
  public boolean failed() {
    return switch (protocol) {
      case HTTP -> code == 0 || code >= 500;
      case GRPC -> code == 0 || code >= 500 || !grpcStatus.isEmpty() && !grpcStatus.equals("0");
      case TCP -> !flags.equals("-");
    };
  }
}
