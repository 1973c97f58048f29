package dev.weft.lab.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RelayTest {

  @Test
  void bytes_and_the_end_of_each_direction_pass_on_their_own() throws IOException {
    try (ServerSocketChannel target = listen();
        Relay relay = Relay.start(listen(), () -> SocketChannel.open(target.getLocalAddress()));
        SocketChannel client = SocketChannel.open(address(relay.port()));
        SocketChannel server = target.accept()) {
      client.write(StandardCharsets.UTF_8.encode("question"));
      client.shutdownOutput();
      assertThat(readAll(server)).isEqualTo("question");

      server.write(StandardCharsets.UTF_8.encode("answer after the end of the question"));
      server.close();
      assertThat(readAll(client)).isEqualTo("answer after the end of the question");
    }
  }

  @Test
  void a_client_is_closed_where_nobody_answers() throws IOException {
    try (ServerSocketChannel target = listen()) {
      var gone = target.getLocalAddress();
      target.close();
      try (Relay relay = Relay.start(listen(), () -> SocketChannel.open(gone));
          SocketChannel client = SocketChannel.open(address(relay.port()))) {
        assertThat(readAll(client)).isEmpty();
      }
    }
  }

  @Test
  void closing_ends_its_connections() throws IOException {
    try (ServerSocketChannel target = listen();
        Relay relay = Relay.start(listen(), () -> SocketChannel.open(target.getLocalAddress()));
        SocketChannel client = SocketChannel.open(address(relay.port()));
        SocketChannel server = target.accept()) {
      client.write(StandardCharsets.UTF_8.encode("x"));
      assertThat(server.read(ByteBuffer.allocate(1))).isEqualTo(1);
      relay.close();

      assertThat(readAll(client)).isEmpty();
      assertThat(readAll(server)).isEmpty();
    }
  }

  private static ServerSocketChannel listen() throws IOException {
    return ServerSocketChannel.open().bind(address(0));
  }

  private static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static String readAll(SocketChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1000);
    while (channel.read(buffer) >= 0) {
      Thread.onSpinWait();
    }
    return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
  }
}
