package dev.weft.lab.node;

import dev.weft.lab.object.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A directory whose files change all at once: names are links into {@code ..data}, itself a link
 * that one rename replaces (Kubernetes: pkg/volume/util/atomic_writer.go).
 */
final class AtomicDirectory {
  private static final String DATA = "..data";

  private final Path directory;

  AtomicDirectory(Path directory) {
    this.directory = directory;
  }

  /**
   * A file of the volume.
   *
   * @param mode permission bits
   */
  record Entry(byte[] content, int mode) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Entry e && mode == e.mode && Arrays.equals(content, e.content);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(content) * 31 + mode;
    }
  }

  /** Makes the directory hold exactly these files; does nothing where it does already. */
  void write(Map<String, Entry> files) throws IOException {
    Files.createDirectories(directory);
    mode(directory, 0755);
    Path current = directory.resolve(DATA);
    if (Files.exists(current) && same(current, files)) {
      return;
    }
    Path next = Files.createTempDirectory(directory, "..");
    mode(next, 0755);
    for (Map.Entry<String, Entry> each : files.entrySet()) {
      Path file = next.resolve(each.getKey()).normalize();
      if (!file.startsWith(next)) {
        throw new IOException("file name " + each.getKey() + " leaves the volume");
      }
      for (Path p = file.getParent(); p != null && !p.equals(next); p = p.getParent()) {
        Files.createDirectories(p);
        mode(p, 0755);
      }
      Files.write(file, each.getValue().content());
      mode(file, each.getValue().mode());
    }
    Path old = Files.isSymbolicLink(current) ? current.toRealPath() : null;
    Path link = directory.resolve("..data_tmp");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, next.getFileName());
    Files.move(link, current, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    links(files.keySet());
    if (old != null) {
      Directories.delete(old);
    }
  }

  private void links(Set<String> files) throws IOException {
    Set<String> tops = new HashSet<>();
    files.forEach(f -> tops.add(f.contains("/") ? f.substring(0, f.indexOf('/')) : f));
    for (String top : tops) {
      Path link = directory.resolve(top);
      if (!Files.isSymbolicLink(link)) {
        Files.createSymbolicLink(link, Path.of(DATA, top));
      }
    }
    try (Stream<Path> all = Files.list(directory)) {
      for (Path each : all.toList()) {
        String name = String.valueOf(each.getFileName());
        if (!name.startsWith("..") && !tops.contains(name)) {
          Files.deleteIfExists(each);
        }
      }
    }
  }

  private static boolean same(Path current, Map<String, Entry> files) throws IOException {
    Path real = current.toRealPath();
    Set<String> names = new HashSet<>();
    try (Stream<Path> all = Files.walk(real)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        String name = real.relativize(each).toString();
        names.add(name);
        Entry wanted = files.get(name);
        if (wanted == null || !Arrays.equals(wanted.content(), Files.readAllBytes(each))) {
          return false;
        }
      }
    }
    return names.equals(files.keySet());
  }

  static void mode(Path path, int bits) throws IOException {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values();
    for (int i = 0; i < all.length; i++) {
      if ((bits & 0400 >> i) != 0) {
        permissions.add(all[i]);
      }
    }
    Files.setPosixFilePermissions(path, permissions);
  }
}
