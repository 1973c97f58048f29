package dev.weft.proxy.admin;

import dev.weft.proxy.xds.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The application's own probes, which the injector pointed at us ({@code
 * /app-health/<container>/readyz}). They are made from 127.0.0.6, so that they are not captured.
 */
public final class AppProbes {
  private static final String SOURCE = "127.0.0.6";

  private final Map<String, Map<?, ?>> probes = new LinkedHashMap<>();
  private final String podIp;

  /**
   * Of the variable {@code ISTIO_KUBE_APP_PROBERS}.
   *
   * @param json empty: no probes
   * @throws IllegalArgumentException naming the variable where it is malformed
   */
  public AppProbes(String json, String podIp) {
    this.podIp = podIp;
    if (json.isBlank()) {
      return;
    }
    try {
      Json.parseObject(json)
          .forEach(
              (path, probe) -> {
                if (probe instanceof Map<?, ?> map) {
                  probes.put(path, map);
                }
              });
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "environment variable ISTIO_KUBE_APP_PROBERS: " + e.getMessage(), e);
    }
  }

  /** Makes the probe that a path stands for. */
  public LocalHttp.Answer probe(String path) {
    Map<?, ?> probe = probes.get(path);
    if (probe == null) {
      return LocalHttp.Answer.of(404, "no probe is known for " + path + "\n");
    }
    Duration limit = Duration.ofSeconds(Math.max(1, number(probe.get("timeoutSeconds"), 1)));
    try {
      if (probe.get("httpGet") instanceof Map<?, ?> http) {
        return http(http, limit);
      }
      if (probe.get("tcpSocket") instanceof Map<?, ?> tcp) {
        connect(number(tcp.get("port"), 0), limit);
        return LocalHttp.Answer.text("");
      }
      if (probe.get("grpc") instanceof Map<?, ?> grpc) {
        // That the port takes connections is what can be said without the health protocol.
        connect(number(grpc.get("port"), 0), limit);
        return LocalHttp.Answer.text("");
      }
      return LocalHttp.Answer.of(500, "probe " + path + " has no httpGet, tcpSocket or grpc\n");
    } catch (IOException e) {
      return LocalHttp.Answer.of(500, "probe " + path + ": " + e.getMessage() + "\n");
    }
  }

  private LocalHttp.Answer http(Map<?, ?> http, Duration limit) throws IOException {
    if ("HTTPS".equals(http.get("scheme"))) {
      // As the kubelet does it: the certificate does not matter; here the port does.
      connect(number(http.get("port"), 0), limit);
      return LocalHttp.Answer.text("");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    if (http.get("httpHeaders") instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> header) {
          headers.put(String.valueOf(header.get("name")), String.valueOf(header.get("value")));
        }
      }
    }
    Object path = http.get("path");
    String text = path == null ? "/" : path.toString();
    PlainHttp.Response response =
        PlainHttp.ask(
            new InetSocketAddress(podIp, number(http.get("port"), 80)),
            InetAddress.ofLiteral(SOURCE),
            "GET",
            text.startsWith("/") ? text : "/" + text,
            headers,
            limit);
    return LocalHttp.Answer.of(response.status(), "");
  }

  private void connect(int port, Duration limit) throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(SOURCE), 0));
      socket.connect(new InetSocketAddress(podIp, port), Math.toIntExact(limit.toMillis()));
    }
  }

  private static int number(@Nullable Object value, int otherwise) {
    return switch (value) {
      case Number n -> n.intValue();
      case String s when s.matches("[0-9]{1,5}") -> Integer.parseInt(s);
      case null, default -> otherwise;
    };
  }
}
