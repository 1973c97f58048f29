package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.server.worker.ProxySettings;
import dev.weft.testkit.Settle;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Connections end as they should, and nothing of them is left. */
class DrainTest {
  @RegisterExtension final Front front = new Front(ProxySettings.ofLoops(2), channel -> null);

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void drain_closes_the_idle_and_lets_the_busy_finish() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Origin origin =
        new Origin(
            peer -> {
              for (String head = peer.head(); !head.isEmpty(); head = peer.head()) {
                if (head.contains("/slow")) {
                  seen.countDown();
                  await(go);
                }
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
              }
            });
    try (origin) {
      front.proxy.apply(Configs.plainHttp(front.port, origin.port()).build());
      try (Peer idle = front.connect();
          Peer busy = front.connect()) {
        assertThat(idle.get("/").status()).isEqualTo(200);
        busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(seen.await(60, TimeUnit.SECONDS)).isTrue();
        Drain drain = front.proxy.drain(Duration.ofMinutes(1), true);
        // The two connections may be on different loops: each has to know before the answer goes.
        Proxies.settle(front.proxy);
        assertThat(idle.ended()).isTrue();
        assertThat(drain.done()).isFalse();
        go.countDown();
        Peer.Response response = busy.response();
        assertThat(response.body()).isEqualTo("ok");
        assertThat(response.has("connection: close")).isTrue();
        drain.finished().get(60, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void drain_ends_when_its_time_is_up() throws Exception {
    Origin origin =
        new Origin(
            peer -> {
              peer.head();
              peer.rest();
            });
    try (origin) {
      front.proxy.apply(Configs.plainHttp(front.port, origin.port()).build());
      try (Peer busy = front.connect()) {
        busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Settle.until("request arrived", () -> origin.open() == 1);
        front.proxy.drain(Duration.ofMillis(50), true).finished().get(60, TimeUnit.SECONDS);
        assertThat(busy.ended()).isTrue();
      }
    }
  }

  @Test
  void churn_leaves_nothing_behind() throws Exception {
    try (Origin origin = Origin.answering("0123456789".repeat(3000))) {
      front.proxy.apply(Configs.plainHttp(front.port, origin.port()).build());
      Thread[] threads = new Thread[8];
      for (int t = 0; t < threads.length; t++) {
        int seed = t;
        threads[t] =
            Thread.startVirtualThread(
                () -> {
                  Random random = new Random(seed);
                  for (int i = 0; i < 60; i++) {
                    Peer client = front.connect();
                    switch (random.nextInt(4)) {
                      case 0 -> assertThat(client.get("/").body()).hasSize(30_000);
                      case 1 -> client.send("GET / HTTP/1.1\r\nHo").reset();
                      case 2 -> client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").reset();
                      default -> {
                        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                        client.bytes(random.nextInt(20_000));
                        client.reset();
                      }
                    }
                    client.close();
                  }
                });
      }
      for (Thread thread : threads) {
        thread.join();
      }
      Settle.until("clients counted out", () -> front.proxy.statistics().connections() == 0);
      Settle.until(
          "every open upstream connection is idle and pooled",
          () -> {
            var total = front.proxy.statistics().clusters().get("app");
            return total != null
                && total.requests() == 0
                && total.pending() == 0
                && total.connections() == front.proxy.idleConnections("app");
          });
      try (Peer client = front.connect()) {
        for (int i = 0; i < 40; i++) {
          assertThat(client.get("/").body()).hasSize(30_000);
        }
      }
    }
  }
}
