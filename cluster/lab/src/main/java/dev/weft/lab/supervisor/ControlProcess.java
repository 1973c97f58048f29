package dev.weft.lab.supervisor;

import dev.weft.lab.net.Place;
import java.util.ArrayList;
import java.util.List;

/** The hosted control plane as a child of the supervisor. */
final class ControlProcess {
  static final String NAME = "control";
  static final int MONITORING_PORT = 15014;

  private ControlProcess() {}

  /** The only place where its command line is made. */
  static List<String> command(LabPlan plan, LabDirectory directory, Place place) {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", place.namespace()));
    command.addAll(plan.weftCommand());
    command.add("control");
    command.addAll(List.of("--kubeconfig", directory.meshKubeconfig().toString()));
    command.addAll(List.of("--advertise", LabPlan.CONTROL_ADDRESS));
    command.addAll(List.of("--data-dir", directory.root().resolve(NAME).toString()));
    // Whatever the surroundings of the lab say, such as those of a pod.
    command.addAll(List.of("--root-namespace", "istio-system"));
    command.add("--no-leader-election");
    return command;
  }
}
