package dev.weft.lab.image.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.image.http.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class SamplesTest {

  @Test
  void helloworld_says_its_version_and_its_pod() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (HttpServer server = HttpServer.start(any, "test", new Helloworld("v2", "pod-1"));
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(get(client, server, "/hello").body())
          .isEqualTo("Hello version: v2, instance: pod-1\n");
      assertThat(get(client, server, "/health").body()).isEqualTo("Helloworld is healthy");
      assertThat(get(client, server, "/").statusCode()).isEqualTo(404);
    }
  }

  private static HttpResponse<String> get(HttpClient client, HttpServer server, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void tcp_echo_greets_each_line_on_each_port() throws Exception {
    try (TcpEcho echo = TcpEcho.start(List.of(0, 0), "hello")) {
      for (int port : echo.ports()) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            BufferedReader in =
                new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
          socket.getOutputStream().write("one\ntwo\n".getBytes(StandardCharsets.UTF_8));
          assertThat(in.readLine()).isEqualTo("hello one");
          assertThat(in.readLine()).isEqualTo("hello two");
        }
      }
    }
  }
}
