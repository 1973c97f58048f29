package dev.weft.server.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes lines to files and to the standard streams on a thread of its own. What waits for it lies
 * outside the heap, in blocks that are used again: a reader that falls behind costs no collections.
 */
public final class FileLogSink implements LogSink {
  private static final Logger LOG = LoggerFactory.getLogger(FileLogSink.class);
  private static final int BLOCK = 128 * 1024;
  // Of all files together: 4 MiB.
  private static final int MOST_BLOCKS = 32;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final ArrayDeque<Block> waiting = new ArrayDeque<>();
  // What lines of a file can be added to.
  private final Map<String, Block> last = new HashMap<>();
  private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
  private final Map<String, FileChannel> open = new HashMap<>();
  private final Thread thread;
  private int used;
  private long dropped;
  private boolean idle;
  private boolean ended;

  private record Block(String path, ByteBuffer lines) {}

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
  public boolean offer(String path, byte[] lines, int length) {
    lock.lock();
    try {
      Block block = last.get(path);
      if (block == null || block.lines.remaining() < length) {
        ByteBuffer room = room(length);
        if (room == null) {
          dropped += length;
          return false;
        }
        block = new Block(path, room);
        waiting.add(block);
        last.put(path, block);
      }
      block.lines.put(lines, 0, length);
      if (idle) {
        idle = false;
        work.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Room for so many bytes, or null where as much waits as may. */
  private @Nullable ByteBuffer room(int length) {
    int blocks = blocks(length);
    if (used + blocks > MOST_BLOCKS) {
      return null;
    }
    used += blocks;
    if (length > BLOCK) {
      return ByteBuffer.allocate(length);
    }
    ByteBuffer again = free.poll();
    return again == null ? ByteBuffer.allocateDirect(BLOCK) : again;
  }

  private static int blocks(int length) {
    return Math.max(1, (length + BLOCK - 1) / BLOCK);
  }

  @Override
  public long dropped() {
    lock.lock();
    try {
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      for (Block block = take(); block != null; block = take()) {
        boolean written = write(block.path, block.lines.flip());
        done(block.lines, written ? 0 : block.lines.remaining());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.forEach(FileLogSink::closeQuietly);
    }
  }

  /** The block that has waited longest, or null where there is none and none will come. */
  private @Nullable Block take() throws InterruptedException {
    lock.lock();
    try {
      while (waiting.isEmpty() && !ended) {
        idle = true;
        work.await();
      }
      Block block = waiting.poll();
      if (block != null && last.get(block.path) == block) {
        last.remove(block.path);
      }
      return block;
    } finally {
      lock.unlock();
    }
  }

  private void done(ByteBuffer block, int lost) {
    lock.lock();
    try {
      dropped += lost;
      used -= blocks(block.capacity());
      if (block.isDirect()) {
        free.push(block.clear());
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean write(String path, ByteBuffer lines) {
    try {
      FileChannel out = open.get(path);
      if (out == null) {
        out = channel(path);
        open.put(path, out);
      }
      while (lines.hasRemaining()) {
        out.write(lines);
      }
      return true;
    } catch (IOException e) {
      LOG.debug("access log {} cannot be written: {}", path, e.getMessage());
      return false;
    }
  }

  // The channel of a stream closes it, and is kept as long as this sink.
  @SuppressWarnings("resource")
  private static FileChannel channel(String path) throws IOException {
    return switch (path) {
      case "/dev/stdout" -> new FileOutputStream(FileDescriptor.out).getChannel();
      case "/dev/stderr" -> new FileOutputStream(FileDescriptor.err).getChannel();
      default -> new FileOutputStream(path, true).getChannel();
    };
  }

  private static void closeQuietly(String path, FileChannel out) {
    if (path.equals("/dev/stdout") || path.equals("/dev/stderr")) {
      return;
    }
    try {
      out.close();
    } catch (IOException e) {
      LOG.debug("access log cannot be closed: {}", e.getMessage());
    }
  }

  /** Writes what is pending, for at most five seconds, and stops. */
  @Override
  public void close() {
    lock.lock();
    try {
      ended = true;
      work.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
