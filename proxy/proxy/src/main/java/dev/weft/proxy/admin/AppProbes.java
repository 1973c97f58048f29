package dev.weft.proxy.admin;

import dev.weft.types.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The application's own probes, which the injector pointed at us ({@code
 * /app-health/<container>/readyz}), with the verdict that the kubelet would have come to. They are
 * made from 127.0.0.6, so that they are not captured. Kubernetes: pkg/probe.
 */
public final class AppProbes {
  private static final String SOURCE = "127.0.0.6";
  private static final int OK = 200;
  private static final int MOST_REDIRECTS = 10;

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
        connect(server(tcp), limit);
        return LocalHttp.Answer.text("");
      }
      if (probe.get("grpc") instanceof Map<?, ?> grpc) {
        Object service = grpc.get("service");
        return GrpcHealth.serving(
                server(grpc), source(), service == null ? "" : service.toString(), limit)
            ? LocalHttp.Answer.text("")
            : LocalHttp.Answer.of(503, "probe " + path + ": the service is not serving\n");
      }
      return LocalHttp.Answer.of(500, "probe " + path + " has no httpGet, tcpSocket or grpc\n");
    } catch (IOException e) {
      return LocalHttp.Answer.of(500, "probe " + path + ": " + e.getMessage() + "\n");
    }
  }

  private LocalHttp.Answer http(Map<?, ?> http, Duration limit) throws IOException {
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
    SSLSocketFactory tls = "HTTPS".equals(http.get("scheme")) ? AnyServer.sockets() : null;
    return LocalHttp.Answer.of(
        follow(server(http), tls, text.startsWith("/") ? text : "/" + text, headers, limit), "");
  }

  /** The status in the end: the kubelet goes where it is sent, if that is the same server. */
  private static int follow(
      InetSocketAddress server,
      @Nullable SSLSocketFactory tls,
      String path,
      Map<String, String> headers,
      Duration limit)
      throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    String at = path;
    for (int hop = 0; hop < MOST_REDIRECTS; hop++) {
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      if (left.toMillis() < 1) {
        throw new IOException("no answer in " + limit.toSeconds() + " s");
      }
      PlainHttp.Response response = PlainHttp.ask(server, source(), tls, "GET", at, headers, left);
      if (response.status() / 100 != 3 || response.location().isEmpty()) {
        return response.status() / 100 == 3 ? OK : response.status();
      }
      URI next = next(server, tls != null, at, response.location());
      if (next == null) {
        // Of others the kubelet asks nothing: to be sent there is an answer.
        return OK;
      }
      String query = next.getRawQuery() == null ? "" : "?" + next.getRawQuery();
      at = (next.getRawPath().isEmpty() ? "/" : next.getRawPath()) + query;
    }
    throw new IOException("sent on " + MOST_REDIRECTS + " times");
  }

  /** Where a redirect leads, or null where that is another server. */
  private static @Nullable URI next(
      InetSocketAddress server, boolean tls, String path, String location) throws IOException {
    String scheme = tls ? "https" : "http";
    String host = server.getHostString();
    try {
      URI here =
          URI.create(
              scheme
                  + "://"
                  + (host.indexOf(':') < 0 ? host : "[" + host + "]")
                  + ":"
                  + server.getPort()
                  + path);
      URI next = here.resolve(location);
      boolean same =
          scheme.equals(next.getScheme())
              && here.getHost().equals(next.getHost())
              && here.getPort() == next.getPort();
      return same ? next : null;
    } catch (IllegalArgumentException e) {
      throw new IOException("sent on to '" + location + "', which is no address", e);
    }
  }

  private InetSocketAddress server(Map<?, ?> action) {
    return new InetSocketAddress(podIp, number(action.get("port"), 80));
  }

  private static InetAddress source() {
    return InetAddress.ofLiteral(SOURCE);
  }

  private static void connect(InetSocketAddress server, Duration limit) throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(source(), 0));
      socket.connect(server, Math.toIntExact(limit.toMillis()));
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
