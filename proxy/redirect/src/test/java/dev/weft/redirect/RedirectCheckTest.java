package dev.weft.redirect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RedirectCheckTest {
  private static InetSocketAddress free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }
  }

  @Test
  void a_connection_that_arrives_shows_the_redirect() throws IOException {
    InetSocketAddress same = free();
    assertThat(new RedirectCheck(same, same, Duration.ZERO).run()).isZero();
  }

  @Test
  void where_nothing_redirects_it_ends_and_says_who_should() throws IOException {
    RedirectCheck check = new RedirectCheck(free(), free(), Duration.ofMillis(1));
    assertThatThrownBy(check::run).hasMessageContaining("istio-cni-node");
  }

  @Test
  void a_server_at_the_asked_port_is_no_redirect() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress there =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), other.getLocalPort());
      RedirectCheck check = new RedirectCheck(there, free(), Duration.ofMillis(1));
      assertThatThrownBy(check::run).hasMessageContaining("nothing redirects");
    }
  }
}
