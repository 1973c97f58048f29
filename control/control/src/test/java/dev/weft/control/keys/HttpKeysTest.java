package dev.weft.control.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.weft.config.RequestAuthentication.KeySource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Issuers of all sorts. */
class HttpKeysTest {
  private static final String KEYS = "{\"keys\": [{\"kty\": \"RSA\"}]}";

  private final CountDownLatch over = new CountDownLatch(1);
  private final HttpServer server;

  HttpKeysTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(task -> Thread.startVirtualThread(task));
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
  }

  private KeySource.Remote at(String path, Duration timeout) {
    return new KeySource.Remote(
        "http://127.0.0.1:" + server.getAddress().getPort() + path, timeout);
  }

  private void answers(String path, byte[] body, long announced) {
    server.createContext(
        path,
        exchange -> {
          exchange.sendResponseHeaders(200, announced);
          exchange.getResponseBody().write(body);
          exchange.getResponseBody().flush();
          if (announced > body.length) {
            try {
              over.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          exchange.close();
        });
  }

  @Test
  void keys_are_what_the_address_answers() throws Exception {
    byte[] body = KEYS.getBytes(StandardCharsets.UTF_8);
    answers("/keys", body, body.length);
    assertThat(new HttpKeys().fetch(at("/keys", Duration.ofSeconds(10)))).isEqualTo(KEYS);
  }

  @Test
  void an_answer_that_never_ends_is_given_up() {
    answers("/slow", "{".getBytes(StandardCharsets.UTF_8), 1_000);
    assertThatThrownBy(() -> new HttpKeys().fetch(at("/slow", Duration.ofMillis(300))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has not answered within 300 ms");
  }

  @Test
  void an_answer_that_is_too_large_is_not_kept() {
    byte[] body = new byte[(1 << 20) + 1];
    answers("/large", body, body.length);
    assertThatThrownBy(() -> new HttpKeys().fetch(at("/large", Duration.ofSeconds(10))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be read");
  }
}
