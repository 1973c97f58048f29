package dev.weft.apiserver.http;

import dev.weft.apiserver.stream.StreamSession;
import dev.weft.apiserver.stream.WebSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A watch over a WebSocket, one event per text message: what Java clients ask for first. */
final class WatchSession implements StreamSession {
  private static final Logger LOG = LoggerFactory.getLogger(WatchSession.class);

  private final WebSocket socket;
  private final Answer.Writer events;

  WatchSession(WebSocket socket, Answer.Writer events) {
    this.socket = socket;
    this.events = events;
  }

  @Override
  public void run() throws IOException {
    Thread sender = Thread.ofVirtual().name("watch-sender").start(this::send);
    try {
      Optional<byte[]> ignored = socket.receive();
      while (ignored.isPresent()) {
        ignored = socket.receive();
      }
    } finally {
      sender.interrupt();
    }
  }

  private void send() {
    try {
      events.write(new Lines());
      socket.close(1000);
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("a watch ended: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Nothing: who writes the events ends when they cannot be sent. */
  @Override
  public void close() {}

  /** Sends each line as a message of its own. */
  private final class Lines extends OutputStream {
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    @Override
    public void write(int value) {
      if (value == '\n') {
        socket.sendText(line.toByteArray());
        line.reset();
      } else if (line.size() > 0 || value != ' ') {
        line.write(value);
      }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      // Documents are written whole and hold no line end of their own.
      line.write(bytes, offset, length);
    }
  }
}
