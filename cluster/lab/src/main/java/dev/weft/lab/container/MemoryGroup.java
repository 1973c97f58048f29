package dev.weft.lab.container;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A control group that holds what is in it to a limit of memory: of the second kind of hierarchies,
 * else of the first (Linux: Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/memory.rst).
 */
final class MemoryGroup implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryGroup.class);
  private static final String OURS = "weft";
  private static final Path UNIFIED = Path.of("/sys/fs/cgroup");
  private static final Path FIRST = Path.of("/sys/fs/cgroup/memory");

  /** The kernel lets go of a group a moment after its last process has ended. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Path directory;
  private final String events;

  private MemoryGroup(Path directory, String events) {
    this.directory = directory;
    this.events = events;
  }

  /**
   * A new group; empty where this machine does not let us make one.
   *
   * @param bytes the most that its processes may have together
   */
  static Optional<MemoryGroup> make(String name, long bytes) {
    try {
      if (Files.exists(FIRST.resolve("memory.limit_in_bytes"))) {
        Path group = Files.createDirectories(FIRST.resolve(OURS).resolve(name));
        Files.writeString(group.resolve("memory.limit_in_bytes"), Long.toString(bytes));
        writeWhereThere(group.resolve("memory.memsw.limit_in_bytes"), Long.toString(bytes));
        return Optional.of(new MemoryGroup(group, "memory.oom_control"));
      }
      if (Files.exists(UNIFIED.resolve("cgroup.controllers"))) {
        delegate(UNIFIED);
        delegate(Files.createDirectories(UNIFIED.resolve(OURS)));
        Path group = Files.createDirectories(UNIFIED.resolve(OURS).resolve(name));
        Files.writeString(group.resolve("memory.max"), Long.toString(bytes));
        writeWhereThere(group.resolve("memory.swap.max"), "0");
        writeWhereThere(group.resolve("memory.oom.group"), "1");
        return Optional.of(new MemoryGroup(group, "memory.events"));
      }
    } catch (IOException e) {
      LOG.debug("no control group {}", name, e);
    }
    return Optional.empty();
  }

  private static void delegate(Path parent) throws IOException {
    Path control = parent.resolve("cgroup.subtree_control");
    if (!Files.readString(control).contains("memory")) {
      Files.writeString(control, "+memory");
    }
  }

  private static void writeWhereThere(Path file, String value) throws IOException {
    if (Files.exists(file)) {
      Files.writeString(file, value);
    }
  }

  /** Who writes its own number there is in the group from then on. */
  Path members() {
    return directory.resolve("cgroup.procs");
  }

  /** Whether the kernel ended a process because there was no more memory for it. */
  boolean exhausted() {
    try {
      return Files.readAllLines(directory.resolve(events)).stream()
          .filter(line -> line.startsWith("oom_kill "))
          .anyMatch(line -> !line.equals("oom_kill 0"));
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!removed(directory) && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private static boolean removed(Path directory) {
    try {
      Files.deleteIfExists(directory);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Removes the groups of a lab that ended without doing so. */
  static void clear(String prefix) {
    for (Path hierarchy : List.of(FIRST, UNIFIED)) {
      List<Path> left = new ArrayList<>();
      if (Files.isDirectory(hierarchy.resolve(OURS))) {
        try (DirectoryStream<Path> all =
            Files.newDirectoryStream(hierarchy.resolve(OURS), prefix + "*")) {
          all.forEach(left::add);
        } catch (IOException e) {
          LOG.debug("control groups in {}", hierarchy, e);
        }
      }
      left.forEach(MemoryGroup::removed);
      // Another lab may have some.
      removed(hierarchy.resolve(OURS));
    }
  }
}
