package dev.weft.lab.supervisor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An ordinary user's: the supervisor is root of a user namespace, whose further users are the range
 * that the machine gives the user (subuid(5)). It has mounts of its own, where the lab's network is
 * named, and a process namespace, so that the kernel ends all that is left when the supervisor
 * ends. The network namespace is the machine's: ports on 127.0.0.1 are reached by everybody.
 */
record UserNamespace() implements Rights {
  private static final List<String> USERS =
      List.of("unshare", "--user", "--map-auto", "--map-root-user");
  private static final List<String> NAMESPACES =
      List.of("--mount", "--pid", "--fork", "--kill-child");

  /** Names of network namespaces are kept in /run, which is the machine's without this. */
  private static final String OWN_DIRECTORIES =
      "mount -t tmpfs -o mode=755 tmpfs /run && mount -t proc -o nosuid,nodev,noexec proc /proc";

  /** The shell stays: somebody must take the end of orphans. */
  private static final String BEGIN = OWN_DIRECTORIES + " && { \"$@\"; exit $?; }";

  /** Maps users as the lab will. */
  static List<String> mapping(String... command) {
    List<String> all = new ArrayList<>(USERS);
    all.addAll(List.of(command));
    return all;
  }

  /** Runs a script with what the supervisor will have. */
  static List<String> trying(String script) {
    List<String> all = new ArrayList<>(USERS);
    all.addAll(NAMESPACES);
    all.addAll(List.of("/bin/sh", "-ec", OWN_DIRECTORIES + "\n" + script));
    return all;
  }

  /** Nobody else sees the names. */
  @Override
  public void claim() {}

  @Override
  public List<String> starting(List<String> supervisor) {
    List<String> command = new ArrayList<>(List.of("setsid"));
    command.addAll(USERS);
    command.addAll(NAMESPACES);
    command.addAll(List.of("/bin/sh", "-c", BEGIN, "lab"));
    command.addAll(supervisor);
    return command;
  }

  @Override
  public List<String> inside(ProcessHandle supervisor, List<String> command) throws LabException {
    ProcessHandle first =
        supervisor
            .children()
            .findFirst()
            .orElseThrow(() -> new LabException("the lab is going down"));
    List<String> entering =
        new ArrayList<>(
            List.of("nsenter", "--target", Long.toString(first.pid()), "--preserve-credentials"));
    entering.addAll(List.of("--user", "--mount", "--pid"));
    entering.addAll(command);
    return entering;
  }

  @Override
  public LabStatus seen(LabStatus status, ProcessHandle supervisor) {
    Map<Long, Long> pids = pids(supervisor);
    return new LabStatus(
        status.name(),
        status.phase(),
        status.message(),
        pids.getOrDefault(status.pid(), 0L),
        status.kubeconfig(),
        status.mesh(),
        status.model(),
        status.isolated(),
        status.startMillis(),
        status.members(),
        status.parts().stream()
            .map(
                part ->
                    new LabStatus.Part(
                        part.name(),
                        part.state(),
                        pids.getOrDefault(part.pid(), 0L),
                        part.restarts(),
                        part.log()))
            .toList(),
        status.forwards());
  }

  /** From a number in the lab's process namespace to that of the same process here. */
  private static Map<Long, Long> pids(ProcessHandle supervisor) {
    Map<Long, Long> result = new HashMap<>();
    supervisor
        .descendants()
        .forEach(
            process -> {
              try {
                Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("NSpid:"))
                    .map(line -> line.split("\\s+"))
                    .filter(fields -> fields.length > 2)
                    .forEach(fields -> result.put(Long.valueOf(fields[2]), process.pid()));
              } catch (IOException e) {
                // It has ended just now.
                return;
              }
            });
    return result;
  }

  /** The network ended with the supervisor. */
  @Override
  public void clear() {}

  /** As root of the same users: some files belong to those that containers ran as. */
  @Override
  public void delete(List<Path> directories) throws IOException {
    List<Path> there = directories.stream().filter(Files::exists).toList();
    if (there.isEmpty()) {
      return;
    }
    List<String> command = mapping("rm", "-rf", "--");
    there.forEach(each -> command.add(each.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("cannot delete " + there + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
