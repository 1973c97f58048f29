package dev.weft.lab.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** With what rights a lab makes its network and its pods. */
sealed interface Rights permits MachineRoot, UserNamespace {

  /** Whether this process has those of root. */
  static boolean root(Path proc) {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(proc.resolve("self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /**
   * Takes the lab's name.
   *
   * @throws LabException where another lab has it
   */
  void claim() throws IOException, LabException;

  /** The command that starts the supervisor, in a session of its own. */
  List<String> starting(List<String> supervisor);

  /**
   * A command that runs where the lab's network is.
   *
   * @param supervisor its process, as this one sees it
   */
  List<String> inside(ProcessHandle supervisor, List<String> command) throws LabException;

  /** The state with processes as this one sees them. */
  LabStatus seen(LabStatus status, ProcessHandle supervisor);

  /** Removes what a lab leaves that nobody ended, and lets its name go. */
  void clear() throws IOException;

  /** Deletes directories with everything in them, whoever of the lab's users has it. */
  void delete(List<Path> directories) throws IOException;
}
