package dev.weft.provision.kube;

import dev.weft.config.ConfigSet;
import dev.weft.provision.Desired;
import dev.weft.provision.ManagedKind;
import dev.weft.provision.Manifest;
import dev.weft.provision.Ownership;
import dev.weft.provision.ProvisionSettings;
import dev.weft.types.ClusterId;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the mesh's objects in its data clusters and in its own API. Run it in one replica: the
 * leader.
 *
 * <p>Thread-safe.
 */
public final class Provisioner implements AutoCloseable {
  private static final Duration RESYNC = Duration.ofSeconds(30);
  private static final Set<ManagedKind> IN_CLUSTERS =
      EnumSet.complementOf(EnumSet.of(ManagedKind.ISTIO_GATEWAY, ManagedKind.VALIDATING_WEBHOOK));
  private static final Set<ManagedKind> IN_MESH = EnumSet.of(ManagedKind.ISTIO_GATEWAY);

  private final ProvisionSettings settings;
  private final Duration resync;
  private final RandomGenerator random;
  private final Keeper mesh;
  private final Map<ClusterId, Member> members = new TreeMap<>();
  private @Nullable Desired desired;

  private record Member(Keeper keeper, List<SharedIndexInformer<? extends HasMetadata>> watches) {
    void close() {
      watches.forEach(SharedIndexInformer::close);
      keeper.close();
    }
  }

  /**
   * Nothing happens before {@link #update}.
   *
   * @param meshApi client of the mesh's own API
   */
  public Provisioner(KubernetesClient meshApi, ProvisionSettings settings, RandomGenerator random) {
    this(meshApi, settings, random, RESYNC);
  }

  Provisioner(
      KubernetesClient meshApi,
      ProvisionSettings settings,
      RandomGenerator random,
      Duration resync) {
    this.settings = settings;
    this.resync = resync;
    this.random = random;
    this.mesh = new Keeper("mesh", meshApi, IN_MESH, resync, random);
    mesh.start();
  }

  /**
   * A cluster can be provisioned from now on; the same again replaces its client.
   *
   * @param client stays the caller's, who closes it after {@link #left}
   */
  public synchronized void joined(ClusterId cluster, KubernetesClient client) {
    left(cluster);
    Keeper keeper = new Keeper(cluster.value(), client, IN_CLUSTERS, resync, random);
    Member member = new Member(keeper, watches(client, keeper));
    members.put(cluster, member);
    want(cluster, member);
    keeper.start();
  }

  /** A cluster is no longer ours: its objects stay as they are. */
  public synchronized void left(ClusterId cluster) {
    Member member = members.remove(cluster);
    if (member != null) {
      member.close();
    }
  }

  /**
   * Says what the mesh is made of now. Objects that follow from nothing in the set are removed, so
   * call it only with sets that were complete once: after the first full list of the mesh's own
   * API. Clusters that have not been read completely yet are left alone.
   *
   * @param roots the mesh's trust bundle, PEM
   */
  public synchronized void update(ConfigSet config, String roots) {
    Desired next = Desired.of(config, roots, settings);
    desired = next;
    mesh.want(next.mesh(), next.statuses());
    members.forEach(this::want);
  }

  private void want(ClusterId cluster, Member member) {
    Desired now = desired;
    if (now != null) {
      List<Manifest> objects = now.in(cluster);
      if (!objects.isEmpty()) {
        member.keeper().want(objects, Map.of());
      }
    }
  }

  /** What others may change or delete, and nobody else tells us of. */
  private static List<SharedIndexInformer<? extends HasMetadata>> watches(
      KubernetesClient client, Keeper keeper) {
    List<SharedIndexInformer<? extends HasMetadata>> watches = new ArrayList<>();
    watches.add(
        client
            .configMaps()
            .inAnyNamespace()
            .withLabel(Ownership.LABEL, Ownership.MESH)
            .runnableInformer(0)
            .addEventHandler(new Nudge<>(keeper)));
    watches.add(
        client
            .services()
            .inAnyNamespace()
            .withLabel(Ownership.LABEL, Ownership.MESH)
            .runnableInformer(0)
            .addEventHandler(new Nudge<>(keeper)));
    watches.add(
        client
            .apps()
            .deployments()
            .inAnyNamespace()
            .withLabel(Ownership.LABEL, Ownership.MESH)
            .runnableInformer(0)
            .addEventHandler(new Nudge<>(keeper)));
    for (SharedIndexInformer<? extends HasMetadata> watch : watches) {
      // A server that does not answer now will answer later.
      CompletionStage<Void> unused = watch.exceptionHandler((started, failure) -> true).start();
    }
    return watches;
  }

  /** A change of the status alone is nobody's drift: the generation tells. */
  private record Nudge<T extends HasMetadata>(Keeper keeper) implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T added) {
      // Either ours, or read when the watch began.
    }

    @Override
    public void onUpdate(T before, T after) {
      Long generation = after.getMetadata().getGeneration();
      if (generation == null || !generation.equals(before.getMetadata().getGeneration())) {
        keeper.nudge();
      }
    }

    @Override
    public void onDelete(T deleted, boolean finalStateUnknown) {
      keeper.nudge();
    }
  }

  @Override
  public synchronized void close() {
    mesh.close();
    members.values().forEach(Member::close);
    members.clear();
  }
}
