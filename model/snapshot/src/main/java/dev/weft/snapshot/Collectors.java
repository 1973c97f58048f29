package dev.weft.snapshot;

import dev.weft.config.TraceProvider;
import java.util.List;
import java.util.Optional;

/** The services that take spans. */
public final class Collectors {
  private Collectors() {}

  /**
   * The service of a provider, whose name may leave out the end that names of clusters have: {@code
   * zipkin.istio-system}. Empty where there is none, or where it does not have the port.
   */
  public static Optional<MeshService> service(MeshSnapshot snapshot, TraceProvider provider) {
    String suffix = snapshot.settings().domainSuffix();
    String host = provider.host();
    return List.of(host, host + ".svc." + suffix, host + "." + suffix).stream()
        .flatMap(name -> AliasTarget.of(snapshot, name).stream())
        .filter(s -> s.ports().stream().anyMatch(port -> port.number() == provider.port()))
        .findFirst();
  }
}
