package dev.weft.mesh;

import dev.weft.lab.supervisor.MeshModel;
import dev.weft.lab.supervisor.Model;
import java.nio.file.Path;
import java.time.Duration;

/** The background process of a lab with every model. */
public final class LabDaemon {
  private LabDaemon() {}

  /**
   * See {@link dev.weft.lab.supervisor.LabDaemon#run}; {@code --rehearse-traffic DIRECTORY SECONDS}
   * is what {@link TrafficRehearsal} does.
   */
  public static void main(String[] args) throws Exception {
    if (args.length == 3 && args[0].equals("--rehearse-traffic")) {
      TrafficRehearsal.run(Path.of(args[1]), Duration.ofSeconds(Long.parseLong(args[2])));
      System.exit(0);
    }
    dev.weft.lab.supervisor.LabDaemon.run(args, LabDaemon::of);
  }

  private static MeshModel of(Model model) {
    return switch (model) {
      case NONE -> new MeshModel.Bare();
      case HOSTED -> new Hosted();
      case MULTI_PRIMARY -> new MultiPrimary();
      case PRIMARY_REMOTE -> new PrimaryRemote();
    };
  }
}
