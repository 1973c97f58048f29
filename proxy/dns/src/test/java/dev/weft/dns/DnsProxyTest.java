package dev.weft.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.demand.Demands;
import dev.weft.runtime.NameTable;
import dev.weft.testkit.Ports;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DnsProxyTest {
  private static final InetSocketAddress ANY = new InetSocketAddress("127.0.0.1", 0);
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private DatagramSocket upstream = closed();
  private DnsProxy proxy = listen(List.of());

  private static DatagramSocket closed() {
    try (DatagramSocket socket = new DatagramSocket(ANY)) {
      return socket;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private DnsProxy listen(List<InetSocketAddress> nameservers) {
    return DnsProxy.listen(
        (EventLoop) loops.next(),
        // Of connections, there are many more that it could be taken by.
        new InetSocketAddress("127.0.0.1", Ports.free()),
        "default.svc.cluster.local",
        List.of(),
        nameservers,
        Demands.none(),
        new SplittableRandom(1));
  }

  @BeforeEach
  void begin() throws IOException {
    upstream = new DatagramSocket(ANY);
    proxy.close();
    proxy = listen(List.of((InetSocketAddress) upstream.getLocalSocketAddress()));
    proxy.names(
        new NameTable(
            Map.of("mesh.example", new NameTable.Entry(List.of("240.240.0.9"), "", "")), true));
  }

  @AfterEach
  void end() {
    proxy.close();
    upstream.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private byte[] udp(byte[] query) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(60_000);
      socket.send(new DatagramPacket(query, query.length, proxy.address()));
      return receive(socket);
    }
  }

  private static byte[] receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
    socket.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  @Test
  void own_names_are_answered_over_udp_and_tcp() throws IOException {
    byte[] query = Query.of("mesh.example", DnsQuestion.A);

    assertThat(Query.records(udp(query), query)).containsExactly("A 240.240.0.9");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.address().getPort())) {
      socket.setSoTimeout(60_000);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeShort(query.length);
      out.write(query);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] answer = in.readNBytes(in.readUnsignedShort());
      assertThat(Query.records(answer, query)).containsExactly("A 240.240.0.9");
    }
  }

  @Test
  void other_names_are_asked_upstream_with_another_id_and_wrong_answers_are_not_believed()
      throws Exception {
    byte[] query = Query.of("elsewhere.example", DnsQuestion.A);
    Thread server =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    DatagramPacket asked = new DatagramPacket(new byte[512], 512);
                    upstream.receive(asked);
                    byte[] reply = Arrays.copyOf(asked.getData(), asked.getLength());
                    reply[2] |= (byte) 0x80;
                    reply[3] |= 3;
                    byte[] forged = reply.clone();
                    forged[0] ^= 1;
                    forged[3] &= (byte) 0xf0;
                    upstream.send(
                        new DatagramPacket(forged, forged.length, asked.getSocketAddress()));
                    upstream.send(
                        new DatagramPacket(reply, reply.length, asked.getSocketAddress()));
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                });

    byte[] answer = udp(query);

    server.join();
    assertThat(answer[0]).isEqualTo(query[0]);
    assertThat(answer[1]).isEqualTo(query[1]);
    assertThat(Query.code(answer)).isEqualTo(3);
    assertThat(proxy.counters().upstreamRequests()).isEqualTo(1);
  }
}
