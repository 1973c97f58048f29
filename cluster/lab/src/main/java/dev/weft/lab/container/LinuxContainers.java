package dev.weft.lab.container;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Containers made with {@code unshare}, {@code nsenter}, {@code setpriv} and {@code mount} of
 * util-linux. The first process of a container is its command, without an init before it; when it
 * ends, the kernel ends all others. They write to pipes of this runtime and are in the network
 * namespace of their pod, so that the end of that namespace is their end as well.
 */
public final class LinuxContainers implements ContainerRuntime {
  /**
   * Waits for the first process, its only child, and reports its end. Not left to {@code unshare
   * --fork}, which fails with 1 where its child was killed. What the shell would say about a signal
   * does not belong in the container's log.
   */
  private static final String PARENT =
      "exec 6>&2 2>/dev/null; /bin/sh start.sh \"$@\" 2>&6 6>&-; exit $?";

  private static final List<String> OWN = List.of("/proc", "/sys", "/dev", "/run", "/tmp");

  /** The host's passwords are no container's business. */
  private static final List<String> SECRETS = List.of("shadow", "shadow-", "gshadow", "gshadow-");

  private final List<Mount> common;
  private final List<Path> hidden;

  /**
   * @param common mounts that every container has besides its own, such as the directories of the
   *     programs that are built in
   * @param hidden directories of the host that are no container's business, such as the lab's own
   */
  public LinuxContainers(List<Mount> common, List<Path> hidden) {
    this.common = List.copyOf(common);
    this.hidden = hidden.stream().filter(LinuxContainers::shown).toList();
  }

  /** Whether containers see it at all: they have some directories of their own. */
  private static boolean shown(Path directory) {
    return Files.isDirectory(directory) && OWN.stream().noneMatch(directory::startsWith);
  }

  /** Returns when the command runs, after some 30 ms. */
  @Override
  public Container start(Spec spec) throws IOException {
    if (spec.command().isEmpty()) {
      throw new ContainerStartException(
          128, "no command: neither the image nor the container names one");
    }
    for (Mount mount : spec.mounts()) {
      if (!mount.target().startsWith("/") || mount.target().equals("/")) {
        throw new ContainerStartException(
            128, "the mount target \"" + mount.target() + "\" is no absolute path below /");
      }
      if (!Files.exists(mount.source())) {
        throw new ContainerStartException(
            128,
            "the source " + mount.source() + " of the mount " + mount.target() + " is missing");
      }
    }
    Security security = spec.security();
    check("user", security.user(), IdMap.users());
    check("group", security.group(), IdMap.groups());
    for (int group : security.groups()) {
      check("group", group, IdMap.groups());
    }
    prepare(spec);
    CriLog log = new CriLog(spec.log(), CriLog.LIMIT_BYTES, Clock.systemUTC());
    Optional<MemoryGroup> memory =
        spec.memoryBytes() > 0
            ? MemoryGroup.make(group(spec), spec.memoryBytes())
            : Optional.empty();
    try {
      Process process = launch(spec, memory);
      try {
        awaitReady(spec, process);
        return LinuxContainer.attach(spec, process, log, memory);
      } catch (IOException e) {
        process.destroyForcibly();
        throw e;
      }
    } catch (IOException e) {
      memory.ifPresent(MemoryGroup::close);
      log.close();
      throw e;
    }
  }

  private static String group(Spec spec) {
    return spec.network().namespace() + "." + spec.id();
  }

  /**
   * Removes what is left of the containers whose networks' names begin so, and which have ended.
   */
  public static void clear(String networks) {
    MemoryGroup.clear(networks);
  }

  private static void check(String what, int id, IdMap map) throws IOException {
    if (!map.has(id)) {
      throw new ContainerStartException(
          128,
          what
              + " "
              + id
              + " does not exist in this user namespace: run as root, or install the package"
              + " uidmap, give yourself a range in /etc/subuid and /etc/subgid and use unshare"
              + " --map-auto");
    }
  }

