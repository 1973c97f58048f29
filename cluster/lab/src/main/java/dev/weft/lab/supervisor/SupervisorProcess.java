package dev.weft.lab.supervisor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Trees;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The background process of a lab, seen from a command. */
final class SupervisorProcess {
  private static final int END_SECONDS = 20;

  /** How the launcher knows it. */
  private static final String COMMAND = "lab-daemon";

  private final LabDirectory directory;
  private final Rights rights;

  SupervisorProcess(LabDirectory directory, Rights rights) {
    this.directory = directory;
    this.rights = rights;
  }

  /** The supervisor that runs, by its pid file and its command line. */
  Optional<ProcessHandle> find() {
    return find(directory);
  }

  /** That of a lab in any directory. */
  static Optional<ProcessHandle> find(LabDirectory directory) {
    try {
      long pid = Long.parseLong(Files.readString(directory.pid()).strip());
      String line =
          new String(
              Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline")), StandardCharsets.UTF_8);
      // pids are used again
      return (line.contains("." + LabDaemon.class.getSimpleName()) || line.contains(COMMAND))
              && line.contains(directory.root().toString())
          ? ProcessHandle.of(pid).filter(ProcessHandle::isAlive)
          : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /**
   * Starts one in a session of its own: through the launcher, which knows the flags of each process
   * and has its caches, else with the classes of this process.
   */
  Process start(List<String> weftCommand, List<String> jvmOptions) throws IOException {
    Path log = directory.log("supervisor");
    Files.createDirectories(directory.root().resolve("logs"));
    List<String> command = new ArrayList<>();
    Path launcher = Path.of(weftCommand.getFirst());
    if (launcher.isAbsolute() && Files.isExecutable(launcher)) {
      command.addAll(weftCommand);
      command.add(COMMAND);
    } else {
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(jvmOptions);
      command.add("-cp");
      command.add(System.getProperty("java.class.path"));
      command.add(LabDaemon.class.getName());
    }
    command.add(directory.root().toString());
    Process process =
        new ProcessBuilder(rights.starting(command))
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()))
            .start();
    LabDirectory.write(directory.pid(), Long.toString(process.pid()));
    return process;
  }

  /** Empty where no supervisor answers. */
  Optional<JsonNode> ask(ObjectNode request) {
    try {
      return Optional.of(ControlSocket.ask(directory.socket(), request));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  Optional<JsonNode> ask(String operation) {
    return ask(Trees.object().put("op", operation));
  }

  /** Asks it to end, and ends it where it does not. */
  void end() throws InterruptedException {
    Optional<ProcessHandle> process = find();
    var unused = ask("down");
    if (process.isEmpty()) {
      return;
    }
    if (!gone(process.get(), END_SECONDS)) {
      process.get().destroyForcibly();
      gone(process.get(), END_SECONDS);
    }
  }

  private static boolean gone(ProcessHandle process, int seconds) throws InterruptedException {
    try {
      process.onExit().get(seconds, TimeUnit.SECONDS);
      return true;
    } catch (java.util.concurrent.TimeoutException e) {
      return false;
    } catch (java.util.concurrent.ExecutionException e) {
      return true;
    }
  }
}
