package dev.weft.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.loop.ProxySettings;
import dev.weft.runtime.Listener;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Connections whose bytes are passed on as they are. */
class TcpTunnelTest {
  @RegisterExtension final Front front = new Front(ProxySettings.ofLoops(2), channel -> null);

  @RepeatedTest(3)
  void tcp_passes_large_streams_both_ways_with_half_close() throws Exception {
    Origin echo =
        new Origin(
            peer -> {
              byte[] chunk = new byte[65536];
              var in = peer.socket().getInputStream();
              var out = peer.socket().getOutputStream();
              for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                out.write(chunk, 0, n);
              }
              out.write("end".getBytes(StandardCharsets.US_ASCII));
            });
    try (echo) {
      front.proxy.apply(tcpTo(echo.port()).build());
      byte[] data = new byte[24 << 20];
      new Random(7).nextBytes(data);
      try (Peer client = front.connect()) {
        Thread writer =
            Thread.startVirtualThread(
                () -> {
                  client.send(data);
                  client.endOutput();
                });
        byte[] back = client.socket().getInputStream().readNBytes(data.length);
        assertThat(Arrays.mismatch(back, data))
            .as("first difference; %d bytes came back", back.length)
            .isEqualTo(-1);
        assertThat(client.rest()).isEqualTo("end");
        writer.join();
      }
      assertThat(front.logs.next()).contains("end");
      Proxies.until("upstream closed", () -> echo.open() == 0);
      Proxies.until("counted out", () -> front.proxy.statistics().connections() == 0);
    }
  }

  private Configs tcpTo(int... endpoints) {
    return new Configs().cluster(Configs.cluster("tcp"), endpoints).listener(tunnel());
  }

  private Listener tunnel() {
    return Configs.plain("tcp", front.port, Configs.tcp("tcp", Configs.logs("RESPONSE_FLAGS")));
  }

  @Test
  void tcp_failures_have_their_flags_and_do_not_leak() {
    front.proxy.apply(tcpTo(Proxies.freePort()).build());
    for (String flag : List.of("UF", "UH", "NC")) {
      try (Peer client = front.connect()) {
        assertThat(client.ended()).isTrue();
      }
      assertThat(front.logs.next()).contains("\"RESPONSE_FLAGS\":\"" + flag + "\"");
      Configs next = flag.equals("UF") ? tcpTo() : new Configs().listener(tunnel());
      front.proxy.apply(next.build());
    }
  }

  @Test
  void reset_of_one_side_ends_the_other() throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    Origin origin =
        new Origin(
            peer -> {
              connected.countDown();
              peer.rest();
            });
    try (origin) {
      front.proxy.apply(tcpTo(origin.port()).build());
      Peer client = front.connect();
      client.send("x");
      assertThat(connected.await(10, TimeUnit.SECONDS)).isTrue();
      client.reset();
      Proxies.until("upstream closed", () -> origin.open() == 0);
      assertThat(front.logs.next()).contains("RESPONSE_FLAGS");
    }
  }
}
