package dev.weft.lab.supervisor;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child that is started again when it ends, a second later. Thread-safe.
 *
 * <p>Both outputs are appended to its log.
 */
final class SupervisedProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SupervisedProcess.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final String name;
  private final List<String> command;
  private final Path log;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Process process;
  private boolean wanted;
  private boolean closed;
  private int starts;
  private @Nullable Thread thread;

  /** How it stands; {@code pid} is 0 where it does not run. */
  record State(String name, boolean wanted, long pid, int restarts) {}

  SupervisedProcess(String name, List<String> command, Path log) {
    this.name = name;
    this.command = List.copyOf(command);
    this.log = log;
  }

  void start() {
    lock.lock();
    try {
      wanted = true;
      changed.signalAll();
      if (thread == null) {
        thread = Thread.ofVirtual().name("supervise " + name).start(this::run);
      }
    } finally {
      lock.unlock();
    }
  }

  /** SIGTERM, then SIGKILL; it stays down until {@link #start}. */
  void stop() {
    end(false, false);
  }

  /** SIGKILL; {@code again} leaves it to the supervision to bring it back. */
  void kill(boolean again) {
    end(true, again);
  }

  State state() {
    lock.lock();
    try {
      Process child = process;
      long pid = child != null && child.isAlive() ? child.pid() : 0;
      return new State(name, wanted, pid, Math.max(0, starts - 1));
    } finally {
      lock.unlock();
    }
  }

  private void end(boolean force, boolean again) {
    Process child;
    lock.lock();
    try {
      wanted = again;
      child = process;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (child == null) {
      return;
    }
    if (force) {
      child.destroyForcibly();
    } else {
      child.destroy();
    }
    try {
      if (!child.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        child.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (awaitWanted()) {
        Process child = launch();
        int code = child == null ? -1 : child.waitFor();
        LOG.info("{} ended with {}", name, code);
        pause();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean awaitWanted() throws InterruptedException {
    lock.lock();
    try {
      while (!wanted && !closed) {
        changed.await();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Process launch() {
    lock.lock();
    try {
      if (!wanted || closed) {
        return null;
      }
      Path parent = log.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      starts++;
      Process child =
          new ProcessBuilder(command)
              .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(log.toFile()))
              .start();
      process = child;
      return child;
    } catch (IOException e) {
      LOG.error("{} cannot be started: {}", name, e.getMessage());
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void pause() throws InterruptedException {
    lock.lock();
    try {
      long left = PAUSE.toNanos();
      while (left > 0 && !closed) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    stop();
  }
}
