package dev.weft.apiserver.stream;

import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.PodBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code port-forward} without SPDY: each port has two channels, one for its bytes and one for what
 * goes wrong, and one connection ({@code v4.channel.k8s.io}; kubernetes
 * pkg/kubelet/cri/streaming/portforward/websocket.go). Client libraries speak it.
 */
public final class SocketForwardSession implements StreamSession {
  private static final Logger LOG = LoggerFactory.getLogger(SocketForwardSession.class);

  private final WebSocket socket;
  private final PodBackend pods;
  private final String namespace;
  private final String pod;
  private final List<Integer> ports;
  private final Set<PodBackend.Connection> open = ConcurrentHashMap.newKeySet();

  /**
   * Forwards when it runs.
   *
   * @param ports port {@code i} has the channels {@code 2i} and {@code 2i + 1}
   */
  public SocketForwardSession(
      WebSocket socket, PodBackend pods, String namespace, String pod, List<Integer> ports) {
    this.socket = socket;
    this.pods = pods;
    this.namespace = namespace;
    this.pod = pod;
    this.ports = List.copyOf(ports);
  }

  @Override
  public void run() throws IOException {
    for (int i = 0; i < ports.size(); i++) {
      byte[] port = {(byte) (ports.get(i) & 0xff), (byte) (ports.get(i) >> 8)};
      socket.send(2 * i, port, 0, 2);
      socket.send(2 * i + 1, port, 0, 2);
    }
    OutputStream[] targets = new OutputStream[ports.size()];
    try {
      for (Optional<byte[]> next = socket.receive(); next.isPresent(); next = socket.receive()) {
        byte[] message = next.get();
        int channel = message.length == 0 ? 1 : message[0] & 0xff;
        if (channel % 2 != 0 || channel / 2 >= targets.length) {
          throw new IOException("a client wrote to channel " + channel);
        }
        write(targets, channel / 2, message);
      }
    } finally {
      close();
    }
  }

  /** The connection begins with the client's first bytes, or its empty message. */
  private void write(OutputStream[] targets, int index, byte[] message) {
    try {
      if (targets[index] == null) {
        PodBackend.Connection connection = pods.connect(namespace, pod, ports.get(index));
        open.add(connection);
        targets[index] = connection.out();
        Thread.ofVirtual().name("port-forward-out").start(() -> copy(connection.in(), 2 * index));
      }
      targets[index].write(message, 1, message.length - 1);
      targets[index].flush();
    } catch (IOException | UncheckedIOException | ApiException e) {
      byte[] text =
          ("error forwarding port " + ports.get(index) + " to pod " + pod + ": " + e.getMessage())
              .getBytes(StandardCharsets.UTF_8);
      socket.send(2 * index + 1, text, 0, text.length);
    }
  }

  /** When the pod has said everything on its only connections, so has this session. */
  private void copy(InputStream in, int channel) {
    byte[] buffer = new byte[16 * 1024];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        socket.send(channel, buffer, 0, count);
      }
      if (ports.size() == 1) {
        socket.close(1000);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("port-forward: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    open.forEach(PodBackend.Connection::close);
  }
}