  private void prepare(Spec spec) throws IOException {
    Path directory = Files.createDirectories(spec.directory());
    for (String name : List.of("upper", "work", "scratch", "tmp")) {
      deleteTree(directory.resolve(name));
    }
    for (String name : List.of("work", "root", "scratch")) {
      Files.createDirectories(directory.resolve(name));
    }
    file(directory.resolve("setup.log"), "", "rw-------");
    Path upper = directory(directory.resolve("upper"), "rwxr-xr-x");
    directory(upper.resolve(ContainerScript.HOST.substring(1)), "rwx------");
    Path etc = directory(upper.resolve("etc"), "rwxr-xr-x");
    file(etc.resolve("resolv.conf"), spec.resolvConf(), "rw-r--r--");
    file(etc.resolve("hosts"), spec.hosts(), "rw-r--r--");
    file(etc.resolve("hostname"), spec.hostname() + "\n", "rw-r--r--");
    for (String secret : SECRETS) {
      if (Files.exists(Path.of("/etc", secret))) {
        file(etc.resolve(secret), "", "rw-------");
      }
    }
    Path dev = directory(upper.resolve("dev"), "rwxr-xr-x");
    directory(dev.resolve("pts"), "rwxr-xr-x");
    directory(dev.resolve("shm"), "rwxrwxrwx");
    for (String device : ContainerScript.DEVICES) {
      file(dev.resolve(device), "", "rw-rw-rw-");
    }
    link(dev.resolve("ptmx"), "pts/ptmx");
    link(dev.resolve("fd"), "/proc/self/fd");
    link(dev.resolve("stdin"), "/proc/self/fd/0");
    link(dev.resolve("stdout"), "/proc/self/fd/1");
    link(dev.resolve("stderr"), "/proc/self/fd/2");
    Path tmp = directory(directory.resolve("tmp"), "rwxrwxrwx");
    Files.setAttribute(tmp, "unix:mode", 01777);
    // In a user namespace they come along with the directories that they are in.
    List<String> hostMounts = IdMap.users().complete() ? HostMounts.needed() : List.of();
    String fileSystems = ContainerScript.fileSystems(spec, hostMounts, hidden, common);
    file(directory.resolve("fstab"), fileSystems, "rw-------");
    file(directory.resolve("start.sh"), ContainerScript.start(spec), "rw-------");
    file(directory.resolve("enter.sh"), ContainerScript.enter(spec), "rw-------");
  }

  private static Process launch(Spec spec, Optional<MemoryGroup> memory) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of("unshare", "--mount", "--uts", "--ipc", "--pid", "/bin/sh", "-c", PARENT));
    command.add("container");
    command.addAll(spec.command());
    List<String> entering = new ArrayList<>();
    memory.ifPresent(
        group ->
            entering.addAll(
                List.of(
                    "/bin/sh",
                    "-c",
                    "echo $$ > \"$0\" && exec \"$@\"",
                    group.members().toString())));
    entering.addAll(spec.network().entering(command));
    ProcessBuilder builder = HostProcesses.host(entering).directory(spec.directory().toFile());
    return (switch (spec.input()) {
          case NONE -> builder;
          case OPEN, ONCE -> builder.redirectInput(ProcessBuilder.Redirect.PIPE);
        })
        .start();
  }

  private static void awaitReady(Spec spec, Process process) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    InputStream out = process.getInputStream();
    int next = out.read();
    while (next >= 0 && next != '\n') {
      line.write(next);
      next = out.read();
    }
    if (next == '\n' && line.toString(StandardCharsets.UTF_8).equals(ContainerScript.READY)) {
      return;
    }
    int code = waitFor(process);
    Path setup = spec.directory().resolve("setup.log");
    String said =
        new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    said = (Files.readString(setup).strip() + "\n" + said).strip();
    if (said.contains("Operation not permitted")) {
      said +=
          "; run as root, or in a user namespace (unshare --user --map-auto --map-root-user"
              + " --mount)";
    }
    throw new ContainerStartException(
        code == 127 ? 127 : 128,
        said.isEmpty() ? "the container's setup ended with " + code : said);
  }

  private static int waitFor(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while a container was started", e);
    }
  }

  /** What an earlier start left: a container begins with a fresh root. */
  private static void deleteTree(Path root) throws IOException {
    if (Files.exists(root)) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static Path directory(Path path, String permissions) throws IOException {
    Files.createDirectories(path);
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private static void file(Path path, String content, String permissions) throws IOException {
    Files.deleteIfExists(path);
    Files.createFile(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(path, content);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private static void link(Path path, String target) throws IOException {
    Files.deleteIfExists(path);
    Files.createSymbolicLink(path, Path.of(target));
  }
}
