package dev.weft.snapshot;

import dev.weft.config.AuthorizationPolicy;
import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.DestinationRule;
import dev.weft.config.EnvoyFilter;
import dev.weft.config.GatewayConfig;
import dev.weft.config.IstioGatewaySpec;
import dev.weft.config.MeshSettings;
import dev.weft.config.PeerAuthentication;
import dev.weft.config.RequestAuthentication;
import dev.weft.config.SharedMap;
import dev.weft.config.SidecarSpec;
import dev.weft.config.Telemetry;
import dev.weft.config.VirtualService;
import dev.weft.types.ClusterId;
import dev.weft.types.ServiceId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * From everything that the mesh is made of to the picture that the rest works with. Pure. What a
 * build costs depends on what has changed since the previous one, not on the size of the mesh;
 * after other settings or networks everything is made anew. Confined to one build.
 */
public final class SnapshotBuilder {
  private final ConfigSet config;
  private final MeshSnapshot previous;
  private final @Nullable Derivation known;
  private final ConfigChanges changes;
  private final Networks networks;

  /**
   * @param known how {@code previous} was made; null where everything has to be made anew
   */
  private SnapshotBuilder(
      ConfigSet config,
      MeshSnapshot previous,
      @Nullable Derivation known,
      ConfigChanges changes,
      Networks networks) {
    this.config = config;
    this.previous = previous;
    this.known = known;
    this.changes = changes;
    this.networks = networks;
  }

  /**
   * A snapshot, what is new in it, and how it was made, for the next one. Where nothing is new, the
   * snapshot is the one before. Immutable.
   */
  public static final class Built {
    private final MeshSnapshot snapshot;
    private final SnapshotDelta delta;
    private final @Nullable Derivation derivation;

    private Built(MeshSnapshot snapshot, SnapshotDelta delta, @Nullable Derivation derivation) {
      this.snapshot = snapshot;
      this.delta = delta;
      this.derivation = derivation;
    }

    /** Before the first. */
    public static Built nothing(MeshSettings settings) {
      MeshSnapshot empty = MeshSnapshot.empty(settings);
      return new Built(empty, everything(empty), null);
    }

    public MeshSnapshot snapshot() {
      return snapshot;
    }

    /** Of the snapshot that it was made after. */
    public SnapshotDelta delta() {
      return delta;
    }

    /** The host names by which gateways between networks are known, for who resolves them. */
    public SortedSet<String> gatewayHosts() {
      return derivation == null ? new TreeSet<>() : derivation.gateways().hostNames();
    }
  }

  /**
   * Builds the snapshot after another one, from what has changed since then.
   *
   * @param before whose unchanged parts, and addresses that the mesh gave, are used again
   */
  public static Built build(ConfigSet config, Built before) {
    Derivation known = before.derivation;
    if (known != null && known.config().settings().equals(config.settings())) {
      ConfigChanges changes = ConfigChanges.between(known.config(), config);
      Networks networks = changes.networks() ? Networks.of(config) : known.networks();
      if (networks.placesLike(known.networks())) {
        return new SnapshotBuilder(config, before.snapshot, known, changes, networks).build();
      }
    }
    return build(config, before.snapshot);
  }

  /** Builds the next snapshot, from scratch. The result is the same. */
  public static Built build(ConfigSet config, MeshSnapshot before) {
    ConfigChanges all = ConfigChanges.between(ConfigSet.empty(config.settings()), config);
    return new SnapshotBuilder(config, before, null, all, Networks.of(config)).build();
  }

  /** A whole snapshot as a delta from the empty one, for listeners that come late. */
  public static SnapshotDelta everything(MeshSnapshot snapshot) {
    return Differences.between(MeshSnapshot.empty(snapshot.settings()), snapshot);
  }

  private Built build() {
    MeshSettings settings = config.settings();
    SharedMap<WorkloadKey, Workload> workloads =
        Workloads.after(
            known == null ? SharedMap.empty() : SharedMap.copyOf(previous.workloads()),
            changes.workloads(),
            config,
            networks,
            previous.workloads());
    Entries entries =
        known != null && changes.serviceEntries().isEmpty() && changes.workloadEntries().isEmpty()
            ? known.entries()
            : Entries.of(config);
    SliceIndex slices = (known == null ? SliceIndex.EMPTY : known.slices()).after(changes.slices());
    Gateways.Found found =
        known == null
                || GatewaySigns.in(
                    changes,
                    known.config(),
                    config,
                    known.gateways().watched(),
                    previous.workloads(),
                    workloads)
            ? Gateways.find(config, networks, workloads)
            : known.gateways();
    PodsByAddress pods =
        (known == null ? PodsByAddress.NONE : known.pods())
            .after(changes.workloads(), known == null ? Map.of() : previous.workloads(), workloads);
    Services services = services(workloads, pods, slices, entries);
    MeshSnapshot snapshot =
        new MeshSnapshot(
            previous.version() + 1,
            Sharing.value(settings, previous.settings()),
            members(found, slices),
            Sharing.value(services.all, previous.services()),
            Sharing.value(workloads, previous.workloads()),
            known != null && found == known.gateways()
                ? previous.networkGateways()
                : Sharing.value(NetworkGateways.of(found.gateways()), previous.networkGateways()),
            of(
                ConfigKind.PEER_AUTHENTICATION,
                previous.peerAuthentications(),
                () ->
                    PeerAuthentications.of(
                        settings.rootNamespace(), config.all(PeerAuthentication.class))),
            accessPolicies(),
            of(
                ConfigKind.DESTINATION_RULE,
                previous.destinationRules(),
                () ->
                    DestinationRuleMerge.merge(
                            settings,
                            config.all(DestinationRule.class),
                            previous.destinationRules())
                        .rules()),
            of(
                ConfigKind.GATEWAY,
                previous.gateways(),
                () -> oldestFirst(config.all(GatewayConfig.class))),
            of(
                ConfigKind.VIRTUAL_SERVICE,
                previous.virtualServices(),
                () ->
                    oldestFirst(config.all(VirtualService.class)).stream()
                        .map(v -> v.exportedTo(settings.exports().virtualServices()))
                        .toList()),
            of(
                ConfigKind.ISTIO_GATEWAY,
                previous.istioGateways(),
                () -> config.all(IstioGatewaySpec.class)),
            Sharing.value(config.namespaces(), previous.namespaces()),
            Sharing.value(config.credentials(), previous.credentials()),
            Sharing.value(services.byWorkload, previous.servicesByWorkload()),
            Sharing.value(entries.hosts(), previous.entryHosts()),
            of(
                ConfigKind.SIDECAR,
                previous.sidecars(),
                () -> Sidecars.of(settings.rootNamespace(), config.all(SidecarSpec.class))),
            of(
                ConfigKind.TELEMETRY,
                previous.telemetries(),
                () -> Telemetries.of(settings.rootNamespace(), config.all(Telemetry.class))),
            of(
                ConfigKind.ENVOY_FILTER,
                previous.envoyFilters(),
                () -> EnvoyFilters.of(settings.rootNamespace(), config.all(EnvoyFilter.class))));
    SnapshotDelta delta = Differences.between(previous, snapshot);
    return new Built(
        delta.nothing() ? previous : snapshot,
        delta,
        new Derivation(config, networks, entries, found, pods, slices, services.shortOfVips));
  }

