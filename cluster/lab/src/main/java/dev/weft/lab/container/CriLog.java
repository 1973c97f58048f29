package dev.weft.lab.container;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A container's log on disk. Each line is {@code <RFC 3339 nanos> stdout|stderr F|P <text>}; P
 * marks a piece of a line longer than 16 KiB that goes on. Beyond the limit the file is renamed to
 * {@code <name>.1}, in place of an older one, and begun again. Thread-safe.
 *
 * <p>Source of the format: Kubernetes pkg/kubelet/kuberuntime/logs (CRI container logs).
 */
final class CriLog implements AutoCloseable {
  static final long LIMIT_BYTES = 10L << 20;
  private static final int LONGEST_LINE = 16 << 10;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final Path file;
  private final long limit;
  private final Clock clock;
  private OutputStream out;
  private long size;

  CriLog(Path file, long limit, Clock clock) throws IOException {
    this.file = file;
    this.limit = limit;
    this.clock = clock;
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    this.out = append();
    this.size = Files.size(file);
  }

  /** Copies a stream to its end. Output is read on even if the disk is full. */
  void copy(String stream, InputStream in) throws IOException {
    byte[] chunk = new byte[8192];
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    int read = in.read(chunk);
    while (read >= 0) {
      records.reset();
      int from = 0;
      for (int i = 0; i < read; i++) {
        if (chunk[i] == '\n') {
          line.write(chunk, from, i - from);
          record(records, stream, 'F', line);
          from = i + 1;
        } else if (line.size() + i + 1 - from >= LONGEST_LINE) {
          line.write(chunk, from, i + 1 - from);
          record(records, stream, 'P', line);
          from = i + 1;
        }
      }
      line.write(chunk, from, read - from);
      write(records);
      read = in.read(chunk);
    }
    if (line.size() > 0) {
      records.reset();
      record(records, stream, 'F', line);
      write(records);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }

  private void record(
      ByteArrayOutputStream records, String stream, char tag, ByteArrayOutputStream line) {
    String head = TIME.format(Instant.now(clock)) + " " + stream + " " + tag + " ";
    records.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    records.writeBytes(line.toByteArray());
    records.write('\n');
    line.reset();
  }

  private synchronized void write(ByteArrayOutputStream records) {
    if (records.size() == 0) {
      return;
    }
    try {
      if (size > 0 && size + records.size() > limit) {
        out.close();
        Files.move(
            file,
            file.resolveSibling(file.getFileName() + ".1"),
            StandardCopyOption.REPLACE_EXISTING);
        out = append();
        size = 0;
      }
      records.writeTo(out);
      size += records.size();
    } catch (IOException e) {
      // A full disk or a removed directory must not stop the process: its pipe has to be read on.
      size = Long.MAX_VALUE >> 1;
    }
  }

  private OutputStream append() throws IOException {
    return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
