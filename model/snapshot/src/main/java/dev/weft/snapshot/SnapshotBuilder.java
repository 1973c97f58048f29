package dev.weft.snapshot;

import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.Copies;
import dev.weft.config.DestinationRule;
import dev.weft.config.Diagnostic;
import dev.weft.config.GatewayConfig;
import dev.weft.config.IstioGatewaySpec;
import dev.weft.config.MeshSettings;
import dev.weft.config.PeerAuthentication;
import dev.weft.config.VirtualService;
import dev.weft.types.ServiceId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** From everything that the mesh is made of to the picture that the rest works with. Pure. */
public final class SnapshotBuilder {
  private SnapshotBuilder() {}

  /** A snapshot, and what is new in it. */
  public record Built(MeshSnapshot snapshot, SnapshotDelta delta) {}

  /**
   * Builds the next snapshot.
   *
   * @param previous {@link MeshSnapshot#empty} before the first; its unchanged parts are used again
   */
  public static Built build(ConfigSet config, MeshSnapshot previous) {
    MeshSettings settings = config.settings();
    List<Diagnostic> diagnostics = new ArrayList<>(config.diagnostics());
    Networks networks = Networks.of(config);
    Map<WorkloadKey, Workload> workloads =
        Sharing.map(Workloads.of(config, networks), previous.workloads());
    ServiceMerge.Merged merged =
        ServiceMerge.merge(config, networks, workloads, previous.services());
    Map<ServiceId, MeshService> services = Sharing.map(merged.services(), previous.services());
    diagnostics.addAll(merged.diagnostics());
    Gateways.Found found = Gateways.find(config, networks, workloads);
    diagnostics.addAll(found.diagnostics());
    NetworkGateways gateways =
        Sharing.value(NetworkGateways.of(found.gateways()), previous.networkGateways());
    DestinationRuleMerge.Merged rules =
        DestinationRuleMerge.merge(settings, config.all(DestinationRule.class));
    diagnostics.addAll(rules.diagnostics());
    MeshSnapshot snapshot =
        new MeshSnapshot(
            previous.version() + 1,
            Sharing.value(settings, previous.settings()),
            Sharing.map(Members.of(config, networks, found), previous.clusters()),
            services,
            workloads,
            gateways,
            Sharing.value(
                PeerAuthentications.of(
                    settings.rootNamespace(), config.all(PeerAuthentication.class)),
                previous.peerAuthentications()),
            Sharing.value(rules.rules(), previous.destinationRules()),
            Sharing.value(oldestFirst(config.all(GatewayConfig.class)), previous.gateways()),
            Sharing.value(
                oldestFirst(config.all(VirtualService.class)), previous.virtualServices()),
            Sharing.value(config.all(IstioGatewaySpec.class), previous.istioGateways()),
            Sharing.value(config.namespaces(), previous.namespaces()),
            Sharing.value(config.credentials(), previous.credentials()),
            List.of());
    diagnostics.addAll(Findings.of(config, snapshot));
    Suppressions suppressed = Suppressions.of(config);
    List<Diagnostic> sorted =
        diagnostics.stream().filter(suppressed::admits).distinct().sorted().toList();
    MeshSnapshot complete =
        withDiagnostics(snapshot, Sharing.value(sorted, previous.diagnostics()));
    return new Built(complete, delta(previous, complete));
  }

  private static <T extends ConfigObject> List<T> oldestFirst(List<T> objects) {
    return objects.stream()
        .sorted(Comparator.comparing((T o) -> o.meta().created()).thenComparing(o -> o.ref()))
        .toList();
  }

  private static MeshSnapshot withDiagnostics(MeshSnapshot s, List<Diagnostic> diagnostics) {
    return new MeshSnapshot(
        s.version(),
        s.settings(),
        s.clusters(),
        s.services(),
        s.workloads(),
        s.networkGateways(),
        s.peerAuthentications(),
        s.destinationRules(),
        s.gateways(),
        s.virtualServices(),
        s.istioGateways(),
        s.namespaces(),
        s.credentials(),
        diagnostics);
  }

  /** A snapshot as the difference to nothing, for who comes late. */
  public static SnapshotDelta everything(MeshSnapshot snapshot) {
    return delta(MeshSnapshot.empty(snapshot.settings()), snapshot);
  }

  private static SnapshotDelta delta(MeshSnapshot before, MeshSnapshot after) {
    boolean first = before.version() == 0;
    Set<ServiceId> services = changed(before.services(), after.services());
    Set<ServiceId> beyond = new HashSet<>();
    for (ServiceId id : services) {
      MeshService old = before.services().get(id);
      MeshService now = after.services().get(id);
      if (old == null || now == null || !old.equalsExceptEndpoints(now)) {
        beyond.add(id);
      }
    }
    return new SnapshotDelta(
        first || !same(before.settings(), after.settings()),
        first || !same(before.networkGateways(), after.networkGateways()),
        first || !same(before.peerAuthentications(), after.peerAuthentications()),
        first || !same(before.destinationRules(), after.destinationRules()),
        first || !same(before.gateways(), after.gateways()),
        first || !same(before.virtualServices(), after.virtualServices()),
        first || !same(before.istioGateways(), after.istioGateways()),
        first || !same(before.namespaces(), after.namespaces()),
        first || !same(before.credentials(), after.credentials()),
        changed(before.clusters(), after.clusters()),
        services,
        sorted(beyond),
        changed(before.workloads(), after.workloads()),
        first || !same(before.diagnostics(), after.diagnostics()));
  }

  private static boolean same(Object before, Object after) {
    return before.equals(after);
  }

  private static <K extends Comparable<? super K>, V> Set<K> changed(
      Map<K, V> before, Map<K, V> after) {
    Set<K> keys = new HashSet<>();
    after.forEach(
        (key, value) -> {
          if (!value.equals(before.get(key))) {
            keys.add(key);
          }
        });
    before.keySet().stream().filter(key -> !after.containsKey(key)).forEach(keys::add);
    return sorted(keys);
  }

  private static <K extends Comparable<? super K>> Set<K> sorted(Set<K> keys) {
    return Copies.set(keys.stream().sorted().toList());
  }
}
