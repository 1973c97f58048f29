package dev.weft.server.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes lines to files and to the standard streams on a thread of its own. */
public final class FileLogSink implements LogSink {
  private static final Logger LOG = LoggerFactory.getLogger(FileLogSink.class);
  private static final long MAX_PENDING = 8L << 20;

  private record Lines(String path, byte[] bytes) {}

  private static final Lines END = new Lines("", new byte[0]);

  private final BlockingQueue<Lines> queue = new LinkedBlockingQueue<>();
  private final AtomicLong pending = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final Map<String, OutputStream> open = new HashMap<>();
  private final Thread thread;

  private FileLogSink() {
    this.thread = Thread.ofPlatform().daemon().name("access-log").unstarted(this::run);
  }

  /** Starts the writing thread. */
  public static FileLogSink start() {
    FileLogSink sink = new FileLogSink();
    sink.thread.start();
    return sink;
  }

  @Override
  public boolean offer(String path, byte[] lines) {
    if (pending.addAndGet(lines.length) > MAX_PENDING) {
      pending.addAndGet(-lines.length);
      dropped.addAndGet(lines.length);
      return false;
    }
    return queue.add(new Lines(path, lines));
  }

  @Override
  public long dropped() {
    return dropped.get();
  }

  private void run() {
    List<Lines> batch = new ArrayList<>();
    try {
      while (true) {
        batch.add(queue.take());
        queue.drainTo(batch);
        for (Lines lines : batch) {
          if (lines == END) {
            return;
          }
          write(lines);
        }
        batch.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.values().forEach(FileLogSink::closeQuietly);
    }
  }

  private void write(Lines lines) {
    try {
      OutputStream out = open.get(lines.path);
      if (out == null) {
        out = stream(lines.path);
        open.put(lines.path, out);
      }
      out.write(lines.bytes);
    } catch (IOException e) {
      dropped.addAndGet(lines.bytes.length);
      LOG.debug("access log {} cannot be written: {}", lines.path, e.getMessage());
    } finally {
      pending.addAndGet(-lines.bytes.length);
    }
  }

  private static OutputStream stream(String path) throws IOException {
    return switch (path) {
      case "/dev/stdout" -> new FileOutputStream(FileDescriptor.out);
      case "/dev/stderr" -> new FileOutputStream(FileDescriptor.err);
      default -> new FileOutputStream(path, true);
    };
  }

  private static void closeQuietly(OutputStream out) {
    try {
      out.flush();
      if (out instanceof FileOutputStream file && !standard(file)) {
        out.close();
      }
    } catch (IOException e) {
      LOG.debug("access log cannot be closed: {}", e.getMessage());
    }
  }

  private static boolean standard(FileOutputStream file) throws IOException {
    FileDescriptor descriptor = file.getFD();
    return descriptor == FileDescriptor.out || descriptor == FileDescriptor.err;
  }

  /** Writes what is pending, for at most five seconds, and stops. */
  @Override
  public void close() {
    queue.add(END);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
