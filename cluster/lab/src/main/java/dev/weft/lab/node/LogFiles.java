package dev.weft.lab.node;

import dev.weft.apiserver.PodBackend.LogRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;

/** Reads container logs: lines of {@code <RFC 3339> stdout|stderr F <text>}. */
final class LogFiles {
  private static final int POLL_MS = 40;
  private static final byte[] NEWLINE = {'\n'};

  private LogFiles() {}

  static Path file(Path logs, String container, int run) {
    return logs.resolve(container).resolve(run + ".log");
  }

  /**
   * Writes what the request asks for.
   *
   * @param running whether more may come
   */
  static void copy(
      Path file, LogRequest request, Instant since, BooleanSupplier running, OutputStream out)
      throws IOException, InterruptedException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      Lines lines = new Lines(channel);
      if (request.tailLines() >= 0) {
        Deque<byte[]> tail = new ArrayDeque<>();
        byte[] line = lines.next();
        while (line.length > 0) {
          if (wanted(line, since)) {
            tail.add(line);
            if (tail.size() > request.tailLines()) {
              tail.remove();
            }
          }
          line = lines.next();
        }
        for (byte[] each : tail) {
          write(each, request.timestamps(), out);
        }
      }
      follow(lines, request, since, running, out);
    }
  }

  private static void follow(
      Lines lines, LogRequest request, Instant since, BooleanSupplier running, OutputStream out)
      throws IOException, InterruptedException {
    boolean flushed = false;
    while (true) {
      // asked before reading, so that the last words of a container are not missed
      boolean more = request.follow() && running.getAsBoolean();
      byte[] line = lines.next();
      if (line.length > 0) {
        if (wanted(line, since)) {
          write(line, request.timestamps(), out);
          flushed = false;
        }
      } else {
        if (!flushed) {
          out.flush();
          flushed = true;
        }
        if (!more) {
          return;
        }
        Thread.sleep(POLL_MS);
      }
    }
  }

  private static boolean wanted(byte[] line, Instant since) {
    if (since.equals(Instant.EPOCH)) {
      return true;
    }
    int space = index(line, ' ', 0);
    try {
      return !Instant.parse(new String(line, 0, Math.max(space, 0), StandardCharsets.US_ASCII))
          .isBefore(since);
    } catch (DateTimeParseException e) {
      return true;
    }
  }

  private static void write(byte[] line, boolean timestamps, OutputStream out) throws IOException {
    int time = index(line, ' ', 0);
    int stream = index(line, ' ', time + 1);
    int flag = index(line, ' ', stream + 1);
    if (time < 0 || stream < 0 || flag < 0) {
      out.write(line);
      out.write(NEWLINE);
      return;
    }
    if (timestamps) {
      out.write(line, 0, time + 1);
    }
    out.write(line, flag + 1, line.length - flag - 1);
    // P marks a line that goes on in the next entry
    if (line[stream + 1] != 'P') {
      out.write(NEWLINE);
    }
  }

  private static int index(byte[] line, char wanted, int from) {
    for (int i = Math.max(from, 0); i < line.length; i++) {
      if (line[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** Splits a growing file into complete lines. */
  private static final class Lines {
    private final SeekableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024).flip();
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

    Lines(SeekableByteChannel channel) {
      this.channel = channel;
    }

    /** The next complete line without its end; empty where there is none now. */
    byte[] next() throws IOException {
      while (true) {
        while (buffer.hasRemaining()) {
          byte b = buffer.get();
          if (b == '\n') {
            byte[] line = partial.toByteArray();
            partial.reset();
            if (line.length > 0) {
              return line;
            }
          } else {
            partial.write(b);
          }
        }
        buffer.clear();
        int read = channel.read(buffer);
        buffer.flip();
        if (read <= 0) {
          return new byte[0];
        }
      }
    }
  }
}
