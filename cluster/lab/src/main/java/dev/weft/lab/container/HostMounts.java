package dev.weft.lab.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which mounts of the host a container needs besides the root file system. An overlay of / shows
 * only the file system that is mounted there, so what lies on others (a JDK under /usr, a home) is
 * missing from it.
 */
final class HostMounts {
  private static final Set<String> PSEUDO =
      Set.of(
          "autofs",
          "binfmt_misc",
          "bpf",
          "cgroup",
          "cgroup2",
          "configfs",
          "debugfs",
          "devpts",
          "devtmpfs",
          "efivarfs",
          "fusectl",
          "hugetlbfs",
          "mqueue",
          "nsfs",
          "proc",
          "pstore",
          "ramfs",
          "rpc_pipefs",
          "securityfs",
          "sysfs",
          "tmpfs",
          "tracefs");

  /** Places of which a container has its own, or that it has no use for. */
  private static final List<String> OWN =
      List.of("/proc", "/sys", "/dev", "/run", "/tmp", "/boot", "/etc", "/var/lib/docker");

  private HostMounts() {}

  /** Directories, in the order in which they were mounted. */
  static List<String> needed() throws IOException {
    return needed(Files.readAllLines(Path.of("/proc/self/mountinfo"))).stream()
        .filter(path -> Files.isDirectory(Path.of(path)))
        .toList();
  }

  /**
   * @param mountInfo lines as in proc(5): id, parent, device, root, mount point, options, optional
   *     fields, a dash, type, source, super options
   */
  static List<String> needed(List<String> mountInfo) {
    Set<String> found = new LinkedHashSet<>();
    for (String line : mountInfo) {
      String[] fields = line.split(" ");
      int dash = List.of(fields).indexOf("-");
      if (fields.length > 5 && dash > 0 && dash + 1 < fields.length) {
        String path = unescape(fields[4]);
        if (!path.equals("/") && !PSEUDO.contains(fields[dash + 1]) && !isOwn(path)) {
          found.add(path);
        }
      }
    }
    return List.copyOf(found);
  }

  private static boolean isOwn(String path) {
    return OWN.stream().anyMatch(own -> path.equals(own) || path.startsWith(own + "/"));
  }

  private static String unescape(String field) {
    return field
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
