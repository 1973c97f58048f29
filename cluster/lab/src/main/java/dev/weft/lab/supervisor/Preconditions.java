package dev.weft.lab.supervisor;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

  /** What an ordinary user needs besides. */
  private static final Map<String, String> USER_TOOLS =
      Map.of("newuidmap", "uidmap", "newgidmap", "uidmap");

  private static final String APPARMOR = "sys/kernel/apparmor_restrict_unprivileged_userns";

  /** In an empty /run, as the lab's first steps. */
  private static final String TRIAL =
      """
      PATH=$PATH:/usr/sbin:/sbin
      unshare --net sh -ec 'ip link add br0 type bridge; ip link add v0 type veth peer name v1; nft add table ip t'
      mkdir /run/upper /run/work /run/root
      mount -t overlay -o lowerdir=/etc,upperdir=/run/upper,workdir=/run/work,userxattr overlay /run/root
      """;

  private static final String OR_ROOT = ", or run it with sudo.";

  /** Runs a command to its end. */
  @FunctionalInterface
  interface Attempt {
    /** What the command said where it failed; empty where it succeeded. */
    Optional<String> failure(List<String> command);
  }

  private final Path proc;
  private final List<Path> searchPath;
  private final String user;
  private final Attempt attempt;

  Preconditions(Path proc, List<Path> searchPath, String user, Attempt attempt) {
    this.proc = proc;
    this.searchPath = List.copyOf(searchPath);
    this.user = user;
    this.attempt = attempt;
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
    return new Preconditions(
        Path.of("/proc"), path, System.getProperty("user.name", "you"), Preconditions::run);
  }

  /** Sentences; none where a lab can start. */
  public List<String> missing() {
    List<String> result = new ArrayList<>();
    boolean root = Rights.root(proc);
    Map<String, String> tools = new TreeMap<>(TOOLS);
    if (!root) {
      tools.putAll(USER_TOOLS);
    }
    tools.forEach(
        (program, from) -> {
          if (!onPath(program)) {
            result.add(
                "The program %s is missing: install the package %s (Debian: apt-get install %s)."
                    .formatted(program, from, from));
          }
        });
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
    if (!root && result.isEmpty()) {
      userNamespace().ifPresent(result::add);
    }
    return result;
  }

  /** The first thing that an ordinary user lacks, found out by doing it. */
  private Optional<String> userNamespace() {
    Optional<String> said = attempt.failure(List.of("unshare", "--user", "true"));
    if (said.isPresent()) {
      return Optional.of(
          "A lab of an ordinary user needs a user namespace, which the kernel refuses (%s): %s%s"
              .formatted(said.get(), allowing(), OR_ROOT));
    }
    said = attempt.failure(UserNamespace.mapping("true"));
    if (said.isPresent()) {
      return Optional.of(mapping(said.get()));
    }
    said = attempt.failure(UserNamespace.trying(TRIAL));
    return said.map(
        words ->
            "A lab of an ordinary user needs mounts, network namespaces, nft and overlays in a user"
                + " namespace, which do not all work here (%s): %s%s"
                    .formatted(words, allowing(), OR_ROOT));
  }

  private String mapping(String said) {
    if (said.contains("unrecognized option")) {
      return "The program unshare is too old for a lab of an ordinary user (%s): install util-linux 2.38 or later%s"
          .formatted(said, OR_ROOT);
    }
    if (setting(APPARMOR).equals("1")) {
      return "A lab of an ordinary user needs a user namespace with its own users (%s): %s%s"
          .formatted(said, allowing(), OR_ROOT);
    }
    return ("A lab of an ordinary user needs a range of user and group ids in /etc/subuid and"
            + " /etc/subgid (%s): give one with 'sudo usermod --add-subuids 100000-165535"
            + " --add-subgids 100000-165535 %s'%s")
        .formatted(said, user, OR_ROOT);
  }

  /** How the system's owner allows user namespaces, by what this kernel has. */
  private String allowing() {
    if (setting(APPARMOR).equals("1")) {
      return "allow it with 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0'";
    }
    if (setting("sys/kernel/unprivileged_userns_clone").equals("0")) {
      return "allow it with 'sudo sysctl -w kernel.unprivileged_userns_clone=1'";
    }
    if (setting("sys/user/max_user_namespaces").equals("0")) {
      return "allow it with 'sudo sysctl -w user.max_user_namespaces=10000'";
    }
    return "a container or a security module may forbid it; allow it there";
  }

  private String setting(String file) {
    try {
      return Files.readString(proc.resolve(file)).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static Optional<String> run(List<String> command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("LC_ALL", "C");
      builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
      Process process = builder.start();
      process.getOutputStream().close();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? Optional.empty() : Optional.of(said.replace("\n", "; "));
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
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
    if (!onPath("modprobe") || !Rights.root(proc)) {
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
