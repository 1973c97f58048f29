package dev.weft.mesh;

import dev.weft.lab.supervisor.MeshModel;
import dev.weft.lab.supervisor.Model;

/** The background process of a lab with every model. */
public final class LabDaemon {
  private LabDaemon() {}

  /** See {@link dev.weft.lab.supervisor.LabDaemon#run}. */
  public static void main(String[] args) throws Exception {
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
