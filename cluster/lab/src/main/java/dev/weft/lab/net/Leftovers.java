package dev.weft.lab.net;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Finds and ends what lives in named network namespaces, whoever made them. */
final class Leftovers {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(2);

  private Leftovers() {}

  /** The names of all namespaces that start so. */
  static List<String> namespaces(String prefix) throws IOException {
    List<String> names = new ArrayList<>();
    if (Files.isDirectory(NetworkNamespace.DIRECTORY)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(NetworkNamespace.DIRECTORY)) {
        for (Path entry : entries) {
          String name = String.valueOf(entry.getFileName());
          if (name.startsWith(prefix)) {
            names.add(name);
          }
        }
      }
    }
    return names;
  }

  /**
   * Kills every process in these namespaces and returns when none is left. Looks again after each
   * round, because a process may fork while it is being killed.
   */
  static void killAllIn(List<String> names) throws IOException {
    Set<String> links = new TreeSet<>();
    for (String name : names) {
      if (NetworkNamespace.exists(name)) {
        Object number = Files.getAttribute(NetworkNamespace.file(name), "unix:ino");
        links.add("net:[" + number + "]");
      }
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<Long> inside = links.isEmpty() ? List.of() : processesIn(links);
    while (!inside.isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "The processes "
                + inside
                + " in the network namespaces "
                + names
                + " do not end although they were killed; look with: ps -o pid,stat,cmd -p PID");
      }
      for (long pid : inside) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      }
      LockSupport.parkNanos(BETWEEN_LOOKS);
      inside = processesIn(links);
    }
  }

  /** Zombies have left their namespaces and do not count. */
  private static List<Long> processesIn(Set<String> links) throws IOException {
    long self = ProcessHandle.current().pid();
    List<Long> found = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        try {
          String link = Files.readSymbolicLink(process.resolve("ns/net")).toString();
          long pid = Long.parseLong(String.valueOf(process.getFileName()));
          if (pid != self && links.contains(link)) {
            found.add(pid);
          }
        } catch (IOException e) {
          // It ended while we looked, or is a zombie: either way it is not in a namespace.
          continue;
        }
      }
    }
    return found;
  }

  /** Removes namespaces with their links and rules, where they are still there. */
  static void remove(List<String> names) throws IOException {
    for (String name : names) {
      NetworkNamespace.remove(name);
    }
  }
}
