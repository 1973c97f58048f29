package dev.weft.lab.supervisor;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What a machine needs before a lab can be there; each lack is one sentence with the way out. */
public final class Preconditions {
  private static final Map<String, String> TOOLS =
      Map.of(
          "ip", "iproute2",
          "nft", "nftables",
          "unshare", "util-linux",
          "nsenter", "util-linux",
          "setpriv", "util-linux",
          "mount", "mount");

  private final Path proc;
  private final List<Path> searchPath;

  Preconditions(Path proc, List<Path> searchPath) {
    this.proc = proc;
    this.searchPath = List.copyOf(searchPath);
  }

  /** Those of this machine. */
  public static Preconditions ofHost(Map<String, String> environment) {
    List<Path> path = new ArrayList<>();
    for (String each : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (!each.isEmpty()) {
        path.add(Path.of(each));
      }
    }
    path.add(Path.of("/usr/sbin"));
    path.add(Path.of("/sbin"));
    return new Preconditions(Path.of("/proc"), path);
  }

  /** Sentences; none where a lab can start. */
  public List<String> missing() {
    List<String> result = new ArrayList<>();
    if (!root()) {
      result.add(
          "The lab needs root for network namespaces and mounts: run it with sudo, or in a"
              + " container with --privileged.");
    }
    TOOLS.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .filter(tool -> !onPath(tool.getKey()))
        .forEach(
            tool ->
                result.add(
                    "The program %s is missing: install the package %s (Debian: apt-get install %s)."
                        .formatted(tool.getKey(), tool.getValue(), tool.getValue())));
    for (String namespace : List.of("net", "mnt", "pid", "uts")) {
      if (!Files.exists(proc.resolve("self/ns/" + namespace))) {
        result.add(
            "The kernel has no %s namespaces: use one with CONFIG_NAMESPACES."
                .formatted(namespace));
      }
    }
    if (!overlay()) {
      result.add(
          "The kernel has no overlay file system: load the module with 'modprobe overlay' or use a"
              + " kernel that has it.");
    }
    return result;
  }

  private boolean root() {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(proc.resolve("self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private boolean onPath(String tool) {
    return searchPath.stream().anyMatch(each -> Files.isExecutable(each.resolve(tool)));
  }

  private boolean overlay() {
    return knownOverlay() || loadOverlay() && knownOverlay();
  }

  private boolean knownOverlay() {
    try {
      return Files.readString(proc.resolve("filesystems"), StandardCharsets.UTF_8)
          .lines()
          .anyMatch(line -> line.strip().endsWith("overlay"));
    } catch (IOException e) {
      return false;
    }
  }

  private boolean loadOverlay() {
    if (!onPath("modprobe") || !root()) {
      return false;
    }
    try {
      return new ProcessBuilder("modprobe", "overlay").start().waitFor(5, TimeUnit.SECONDS);
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
