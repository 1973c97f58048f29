package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.routing.LbPolicy;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.Listener;
import dev.weft.runtime.MetricRules;
import dev.weft.runtime.TcpPipeline;
import dev.weft.server.worker.ProxySettings;
import dev.weft.testkit.Ports;
import dev.weft.testkit.Settle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
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
      Settle.until("upstream closed", () -> echo.open() == 0);
      Settle.until("counted out", () -> front.proxy.statistics().connections() == 0);
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
    front.proxy.apply(tcpTo(Ports.free()).build());
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
      assertThat(connected.await(60, TimeUnit.SECONDS)).isTrue();
      client.reset();
      Settle.until("upstream closed", () -> origin.open() == 0);
      assertThat(front.logs.next()).contains("RESPONSE_FLAGS");
    }
  }

  @Test
  void connections_of_one_client_go_to_one_endpoint_where_its_address_is_hashed() {
    try (Origin one = naming("1");
        Origin two = naming("2");
        Origin three = naming("3")) {
      TcpPipeline plain = Configs.tcp("tcp", Configs.logs("RESPONSE_FLAGS"));
      assertThat(answers(plain, one, two, three)).hasSizeGreaterThan(1);
      assertThat(answers(bySource(plain), one, two, three)).hasSize(1);
    }
  }

  private static Origin naming(String name) {
    return new Origin(peer -> peer.send(name));
  }

  private Set<String> answers(TcpPipeline pipeline, Origin... origins) {
    int[] ports = Arrays.stream(origins).mapToInt(Origin::port).toArray();
    front.proxy.apply(
        new Configs()
            .cluster(hashing(Configs.cluster("tcp")), ports)
            .listener(Configs.plain("tcp", front.port, pipeline))
            .build());
    Set<String> answers = new TreeSet<>();
    for (int i = 0; i < 30; i++) {
      try (Peer client = front.connect()) {
        answers.add(client.rest());
      }
    }
    return answers;
  }

  private static Cluster hashing(Cluster one) {
    return new Cluster(
        one.name(),
        one.discovery(),
        new LbPolicy.RingHash(1024),
        one.lbTuning(),
        one.connectTimeout(),
        one.transports(),
        one.transport(),
        one.sourceAddress(),
        one.http(),
        one.limits(),
        one.outlier(),
        one.services(),
        one.keepalive());
  }

  private static TcpPipeline bySource(TcpPipeline tcp) {
    return new TcpPipeline(
        tcp.statPrefix(),
        tcp.clusters(),
        tcp.sniCluster(),
        tcp.idleTimeout(),
        tcp.maxConnectionDuration(),
        tcp.connectAttempts(),
        true,
        tcp.accessLogs(),
        MetricRules.NONE,
        List.of());
  }
}
