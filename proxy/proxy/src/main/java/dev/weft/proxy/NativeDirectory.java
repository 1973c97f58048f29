package dev.weft.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.stream.Collectors;

/**
 * Where Netty unpacks its native libraries. In a container with a read-only root file system the
 * usual directory for temporary files cannot be written; volumes that every injected pod has can.
 * Netty deletes the files again as soon as they are loaded.
 */
final class NativeDirectory {
  private static final String NETTY = "io.netty.native.workdir";

  /** An emptyDir of every injected pod, in memory: used where nothing on disk is to be had. */
  private static final String IN_MEMORY = "/etc/istio/proxy";

  private NativeDirectory() {}

  /**
   * Tells Netty; before the first of its classes is loaded. A directory that somebody named by the
   * system property stays.
   *
   * @throws IllegalStateException naming the directories where none of them can be written
   */
  static void choose(Map<String, String> environment) {
    if (System.getProperty(NETTY) == null) {
      System.setProperty(NETTY, firstWritable(candidates(environment)).toString());
    }
  }

  private static SequencedSet<Path> candidates(Map<String, String> environment) {
    SequencedSet<Path> paths = new LinkedHashSet<>();
    paths.add(Path.of(System.getProperty("java.io.tmpdir")));
    paths.add(Path.of(environment.getOrDefault("WEFT_STATE_DIR", "/var/lib/istio/data")));
    paths.add(Path.of(IN_MEMORY));
    return paths;
  }

  static Path firstWritable(SequencedSet<Path> candidates) {
    for (Path candidate : candidates) {
      if (writable(candidate)) {
        return candidate;
      }
    }
    throw new IllegalStateException(
        "native libraries cannot be unpacked: none of "
            + candidates.stream().map(Path::toString).collect(Collectors.joining(", "))
            + " can be written; mount an emptyDir at one of them");
  }

  /** Asked by writing: rights alone do not tell whether the mount is read-only or full. */
  private static boolean writable(Path directory) {
    try {
      Files.createDirectories(directory);
      Files.delete(Files.createTempFile(directory, "weft", ".probe"));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
