package dev.weft.cli.lab;

import dev.weft.cli.reach.LabHere;
import dev.weft.lab.supervisor.LabCommands;
import dev.weft.lab.supervisor.LabStatus;
import dev.weft.types.MeshPorts;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The lab that commands mean when they are told nothing else: {@code $WEFT_LAB}, or "default". */
public final class RunningLab {
  /** For commands that go to clusters. */
  public static final LabHere HERE = new LabHere(RunningLab::kubeconfig, RunningLab::controlPlane);

  static final String NAME_VARIABLE = "WEFT_LAB";
  static final String DEFAULT_NAME = "default";

  private RunningLab() {}

  static LabCommands commands() {
    return new LabCommands(
        System.getenv().getOrDefault(NAME_VARIABLE, DEFAULT_NAME), System.getenv());
  }

  /** Its kubeconfig, where it is up or was. */
  public static Optional<Path> kubeconfig() {
    return Optional.of(commands().directory().kubeconfig()).filter(Files::exists);
  }

  /** The debug port of its control plane, where it is up. */
  public static Optional<URI> controlPlane() {
    return controlPlane(commands().status());
  }

  static Optional<URI> controlPlane(LabStatus status) {
    return hosted(status, MeshPorts.MONITORING);
  }

  /** The console of its control plane, where it is up. */
  public static Optional<URI> console() {
    return console(commands().status());
  }

  /** The same of a lab whose state is known. */
  public static Optional<URI> console(LabStatus status) {
    return hosted(status, MeshPorts.CONSOLE);
  }

  private static Optional<URI> hosted(LabStatus status, int port) {
    return status.forwards().stream()
        .filter(f -> f.port() == port && f.cluster().equals("mesh"))
        .map(f -> URI.create("http://" + f.host() + ":" + f.hostPort()))
        .findFirst();
  }
}
