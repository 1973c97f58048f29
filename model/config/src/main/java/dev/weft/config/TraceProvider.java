package dev.weft.config;

import java.time.Duration;
import java.util.Map;

/**
 * Somebody who takes spans: {@code extensionProviders} of MeshConfig.
 *
 * @param host its name, as it was written
 * @param maxPathLength how many characters of a path a span shows; 0 for the mesh's
 */
public record TraceProvider(
    String name, String host, int port, int maxPathLength, Protocol protocol) {

  /** How spans are sent. */
  public sealed interface Protocol {}

  /**
   * Zipkin's second JSON format.
   *
   * @param path of its collector
   * @param shortIds whether traces have identifiers of 64 bits, instead of 128
   */
  public record Zipkin(String path, boolean shortIds) implements Protocol {}

  /** OpenTelemetry's protocol over gRPC. */
  public record OtlpGrpc() implements Protocol {}

  /**
   * OpenTelemetry's protocol over HTTP.
   *
   * @param headers of each request
   */
  public record OtlpHttp(String path, Duration timeout, Map<String, String> headers)
      implements Protocol {
    public OtlpHttp {
      headers = Copies.map(headers);
    }
  }
}
