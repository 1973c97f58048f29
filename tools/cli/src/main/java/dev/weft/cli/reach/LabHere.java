package dev.weft.cli.reach;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The lab on this machine, which commands mean when they are told nothing else.
 *
 * @param kubeconfig its file, where there is a lab
 * @param controlPlane the debug port of its hosted control plane, where that is up
 */
public record LabHere(Supplier<Optional<Path>> kubeconfig, Supplier<Optional<URI>> controlPlane) {

  /** Whether an API server is one of this lab. */
  boolean has(String server) {
    return kubeconfig
        .get()
        .map(file -> Kubeconfig.read(List.of(file)).servers().contains(server))
        .orElse(false);
  }
}
