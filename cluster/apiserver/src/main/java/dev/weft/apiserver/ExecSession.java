package dev.weft.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.spi.ServerConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One {@code exec} over a WebSocket: the first byte of each message is the channel ({@code
 * v5.channel.k8s.io}).
 */
final class ExecSession implements ServerConnection {
  private static final Logger LOG = LoggerFactory.getLogger(ExecSession.class);
  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int ERROR = 3;
  private static final int RESIZE = 4;
  private static final int CLOSE = 255;

  private final WebSocket socket;
  private final PodBackend.Exec exec;
  private final boolean tty;
  private final Runnable disconnect;
  private final Consumer<ExecSession> ended;

  ExecSession(
      WebSocket socket,
      PodBackend.Exec exec,
      boolean tty,
      Runnable disconnect,
      Consumer<ExecSession> ended) {
    this.socket = socket;
    this.exec = exec;
    this.tty = tty;
    this.disconnect = disconnect;
    this.ended = ended;
  }

  @Override
  public void handle(Limit limit) {
    Thread output = Thread.ofVirtual().name("exec-output").start(this::output);
    try {
      input();
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("exec input ended: {}", e.getMessage());
    } finally {
      exec.close();
      output.interrupt();
      ended.accept(this);
    }
  }

  @Override
  public Duration idleTime() {
    return Duration.ZERO;
  }

  @Override
  public void close(boolean interrupt) {
    exec.close();
    disconnect.run();
  }

  private void input() throws IOException {
    for (Optional<byte[]> next = socket.receive(); next.isPresent(); next = socket.receive()) {
      byte[] message = next.get();
      if (message.length == 0) {
        continue;
      }
      switch (message[0] & 0xff) {
        case STDIN -> stdin(message);
        case RESIZE -> resize(message);
        case CLOSE -> {
          if (message.length > 1 && message[1] == STDIN) {
            closeStdin();
          }
        }
        default -> throw new IOException("a client wrote to channel " + (message[0] & 0xff));
      }
    }
  }

  /** A command that has stopped reading is no reason to end its output. */
  private void stdin(byte[] message) {
    try {
      exec.stdin().write(message, 1, message.length - 1);
      exec.stdin().flush();
    } catch (IOException e) {
      LOG.debug("the command does not read: {}", e.getMessage());
    }
  }

  private void closeStdin() {
    try {
      exec.stdin().close();
    } catch (IOException e) {
      LOG.debug("closing standard input: {}", e.getMessage());
    }
  }

  private void resize(byte[] message) {
    try {
      JsonNode size =
          Json.read(java.util.Arrays.copyOfRange(message, 1, message.length), new ArrayList<>());
      exec.resize(size.path("Width").asInt(), size.path("Height").asInt());
    } catch (ApiException e) {
      LOG.debug("a terminal size is not JSON: {}", e.getMessage());
    }
  }

  private void output() {
    try {
      Thread stdout = pump(exec.stdout(), STDOUT);
      Optional<Thread> stderr = tty ? Optional.empty() : Optional.of(pump(exec.stderr(), STDERR));
      int code = exec.exitCode();
      stdout.join();
      if (stderr.isPresent()) {
        stderr.get().join();
      }
      byte[] status = Json.bytes(status(code));
      socket.send(ERROR, status, 0, status.length);
      socket.close(1000);
    } catch (UncheckedIOException e) {
      LOG.debug("the client left: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Thread pump(InputStream in, int channel) {
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int value) {
            socket.send(channel, new byte[] {(byte) value}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            socket.send(channel, bytes, offset, length);
          }
        };
    return Thread.ofVirtual()
        .name("exec-channel-" + channel)
        .start(
            () -> {
              try {
                in.transferTo(out);
              } catch (IOException | UncheckedIOException e) {
                LOG.debug("channel {} ended: {}", channel, e.getMessage());
              }
            });
  }

  /** What channel 3 says at the end. */
  static ObjectNode status(int code) {
    ObjectNode status = Json.object();
    status.putObject("metadata");
    if (code == 0) {
      return status.put("status", "Success");
    }
    status
        .put("status", "Failure")
        .put("message", "command terminated with non-zero exit code: exit status " + code)
        .put("reason", "NonZeroExitCode");
    status
        .putObject("details")
        .putArray("causes")
        .addObject()
        .put("reason", "ExitCode")
        .put("message", Integer.toString(code));
    return status;
  }
}
