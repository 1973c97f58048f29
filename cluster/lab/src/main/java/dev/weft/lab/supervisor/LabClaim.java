package dev.weft.lab.supervisor;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Who has the network namespaces of a name. They are the machine's, while the directories of labs
 * may differ by {@code WEFT_HOME}: two labs of one name would take each other's network away.
 */
final class LabClaim {
  private static final Path RUN = Path.of("/run/weft");

  private static final int MAX_TRIES = 10;

  private final String name;
  private final LabDirectory directory;
  private final Path file;

  LabClaim(String name, LabDirectory directory) {
    this(name, directory, RUN);
  }

  LabClaim(String name, LabDirectory directory, Path run) {
    this.name = name;
    this.directory = directory;
    this.file = run.resolve(name);
  }

  /** Whether a lab of this name runs from another directory. */
  boolean takenByAnother() throws IOException {
    try {
      LabDirectory owner = new LabDirectory(Path.of(Files.readString(file).strip()));
      return !owner.equals(directory) && SupervisorProcess.find(owner).isPresent();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Refuses where another has it. */
  void take() throws IOException, LabException {
    if (takenByAnother()) {
      throw new LabException(
          "a lab named %s runs already, from %s: end it there, or choose another name with --lab"
              .formatted(name, Files.readString(file).strip()));
    }
    // The last lab that goes takes the directory away, perhaps at this moment.
    for (int tries = 1; ; tries++) {
      try {
        LabDirectory.write(file, directory.root().toString());
        return;
      } catch (NoSuchFileException e) {
        if (tries == MAX_TRIES) {
          throw e;
        }
      }
    }
  }

  void release() throws IOException {
    if (takenByAnother()) {
      return;
    }
    Files.deleteIfExists(file);
    Path parent = file.getParent();
    try {
      if (parent != null) {
        Files.deleteIfExists(parent);
      }
    } catch (DirectoryNotEmptyException e) {
      // other labs run
      return;
    }
  }
}
