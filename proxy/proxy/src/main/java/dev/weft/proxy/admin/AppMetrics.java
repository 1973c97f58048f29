package dev.weft.proxy.admin;

import dev.weft.types.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The application's own metrics, which the injector asks us to hand out with ours. */
public final class AppMetrics {
  /** Nothing to scrape. */
  public static final AppMetrics NONE = new AppMetrics("", "127.0.0.1");

  private final @Nullable InetSocketAddress address;
  private final String path;

  /**
   * Of the variable {@code ISTIO_PROMETHEUS_ANNOTATIONS}.
   *
   * @param json empty: nothing to scrape
   * @throws IllegalArgumentException naming the variable where it is malformed
   */
  public AppMetrics(String json, String podIp) {
    Map<String, @Nullable Object> settings = Map.of();
    if (!json.isBlank()) {
      try {
        settings = Json.parseObject(json);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "environment variable ISTIO_PROMETHEUS_ANNOTATIONS: " + e.getMessage(), e);
      }
    }
    boolean scrape = "true".equals(String.valueOf(settings.get("scrape")));
    String port = String.valueOf(settings.getOrDefault("port", "80"));
    this.address =
        scrape && port.matches("[0-9]{1,5}")
            ? new InetSocketAddress(podIp, Integer.parseInt(port))
            : null;
    this.path = settings.get("path") instanceof String text ? text : "/metrics";
  }

  /** What the application says; empty where there is nothing to ask or no answer. */
  String scrape() {
    if (address == null) {
      return "";
    }
    try {
      PlainHttp.Response response =
          PlainHttp.ask(
              address,
              java.net.InetAddress.ofLiteral("127.0.0.6"),
              "GET",
              path,
              Map.of("Accept", "text/plain;version=0.0.4"),
              Duration.ofSeconds(5));
      return response.status() == 200 ? response.body() : "";
    } catch (IOException e) {
      return "";
    }
  }
}
