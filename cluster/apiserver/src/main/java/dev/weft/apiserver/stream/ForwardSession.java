package dev.weft.apiserver.stream;

import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.PodBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code port-forward}: for each connection the client opens a pair of SPDY streams, one for the
 * bytes and one for what goes wrong ({@code portforward.k8s.io}).
 */
public final class ForwardSession implements StreamSession {
  private static final Logger LOG = LoggerFactory.getLogger(ForwardSession.class);

  /** The streams of one connection, in the order in which they came. */
  private record Half(SpdyStream stream, boolean error) {}

  private final SpdyConnection connection;
  private final PodBackend pods;
  private final String namespace;
  private final String pod;
  private final Map<String, Half> halves = new ConcurrentHashMap<>();

  public ForwardSession(SpdyTransport transport, PodBackend pods, String namespace, String pod) {
    this.connection = new SpdyConnection(transport, this::opened);
    this.pods = pods;
    this.namespace = namespace;
    this.pod = pod;
  }

  private void opened(SpdyStream stream) throws IOException {
    String type = stream.header("streamtype");
    if (!type.equals("error") && !type.equals("data")) {
      throw new IOException("a client opened stream type " + type);
    }
    String request = stream.header("requestid");
    Half half = new Half(stream, type.equals("error"));
    Half other = halves.remove(request);
    if (other == null) {
      halves.put(request, half);
    } else if (other.error() == half.error()) {
      throw new IOException("a client opened two " + type + " streams for request " + request);
    } else {
      SpdyStream data = half.error() ? other.stream() : stream;
      SpdyStream error = half.error() ? stream : other.stream();
      Thread.ofVirtual().name("port-forward").start(() -> forward(data, error));
    }
  }

  private void forward(SpdyStream data, SpdyStream error) {
    String port = data.header("port");
    try {
      try (PodBackend.Connection target = pods.connect(namespace, pod, Integer.parseInt(port))) {
        Thread out =
            Thread.ofVirtual()
                .name("port-forward-out")
                .start(() -> copy(target.in(), data.output()));
        copy(data.input(), target.out());
        out.join();
      } catch (IOException | ApiException | NumberFormatException e) {
        byte[] message =
            ("error forwarding port " + port + " to pod " + pod + ": " + e.getMessage())
                .getBytes(StandardCharsets.UTF_8);
        error.write(message, 0, message.length);
        data.finish();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      error.finish();
    } catch (IOException e) {
      LOG.debug("port-forward ended: {}", e.getMessage());
    }
  }

  /** To the end of {@code in}, which is told to {@code out}. */
  private static void copy(InputStream in, OutputStream out) {
    byte[] buffer = new byte[16 * 1024];
    try (out) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
        out.flush();
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("port-forward: {}", e.getMessage());
    }
  }

  @Override
  public void run() throws IOException {
    try (connection) {
      connection.run();
    }
  }

  /** Nothing: its connections to the pod end with the client's streams. */
  @Override
  public void close() {}
}
