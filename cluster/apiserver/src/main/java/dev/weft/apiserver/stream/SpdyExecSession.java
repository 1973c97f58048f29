package dev.weft.apiserver.stream;

import dev.weft.apiserver.PodBackend;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One {@code exec} over SPDY, a stream per channel ({@code v4.channel.k8s.io}): older clients. */
public final class SpdyExecSession implements StreamSession, ExecOutput.Sink {
  private static final Logger LOG = LoggerFactory.getLogger(SpdyExecSession.class);
  private static final Map<String, Integer> CHANNELS =
      Map.of(
          "stdin", ExecOutput.STDIN,
          "stdout", ExecOutput.STDOUT,
          "stderr", ExecOutput.STDERR,
          "error", ExecOutput.ERROR,
          "resize", ExecOutput.RESIZE);

  private final SpdyConnection connection;
  private final PodBackend.Exec exec;
  private final boolean tty;
  private final int expected;
  private final Map<Integer, SpdyStream> streams = new ConcurrentHashMap<>();

  /**
   * Begins when the client has opened its streams.
   *
   * @param expected how many those are
   */
  public SpdyExecSession(SpdyTransport transport, PodBackend.Exec exec, boolean tty, int expected) {
    this.connection = new SpdyConnection(transport, this::opened);
    this.exec = exec;
    this.tty = tty;
    this.expected = expected;
  }

  private void opened(SpdyStream stream) throws IOException {
    Integer channel = CHANNELS.get(stream.header("streamtype"));
    if (channel == null || streams.putIfAbsent(channel, stream) != null) {
      throw new IOException("a client opened stream type " + stream.header("streamtype"));
    }
    if (streams.size() == expected) {
      Thread.ofVirtual().name("exec-output").start(() -> ExecOutput.run(exec, tty, this));
      Thread.ofVirtual().name("exec-input").start(this::input);
    }
  }

  private void input() {
    SpdyStream stdin = streams.get(ExecOutput.STDIN);
    SpdyStream resize = streams.get(ExecOutput.RESIZE);
    if (resize != null) {
      Thread.ofVirtual().name("exec-resize").start(() -> resizes(resize.input()));
    }
    if (stdin == null) {
      return;
    }
    byte[] buffer = new byte[8192];
    InputStream in = stdin.input();
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        exec.stdin().write(buffer, 0, count);
        exec.stdin().flush();
      }
    } catch (IOException e) {
      LOG.debug("the command does not read: {}", e.getMessage());
    }
    ExecSession.closeStdin(exec);
  }

  /** Each size comes as one write of the client. */
  private void resizes(InputStream in) {
    byte[] buffer = new byte[256];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        ExecSession.resize(exec, java.util.Arrays.copyOf(buffer, count));
      }
    } catch (IOException e) {
      LOG.debug("sizes ended: {}", e.getMessage());
    }
  }

  @Override
  public void run() throws IOException {
    try (connection) {
      connection.run();
    }
  }

  @Override
  public void close() {
    exec.close();
  }

  @Override
  public void send(int channel, byte[] bytes, int offset, int length) throws IOException {
    Optional<SpdyStream> stream = Optional.ofNullable(streams.get(channel));
    if (stream.isPresent()) {
      stream.get().write(bytes, offset, length);
    }
  }

  @Override
  public void end() throws IOException {
    for (int channel : new int[] {ExecOutput.STDOUT, ExecOutput.STDERR, ExecOutput.ERROR}) {
      SpdyStream stream = streams.get(channel);
      if (stream != null) {
        stream.finish();
      }
    }
  }
}
