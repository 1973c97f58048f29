package dev.weft.provision.kube;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.KubeService;
import dev.weft.discovery.KubeApi;
import dev.weft.provision.Desired;
import dev.weft.provision.ManagedKind;
import dev.weft.provision.ProvisionSettings;
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
import org.jspecify.annotations.Nullable;

/**
 * Keeps the mesh's objects in its data clusters and in its own API. Run it in one replica: the
 * leader.
 *
 * <p>Thread-safe.
 */
public final class Provisioner implements AutoCloseable {
  private static final Duration RESYNC = Duration.ofSeconds(15);
  private static final Set<ManagedKind> IN_CLUSTERS =
      EnumSet.complementOf(EnumSet.of(ManagedKind.ISTIO_GATEWAY, ManagedKind.VALIDATING_WEBHOOK));
  private static final Set<ManagedKind> IN_MESH =
      EnumSet.of(ManagedKind.ISTIO_GATEWAY, ManagedKind.VALIDATING_WEBHOOK);

  private final Function<ClusterId, Optional<KubeApi>> apis;
  private final ProvisionSettings settings;
  private final RandomGenerator random;
  private final Duration resync;
  private final Keeper mesh;
  private final Map<ClusterId, Keeper> keepers = new TreeMap<>();
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
      RandomGenerator random) {
    this(meshApi, apis, settings, random, RESYNC);
  }

  Provisioner(
      KubeApi meshApi,
      Function<ClusterId, Optional<KubeApi>> apis,
      ProvisionSettings settings,
      RandomGenerator random,
      Duration resync) {
    this.apis = apis;
    this.settings = settings;
    this.random = random;
    this.resync = resync;
    this.mesh = new Keeper("mesh", () -> Optional.of(meshApi), IN_MESH, resync, random);
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
    Desired desired = Desired.of(config, roots, settings);
    mesh.want(desired.mesh(), desired.statuses(), "");
    desired
        .clusters()
        .forEach(
            (cluster, objects) ->
                keeper(cluster).want(objects, Map.of(), observed(config, cluster)));
    keepers
        .entrySet()
        .removeIf(
            entry -> {
              boolean left = !config.clusters().containsKey(entry.getKey());
              if (left) {
                entry.getValue().close();
              }
              return left;
            });
  }

  private Keeper keeper(ClusterId cluster) {
    Keeper known = keepers.get(cluster);
    if (known != null) {
      return known;
    }
    Keeper made =
        new Keeper(cluster.value(), () -> apis.apply(cluster), IN_CLUSTERS, resync, random);
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
