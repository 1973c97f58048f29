package dev.weft.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.weft.identity.WorkloadIdentity;
import dev.weft.server.Pki;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A probe that was rewritten says what the kubelet would have found out itself. */
class AppProbesTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private HttpServer http;
  private HttpsServer https;
  private Server grpc;

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    int status = 200;
    if (path.startsWith("/status/")) {
      status = Integer.parseInt(path.substring(8));
    } else if (path.startsWith("/to/")) {
      status = 302;
      exchange.getResponseHeaders().add("Location", path.substring(3));
    } else if (path.equals("/away")) {
      status = 307;
      exchange.getResponseHeaders().add("Location", "http://elsewhere.example/status/503");
    } else if (path.equals("/round")) {
      status = 301;
      exchange.getResponseHeaders().add("Location", "round");
    } else if (path.equals("/header")) {
      status = "yes".equals(exchange.getRequestHeaders().getFirst("X-Probe")) ? 200 : 400;
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private static SSLContext server() throws Exception {
    WorkloadIdentity identity = new Pki().identity("spiffe://test/ns/a/sa/b").current();
    KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
    keys.load(null, null);
    keys.setKeyEntry(
        "own", identity.key(), new char[0], identity.chain().toArray(Certificate[]::new));
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, new char[0]);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    return tls;
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Serves for all and for "well", does not for "sick", and knows nobody else. */
  private static ServerServiceDefinition health() {
    MethodDescriptor<byte[], byte[]> check =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("grpc.health.v1.Health/Check")
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();
    return ServerServiceDefinition.builder("grpc.health.v1.Health")
        .addMethod(
            check,
            ServerCalls.asyncUnaryCall(
                (request, observer) -> {
                  String service =
                      request.length == 0
                          ? ""
                          : new String(request, 2, request.length - 2, StandardCharsets.US_ASCII);
                  switch (service) {
                    case "", "well" -> observer.onNext(new byte[] {8, 1});
                    case "sick" -> observer.onNext(new byte[] {8, 2});
                    case "unknown" -> observer.onNext(new byte[0]);
                    default -> {
                      observer.onError(Status.NOT_FOUND.asRuntimeException());
                      return;
                    }
                  }
                  observer.onCompleted();
                }))
        .build();
  }

  @BeforeEach
  void start() throws Exception {
    http = HttpServer.create(ANY, 0);
    http.createContext("/", AppProbesTest::answer);
    http.start();
    https = HttpsServer.create(ANY, 0);
    https.setHttpsConfigurator(new HttpsConfigurator(server()));
    https.createContext("/", AppProbesTest::answer);
    https.start();
    grpc = NettyServerBuilder.forAddress(ANY).addService(health()).build().start();
  }

  @AfterEach
  void stop() {
    http.stop(0);
    https.stop(0);
    grpc.shutdownNow();
  }

  /** What the kubelet gets to see, which takes 200 to 399 for a success. */
  private static boolean ready(String probe) {
    String json = "{\"/app-health/a/readyz\": {" + probe + ", \"timeoutSeconds\": 5}}";
    int status = new AppProbes(json, "127.0.0.1").probe("/app-health/a/readyz").status();
    return status >= 200 && status < 400;
  }

  private boolean plain(String path) {
    return ready(
        "\"httpGet\": {\"path\": \"%s\", \"port\": %d, \"httpHeaders\": [{\"name\": \"X-Probe\", \"value\": \"yes\"}]}"
            .formatted(path, http.getAddress().getPort()));
  }

  private boolean secured(String path, int port) {
    return ready(
        "\"httpGet\": {\"scheme\": \"HTTPS\", \"path\": \"%s\", \"port\": %d}"
            .formatted(path, port));
  }

  private static boolean called(String service, int port) {
    return ready(
        "\"grpc\": {\"port\": %d%s}"
            .formatted(port, service.isEmpty() ? "" : ", \"service\": \"" + service + "\""));
  }

  @Test
  void https_is_asked_whoever_answers() {
    int port = https.getAddress().getPort();
    assertThat(secured("/", port)).isTrue();
    assertThat(secured("/status/204", port)).isTrue();
    assertThat(secured("/status/503", port)).isFalse();
    assertThat(secured("/status/404", port)).isFalse();
    assertThat(secured("/to/status/503", port)).isFalse();
    assertThat(secured("/", http.getAddress().getPort())).isFalse();
  }

  @Test
  void http_is_asked_and_goes_where_it_is_sent_on_the_same_server() {
    assertThat(plain("/")).isTrue();
    assertThat(plain("/header")).isTrue();
    assertThat(plain("/status/503")).isFalse();
    assertThat(plain("/to/to/status/200")).isTrue();
    assertThat(plain("/to/status/503")).isFalse();
    assertThat(plain("/away")).isTrue();
    assertThat(plain("/round")).isFalse();
    assertThat(plain("/status/304")).isTrue();
  }

  @Test
  void grpc_serves_or_does_not() {
    assertThat(called("", grpc.getPort())).isTrue();
    assertThat(called("well", grpc.getPort())).isTrue();
    assertThat(called("sick", grpc.getPort())).isFalse();
    assertThat(called("unknown", grpc.getPort())).isFalse();
    assertThat(called("nobody", grpc.getPort())).isFalse();
    assertThat(called("", http.getAddress().getPort())).isFalse();
  }

  @Test
  void tcp_is_connected_to() {
    assertThat(ready("\"tcpSocket\": {\"port\": " + http.getAddress().getPort() + "}")).isTrue();
    int port = http.getAddress().getPort();
    http.stop(0);
    assertThat(ready("\"tcpSocket\": {\"port\": " + port + "}")).isFalse();
  }
}