  private AccessPolicies accessPolicies() {
    boolean same =
        known != null
            && !changes.kinds().contains(ConfigKind.AUTHORIZATION_POLICY)
            && !changes.kinds().contains(ConfigKind.REQUEST_AUTHENTICATION)
            && known.config().keySets().equals(config.keySets());
    return same
        ? previous.accessPolicies()
        : Sharing.value(
            AccessPolicies.of(
                config.settings().rootNamespace(),
                config.all(AuthorizationPolicy.class),
                config.all(RequestAuthentication.class),
                config.keySets()),
            previous.accessPolicies());
  }

  /** A part that is made of the objects of one kind. */
  private <T> T of(ConfigKind kind, T before, Supplier<T> made) {
    return known != null && !changes.kinds().contains(kind)
        ? before
        : Sharing.value(made.get(), before);
  }

  private static <T extends ConfigObject> List<T> oldestFirst(List<T> objects) {
    return objects.stream()
        .sorted(Comparator.comparing((T o) -> o.meta().created()).thenComparing(o -> o.ref()))
        .toList();
  }

  private Map<ClusterId, MemberCluster> members(Gateways.Found found, SliceIndex slices) {
    return Sharing.map(Members.of(config, networks, found, slices.sizes()), previous.clusters());
  }

  private record Services(
      SharedMap<ServiceId, MeshService> all,
      SharedMap<WorkloadKey, List<ServiceId>> byWorkload,
      boolean shortOfVips) {}

  private Set<ServiceId> concerned(
      SharedMap<WorkloadKey, Workload> workloads, SliceIndex slices, Entries entries) {
    Set<ServiceId> concerned = changes.serviceIds();
    concerned.addAll(
        EntryChanges.concerned(changes, config, entries, previous.workloads(), workloads));
    concerned.addAll(SliceIndex.concerned(changes.slices()));
    for (WorkloadKey key : changes.workloads()) {
      concerned.addAll(slices.naming(key));
      PodsByAddress.of(previous.workloads().get(key))
          .forEach(address -> concerned.addAll(slices.having(address)));
      PodsByAddress.of(workloads.get(key))
          .forEach(address -> concerned.addAll(slices.having(address)));
    }
    return concerned;
  }

  private Services services(
      SharedMap<WorkloadKey, Workload> workloads,
      PodsByAddress pods,
      SliceIndex slices,
      Entries entries) {
    Set<ServiceId> concerned = concerned(workloads, slices, entries);
    Drafts drafts =
        new Drafts(
            config,
            new Endpoints(networks, config.clusters(), workloads, pods),
            slices,
            entries,
            new EntryServices(entries, networks, workloads, config.settings()));
    concerned.forEach(drafts::add);
    ServiceVips vips = null;
    if (known == null
        || known.shortOfVips()
        || changes.declarations()
        || drafts.otherPodNames(previous.services())) {
      SortedMap<ServiceId, Set<String>> podNames =
          drafts.podNames(known == null ? Map.of() : previous.services());
      vips = ServiceVips.assign(config, entries.byId(), podNames, previous.services());
      vips.changedSince(previous.services(), podNames).forEach(drafts::add);
    }
    SharedMap<ServiceId, MeshService> all =
        known == null ? SharedMap.empty() : SharedMap.copyOf(previous.services());
    SharedMap<WorkloadKey, List<ServiceId>> byWorkload =
        known == null ? SharedMap.empty() : SharedMap.copyOf(previous.servicesByWorkload());
    for (ServiceId id : drafts.ids()) {
      MeshService was = all.get(id);
      MeshService is = drafts.service(id, vips, previous.services().get(id));
      all = is == null ? all.without(id) : all.with(id, is);
      byWorkload = Mentions.moved(byWorkload, id, standingBehind(was), standingBehind(is));
    }
    return new Services(all, byWorkload, vips != null && vips.shortage());
  }

  private static Set<WorkloadKey> standingBehind(@Nullable MeshService service) {
    return service == null ? Set.of() : Mentions.of(service.endpoints());
  }
}
