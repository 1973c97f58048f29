package dev.weft.lab.container;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Processes of the host that make containers and enter them. */
final class HostProcesses {
  private HostProcesses() {}

  /** A process of the host, with nothing in its environment but where programs are. */
  static ProcessBuilder host(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().put("PATH", ContainerScript.SYSTEM_PATH);
    builder.environment().put("LC_ALL", "C");
    return builder.redirectInput(Path.of("/dev/null").toFile());
  }

  /**
   * The host's process that enters the container and becomes the command there. The script is
   * opened on the host, before the container's mounts are entered, and read through its descriptor.
   *
   * @param members the control group to join, empty for none
   * @param terminal path of the terminal, empty for pipes
   */
  static ProcessBuilder entering(
      ContainerRuntime.Spec spec, long pid, String members, String terminal, List<String> command) {
    String open = terminal.isEmpty() ? "" : " 0<>\"$1\" 1>&0 2>&0";
    String session = terminal.isEmpty() ? "" : "setsid --ctty ";
    List<String> all = new ArrayList<>();
    all.addAll(List.of("/bin/sh", "-c"));
    String join = members.isEmpty() ? "" : "echo $$ > " + members + "; ";
    all.add(
        join
            + "exec 3<enter.sh"
            + open
            + "; exec nsenter --target "
            + pid
            + " --mount --uts --ipc --net --pid "
            + session
            + "/bin/sh /proc/self/fd/3 \"$@\"");
    all.add("enter");
    all.add(terminal);
    all.addAll(command);
    return host(all).directory(spec.directory().toFile());
  }

  /** Kills the command with all it started. */
  static void kill(Process process) {
    List<ProcessHandle> inside = process.descendants().toList();
    inside.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
