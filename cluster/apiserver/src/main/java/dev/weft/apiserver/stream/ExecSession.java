package dev.weft.apiserver.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.PodBackend;
import dev.weft.apiserver.document.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One {@code exec} over a WebSocket: the first byte of each message is the channel ({@code
 * v5.channel.k8s.io}).
 */
public final class ExecSession implements StreamSession, ExecOutput.Sink {
  private static final Logger LOG = LoggerFactory.getLogger(ExecSession.class);
  private static final int CLOSE = 255;

  private final WebSocket socket;
  private final PodBackend.Exec exec;
  private final boolean tty;

  public ExecSession(WebSocket socket, PodBackend.Exec exec, boolean tty) {
    this.socket = socket;
    this.exec = exec;
    this.tty = tty;
  }

  @Override
  public void run() throws IOException {
    Thread output =
        Thread.ofVirtual().name("exec-output").start(() -> ExecOutput.run(exec, tty, this));
    try {
      input();
    } finally {
      exec.close();
      output.interrupt();
    }
  }

  @Override
  public void close() {
    exec.close();
  }

  @Override
  public void send(int channel, byte[] bytes, int offset, int length) {
    socket.send(channel, bytes, offset, length);
  }

  @Override
  public void end() {
    socket.close(1000);
  }

  private void input() throws IOException {
    for (Optional<byte[]> next = socket.receive(); next.isPresent(); next = socket.receive()) {
      byte[] message = next.get();
      if (message.length == 0) {
        continue;
      }
      switch (message[0] & 0xff) {
        case ExecOutput.STDIN -> stdin(message);
        case ExecOutput.RESIZE -> resize(exec, Arrays.copyOfRange(message, 1, message.length));
        case CLOSE -> {
          if (message.length > 1 && message[1] == ExecOutput.STDIN) {
            closeStdin(exec);
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

  static void closeStdin(PodBackend.Exec exec) {
    try {
      exec.stdin().close();
    } catch (IOException e) {
      LOG.debug("closing standard input: {}", e.getMessage());
    }
  }

  public static void resize(PodBackend.Exec exec, byte[] size) {
    try {
      JsonNode terminal = Json.read(size, new ArrayList<>());
      exec.resize(terminal.path("Width").asInt(), terminal.path("Height").asInt());
    } catch (ApiException e) {
      LOG.debug("a terminal size is not JSON: {}", e.getMessage());
    }
  }
}
