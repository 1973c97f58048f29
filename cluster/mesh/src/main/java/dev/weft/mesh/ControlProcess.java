package dev.weft.mesh;

import dev.weft.lab.supervisor.LabGround;
import dev.weft.lab.supervisor.LabPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The hosted control plane as a process of the lab. */
final class ControlProcess {
  static final String NAME = "control";
  static final int MONITORING_PORT = 15014;

  /** What istioctl is given as {@code --xds-address}. */
  static final int XDS_PORT = 15012;

  static final int CONSOLE_PORT = 20001;

  /** Where it lives on the wan. */
  static final String ADDRESS = LabPlan.MESH_ADDRESS;

  /** Who it is at the API servers. */
  static final String ACCOUNT = "weft-control";

  private ControlProcess() {}

  /** Its kubeconfig for the config API. */
  static Path kubeconfig(LabGround ground) {
    return ground.directory().root().resolve("mesh.kubeconfig");
  }

  /** The only place where its command line is made. */
  static List<String> command(LabGround ground) {
    List<String> command = new ArrayList<>(ground.plan().weftCommand());
    command.add("control");
    command.addAll(List.of("--kubeconfig", kubeconfig(ground).toString()));
    command.addAll(List.of("--advertise", ADDRESS));
    command.addAll(List.of("--data-dir", ground.directory().root().resolve(NAME).toString()));
    // Whatever the surroundings of the lab say, such as those of a pod.
    command.addAll(List.of("--root-namespace", "istio-system"));
    command.add("--no-leader-election");
    return command;
  }
}
