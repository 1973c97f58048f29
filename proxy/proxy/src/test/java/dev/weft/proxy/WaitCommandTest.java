package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WaitCommandTest {
  private static WaitCommand asking(InetSocketAddress server, Duration limit) {
    return new WaitCommand(server, limit, Duration.ofMillis(1));
  }

  @Test
  void waits_until_the_proxy_says_that_it_is_ready() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    HttpServer proxy =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.createContext(
        "/healthz/ready",
        exchange -> {
          exchange.sendResponseHeaders(asked.incrementAndGet() < 3 ? 503 : 200, -1);
          exchange.close();
        });
    proxy.start();
    try {
      assertThat(asking(proxy.getAddress(), Duration.ofMinutes(1)).run()).isTrue();
      assertThat(asked).hasValue(3);
    } finally {
      proxy.stop(0);
    }
  }

  @Test
  void gives_up_where_nobody_answers() throws Exception {
    InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    assertThat(asking(nobody, Duration.ZERO).run()).isFalse();
  }

  @Test
  void flags_are_those_of_istio() {
    WaitCommand command = WaitCommand.parse(List.of("--timeoutSeconds=5", "--periodMillis=20"));
    assertThat(command.limit()).isEqualTo(Duration.ofSeconds(5));
    assertThat(command.pause()).isEqualTo(Duration.ofMillis(20));
    assertThatThrownBy(() -> WaitCommand.parse(List.of("--forever")))
        .hasMessageContaining("--forever");
  }
}
