package dev.weft.provision.kube;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.KubeService;
import dev.weft.discovery.KubeApi;
import dev.weft.inject.InjectionSettings;
import dev.weft.loop.Clock;
import dev.weft.provision.Desired;
import dev.weft.provision.ManagedKind;
import dev.weft.provision.Ownership;
import dev.weft.provision.ProvisionSettings;
import dev.weft.provision.Standing;
import dev.weft.provision.WebhookTrust;
import dev.weft.types.ClusterId;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the mesh's objects in its data clusters and in its own API. Run it in one replica: the
 * leader.
 *
 * <p>Thread-safe.
 */
public final class Provisioner implements AutoCloseable {
  private static final Duration RESYNC = Duration.ofSeconds(15);
  private static final Set<ManagedKind> OF_ALL =
      EnumSet.of(
          ManagedKind.SERVICE_ACCOUNT,
          ManagedKind.CONFIG_MAP,
          ManagedKind.SERVICE,
          ManagedKind.DEPLOYMENT,
          ManagedKind.HORIZONTAL_POD_AUTOSCALER,
          ManagedKind.POD_DISRUPTION_BUDGET);

  private final Function<ClusterId, Optional<KubeApi>> apis;
  private final ProvisionSettings settings;
  private final RandomGenerator random;
  private final Duration resync;
  private final Clock clock;
  private final MeshInstance instance;
  private final Keeper mesh;
  private final Map<ClusterId, Keeper> keepers = new TreeMap<>();
  private boolean updated;
  private boolean closed;

  /**
   * Nothing happens before {@link #update}.
   *
   * @param meshApi the mesh's own API
   * @param apis the API servers of member clusters, with the credentials of the moment
   */
  public Provisioner(
      KubeApi meshApi,
      Function<ClusterId, Optional<KubeApi>> apis,
      ProvisionSettings settings,
      RandomGenerator random,
      Clock clock) {
    this(meshApi, apis, settings, random, RESYNC, clock);
  }

  Provisioner(
      KubeApi meshApi,
      Function<ClusterId, Optional<KubeApi>> apis,
      ProvisionSettings settings,
      RandomGenerator random,
      Duration resync,
      Clock clock) {
    this.clock = clock;
    this.apis = apis;
    this.settings = settings;
    this.random = random;
    this.resync = resync;
    this.instance =
        new MeshInstance(meshApi, settings.rootNamespace(), settings.control().instance());
    this.mesh = new Keeper("mesh", () -> Optional.of(meshApi), instance, resync, random, clock);
    mesh.start();
  }

  /**
   * Says what the mesh is made of now. Objects that follow from nothing in the set are removed, so
   * call it only with sets that were complete once: after the first full list of the mesh's own
   * API. Clusters that were never read completely are left alone; those that left keep what they
   * have. Cheap where nothing changed; returns at once.
   *
   * @param roots the mesh's trust bundle, PEM
   */
  public synchronized void update(ConfigSet config, String roots) {
    if (closed) {
      return;
    }
    updated = true;
    ProvisionSettings now =
        settings.withProxies(InjectionSettings.of(config.settings(), settings.control(), true));
    Desired desired = Desired.of(config, roots, now);
    Set<String> registered =
        config.clusters().keySet().stream().map(ClusterId::value).collect(Collectors.toSet());
    mesh.want(
        new Wish(
            new Ownership("", settings.revision(), "", registered),
            settings.rootNamespace(),
            kindsOfMesh(),
            desired.mesh(),
            desired.statuses(),
            null,
            roots,
            ""));
    desired
        .clusters()
        .forEach(
            (cluster, objects) -> {
              Standing standing = desired.standings().getOrDefault(cluster, Standing.KEPT);
              keeper(cluster)
                  .want(
                      new Wish(
                          new Ownership("", settings.revision(), cluster.value(), registered),
                          settings.rootNamespace(),
                          kinds(standing),
                          objects,
                          Map.of(),
                          trust(standing, roots),
                          roots,
                          observed(config, cluster)));
            });
    keepers
        .entrySet()
        .removeIf(
            entry -> {
              boolean left =
                  !config.clusters().containsKey(entry.getKey())
                      || desired.standings().get(entry.getKey()) == Standing.READ;
              if (left) {
                entry.getValue().close();
              }
              return left;
            });
  }

  /**
   * Why clusters are not as wanted: the API server's refusals, and objects that somebody else
   * keeps. Clusters without complaints are not in it.
   */
  public synchronized Map<ClusterId, List<String>> complaints() {
    Map<ClusterId, List<String>> complaints = new TreeMap<>();
    keepers.forEach((cluster, keeper) -> complaints.put(cluster, keeper.complaints()));
    // The mesh's own API is that of the control plane's cluster.
    settings
        .control()
        .own()
        .ifPresent(
            own ->
                complaints.merge(
                    own,
                    mesh.complaints(),
                    (one, other) -> Stream.concat(one.stream(), other.stream()).toList()));
    complaints.values().removeIf(List::isEmpty);
    return complaints;
  }

  /**
   * Whether a cluster has not been looked at yet, so that it may lack what it is to have, such as
   * the webhook without which its pods get no sidecar.
   */
  public synchronized boolean pending(ClusterId cluster) {
    Keeper keeper = keepers.get(cluster);
    return !updated || keeper != null && !keeper.looked();
  }

  private Set<ManagedKind> kindsOfMesh() {
    return hosted()
        ? EnumSet.of(ManagedKind.ISTIO_GATEWAY, ManagedKind.VALIDATING_WEBHOOK)
        : EnumSet.of(ManagedKind.ISTIO_GATEWAY);
  }

  private Set<ManagedKind> kinds(Standing standing) {
    Set<ManagedKind> kinds = EnumSet.copyOf(OF_ALL);
    if (standing == Standing.KEPT) {
      kinds.add(ManagedKind.ENDPOINT_SLICE);
      kinds.add(ManagedKind.MUTATING_WEBHOOK);
      if (hosted()) {
        kinds.add(ManagedKind.NAMESPACE);
      }
    }
    return kinds;
  }

  private @Nullable WebhookTrust trust(Standing standing, String roots) {
    return hosted()
        ? null
        : new WebhookTrust(
            standing == Standing.OWN,
            settings.revision(),
            settings.control().service(),
            settings.rootNamespace(),
            roots);
  }

  private boolean hosted() {
    return settings.control().own().isEmpty();
  }

  private Keeper keeper(ClusterId cluster) {
    Keeper known = keepers.get(cluster);
    if (known != null) {
      return known;
    }
    Keeper made =
        new Keeper(cluster.value(), () -> apis.apply(cluster), instance, resync, random, clock);
    keepers.put(cluster, made);
    made.start();
    return made;
  }

  /** A Service of ours that somebody changed or deleted is seen at once. */
  private List<KubeService> observed(ConfigSet config, ClusterId cluster) {
    @Nullable ClusterFacts facts = config.clusters().get(cluster);
    return facts == null
        ? List.of()
        : facts.services().values().stream()
            .filter(s -> s.id().namespace().equals(settings.rootNamespace()))
            .toList();
  }

  /** Everything stays as it is. */
  @Override
  public synchronized void close() {
    closed = true;
    mesh.close();
    keepers.values().forEach(Keeper::close);
    keepers.clear();
  }
}
