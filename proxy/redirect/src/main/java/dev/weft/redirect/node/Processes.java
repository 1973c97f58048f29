package dev.weft.redirect.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The processes of the node, as {@code /proc} shows them to somebody who shares its process ids.
 *
 * @param proc {@code /proc}
 */
record Processes(Path proc) {
  /**
   * The id of the pod in the path of a control group: {@code /kubepods/burstable/pod<uid>/…}, or
   * with systemd {@code …/kubepods-burstable-pod<uid with _>.slice/…}. Those of static pods have no
   * dashes; nobody injects into them.
   */
  private static final Pattern POD =
      Pattern.compile(
          "pod([0-9a-f]{8}([-_])[0-9a-f]{4}\\2[0-9a-f]{4}\\2[0-9a-f]{4}\\2[0-9a-f]{12})");

  /** Those that wait for their redirect, by the uid of their pod. */
  Map<String, Long> waiting() throws IOException {
    Map<String, Long> found = new TreeMap<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path each : all) {
        if (waits(each)) {
          long process = Long.parseLong(each.getFileName().toString());
          // Before its program runs, a container may have short-lived children of the same name.
          pod(process).ifPresent(uid -> found.merge(uid, process, Math::min));
        }
      }
    }
    return found;
  }

  /** The uid of the pod that a process is in. */
  Optional<String> pod(long process) {
    return podOf(text(file(process, "cgroup")));
  }

  static Optional<String> podOf(String controlGroups) {
    Matcher matcher = POD.matcher(controlGroups);
    return matcher.find() ? Optional.of(matcher.group(1).replace('_', '-')) : Optional.empty();
  }

  private static boolean waits(Path process) {
    return ("\0" + text(process.resolve("cmdline"))).contains("\0--run-validation\0");
  }

  /** A file of a process, such as {@code ns/net}. */
  Path file(long process, String name) {
    return proc.resolve(Long.toString(process)).resolve(name);
  }

  /** Nothing where the process has ended meanwhile. */
  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
