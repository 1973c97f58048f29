package dev.weft.snapshot;

import dev.weft.config.Diagnostic;
import dev.weft.config.SidecarSpec;
import dev.weft.config.SidecarSpec.Egress;
import dev.weft.config.SidecarSpec.EgressHost;
import dev.weft.types.HopLabel;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Sidecar objects of which only one can hold, and ports that only one side knows. */
final class SidecarFindings {
  private static final Rivals<SidecarSpec> RIVALS =
      new Rivals<>(
          SidecarSpec::selector,
          "spec.workloadSelector",
          FindingCode.TWO_DEFAULT_SIDECARS,
          FindingCode.TWO_SIDECARS);

  private final MeshSnapshot snapshot;
  private final List<Diagnostic> findings;

  private SidecarFindings(MeshSnapshot snapshot, List<Diagnostic> findings) {
    this.snapshot = snapshot;
    this.findings = findings;
  }

  static void add(MeshSnapshot snapshot, List<Diagnostic> findings) {
    snapshot.sidecars().byNamespace().values().forEach(all -> RIVALS.add(all, snapshot, findings));
    SidecarFindings ports = new SidecarFindings(snapshot, findings);
    snapshot.sidecars().all().forEach(ports::called);
    if (snapshot.sidecars().all().stream().anyMatch(s -> !s.ingress().isEmpty())) {
      snapshot.services().values().forEach(ports::served);
    }
  }

  /** Hosts are there, but not on the port that is listened on for them. */
  private void called(SidecarSpec sidecar) {
    for (int i = 0; i < sidecar.egress().size(); i++) {
      Egress egress = sidecar.egress().get(i);
      SidecarSpec.Port port = egress.port();
      if (port == null) {
        continue;
      }
      for (EgressHost host : egress.hosts()) {
        List<MeshService> meant =
            snapshot.services().values().stream().filter(s -> means(sidecar, host, s)).toList();
        if (!meant.isEmpty()
            && meant.stream().noneMatch(s -> SidecarImports.listens(snapshot, egress, s))) {
          findings.add(
              Diagnostic.warning(
                  FindingCode.EGRESS_PORT_OF_NOBODY,
                  sidecar.ref().toString(),
                  "spec.egress[" + i + "].port.number",
                  "no service that "
                      + host.namespace()
                      + "/"
                      + host.host()
                      + " stands for has port "
                      + port.number()
                      + ", so nothing is called there by it; they have "
                      + numbers(meant)
                      + ": listen on one of these, or take the host away"));
        }
      }
    }
  }

  /** Whether a host of the object stands for a service; for pods of the mesh, for one of them. */
  private boolean means(SidecarSpec sidecar, EgressHost host, MeshService service) {
    String own = sidecar.meta().namespace();
    boolean ofMesh =
        own.equals(snapshot.sidecars().rootNamespace()) && sidecar.selector().isEmpty();
    String viewer = ofMesh ? service.id().namespace() : own;
    return (ofMesh || service.visibleTo(own))
        && SidecarImports.imports(host, viewer, service.id().namespace(), service.hostname());
  }

  private static String numbers(List<MeshService> services) {
    return services.stream()
        .flatMap(s -> s.ports().stream())
        .map(ServicePort::number)
        .distinct()
        .sorted()
        .map(String::valueOf)
        .collect(Collectors.joining(", "));
  }

  /** Ports to which a service leads, and which the Sidecar of its pods does not name. */
  private void served(MeshService service) {
    for (ServicePort port : service.ports()) {
      service.endpoints().stream()
          .flatMap(endpoint -> leftOut(endpoint, port).stream())
          .distinct()
          .forEach(
              left ->
                  findings.add(
                      Diagnostic.warning(
                          FindingCode.PORT_NOT_IN_INGRESS,
                          left.sidecar().ref().toString(),
                          "spec.ingress",
                          "Service "
                              + service.id()
                              + " leads its port "
                              + port.number()
                              + " to port "
                              + left.target()
                              + " of pods for which this Sidecar holds, which does not name it:"
                              + " connections go to that port of the pod's own address, as those to"
                              + " any port that no Service has, and not to an application that"
                              + " listens on the loopback alone; add port "
                              + left.target())));
    }
  }

  private record LeftOut(SidecarSpec sidecar, int target) {}

  private Optional<LeftOut> leftOut(ServiceEndpoint endpoint, ServicePort port) {
    Workload pod = endpoint.workload();
    Integer target = endpoint.target(port);
    if (pod == null || target == null || !hasSidecar(pod)) {
      return Optional.empty();
    }
    return snapshot
        .sidecars()
        .of(pod.key().namespace(), pod.labels())
        .filter(sidecar -> !sidecar.ingress().isEmpty())
        .filter(sidecar -> sidecar.ingress().stream().noneMatch(i -> i.port().number() == target))
        .map(sidecar -> new LeftOut(sidecar, target));
  }

  private static boolean hasSidecar(Workload pod) {
    return (pod.injected() || pod.mtls()) && !pod.labels().containsKey(HopLabel.POD_LABEL);
  }
}
