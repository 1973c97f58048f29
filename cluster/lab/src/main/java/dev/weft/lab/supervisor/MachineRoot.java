package dev.weft.lab.supervisor;

import dev.weft.lab.container.LinuxContainers;
import dev.weft.lab.net.LinuxNetwork;
import dev.weft.lab.object.Directories;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Root's: the lab's namespaces are named on the machine, for everybody to see. */
record MachineRoot(String name, LabClaim owner) implements Rights {

  @Override
  public void claim() throws IOException, LabException {
    owner.take();
  }

  @Override
  public List<String> starting(List<String> supervisor) {
    List<String> command = new ArrayList<>(List.of("setsid"));
    command.addAll(supervisor);
    return command;
  }

  @Override
  public List<String> inside(ProcessHandle supervisor, List<String> command) {
    return command;
  }

  @Override
  public LabStatus seen(LabStatus status, ProcessHandle supervisor) {
    return status;
  }

  @Override
  public void clear() throws IOException {
    if (!owner.takenByAnother()) {
      LinuxNetwork.open("weft-" + name).destroy();
      LinuxContainers.clear("weft-" + name + ".");
    }
    owner.release();
  }

  @Override
  public void delete(List<Path> directories) throws IOException {
    for (Path each : directories) {
      Directories.delete(each);
    }
  }
}
