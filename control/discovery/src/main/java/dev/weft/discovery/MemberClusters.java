package dev.weft.discovery;

import dev.weft.config.ConfigEvent;
import dev.weft.config.ControlIdentity;
import dev.weft.config.Diagnostic;
import dev.weft.config.SyncState;
import dev.weft.loop.Clock;
import dev.weft.types.ClusterId;
import dev.weft.types.Names;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clusters of the mesh, from remote secrets: each data key is a cluster id, each value a
 * kubeconfig. Secrets may come, change and go at any time (Istio:
 * pkg/kube/multicluster/secretcontroller.go). Changes are made on the thread of the secrets' watch;
 * {@link #api} may be called from anywhere.
 */
public final class MemberClusters implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MemberClusters.class);

  private final Consumer<ConfigEvent> events;
  private final Map<String, Map<String, String>> bySecret = new TreeMap<>();
  private final Map<ClusterId, Member> members = new TreeMap<>();
  private final Map<ClusterId, KubeApi> apis = new ConcurrentHashMap<>();
  private final Map<ClusterId, Registration> registrations = new ConcurrentHashMap<>();
  private final @Nullable ClusterId own;
  private final Clock clock;
  private volatile @Nullable ClusterWatcher ownWatcher;

  /**
   * @param control the cluster in which it runs is a member without a secret
   */
  MemberClusters(Consumer<ConfigEvent> events, ControlIdentity control, Clock clock) {
    this.events = events;
    this.clock = clock;
    this.own = control.own().orElse(null);
  }

  /**
   * Begins to follow the own cluster, where there is one.
   *
   * @param api that of the mesh; it is not closed here
   */
  void followOwn(KubeApi api) {
    ClusterId id = own;
    if (id == null) {
      return;
    }
    log.info("cluster {}: is the one that this runs in", id);
    apis.put(id, api);
    registrations.put(id, new Registration(id, "", ""));
    ClusterWatcher watcher = new ClusterWatcher(id, api, events, () -> {}, clock);
    ownWatcher = watcher;
    watcher.start();
  }

  /**
   * The API server of a member cluster, with the credentials of the moment; empty for unknown
   * clusters.
   */
  public Optional<KubeApi> api(ClusterId cluster) {
    return Optional.ofNullable(apis.get(cluster));
  }

  /**
   * How a cluster was registered.
   *
   * @param secret empty for the own cluster
   * @param network the annotation {@code topology.istio.io/network} of the secret; empty for none
   */
  public record Registration(ClusterId cluster, String secret, String network) {}

  /**
   * How a cluster is followed.
   *
   * @param watcher with the credentials of the secret; null where they cannot be used
   * @param old with the previous ones, until the watcher has taken its place
   */
  private record Member(
      String secret,
      String digest,
      @Nullable ClusterWatcher watcher,
      @Nullable ClusterWatcher old) {
    void close() {
      if (old != null) {
        old.close();
      }
      if (watcher != null) {
        watcher.close();
      }
    }
  }

  /** How the clusters were registered, in order. */
  public List<Registration> registrations() {
    return registrations.values().stream()
        .sorted(Comparator.comparing(Registration::cluster))
        .toList();
  }

  void listed(List<Secret> secrets) {
    Map<String, Secret> present = new TreeMap<>();
    secrets.forEach(s -> present.put(s.getMetadata().getName(), s));
    List.copyOf(bySecret.keySet()).stream()
        .filter(name -> !present.containsKey(name))
        .forEach(this::removed);
    present.values().forEach(this::stored);
  }

  void stored(Secret secret) {
    String name = secret.getMetadata().getName();
    Map<String, String> kubeconfigs = new TreeMap<>();
    if (secret.getData() != null) {
      secret
          .getData()
          .forEach(
              (id, value) ->
                  kubeconfigs.put(
                      id.toLowerCase(Locale.ROOT),
                      new String(Base64.getMimeDecoder().decode(value), StandardCharsets.UTF_8)));
    }
    bySecret.put(name, kubeconfigs);
    String network =
        secret.getMetadata().getAnnotations() == null
            ? ""
            : secret.getMetadata().getAnnotations().getOrDefault("topology.istio.io/network", "");
    List<Diagnostic> diagnostics = new ArrayList<>();
    for (Map.Entry<ClusterId, Member> entry : List.copyOf(members.entrySet())) {
      if (entry.getValue().secret().equals(name)
          && !kubeconfigs.containsKey(entry.getKey().value())) {
        leave(entry.getKey());
      }
    }
    kubeconfigs.forEach((id, kubeconfig) -> join(name, network, id, kubeconfig, diagnostics));
    events.accept(new ConfigEvent.Noticed("Secret " + name, diagnostics));
  }

  void removed(String name) {
    bySecret.remove(name);
    events.accept(new ConfigEvent.Noticed("Secret " + name, List.of()));
    for (Map.Entry<ClusterId, Member> entry : List.copyOf(members.entrySet())) {
      if (entry.getValue().secret().equals(name)) {
        leave(entry.getKey());
      }
    }
  }

  private void join(
      String secret, String network, String id, String kubeconfig, List<Diagnostic> diagnostics) {
    if (!Names.isLabel(id)) {
      diagnostics.add(
          Diagnostic.error(
              "bad-cluster-id",
              "Secret " + secret,
              "data." + id,
              "the key is the cluster id, and must be a DNS label"));
      return;
    }
    ClusterId cluster = new ClusterId(id);
    if (cluster.equals(own)) {
      // One secret for all clusters of a mesh is applied to all of them.
      log.info("cluster {}: is the own one, so the secret {} is not needed", id, secret);
      return;
    }
    Member before = members.get(cluster);
    if (before != null && !before.secret().equals(secret)) {
      diagnostics.add(
          Diagnostic.error(
              "duplicate-cluster",
              "Secret " + secret,
              "data." + id,
              "cluster "
                  + id
                  + " is already registered by the secret "
                  + before.secret()
                  + ", which stays in force"));
      return;
    }
    registrations.put(cluster, new Registration(cluster, secret, network));
    String digest = digest(kubeconfig);
    if (before != null && before.digest().equals(digest)) {
      return;
    }
    Optional<String> objection = Kubeconfigs.objection(kubeconfig);
    if (objection.isEmpty()) {
      try {
        follow(cluster, secret, digest, before, Kubeconfigs.client(kubeconfig));
        return;
      } catch (KubernetesClientException | IllegalArgumentException e) {
        objection = Optional.of(String.valueOf(e.getMessage()));
      }
    }
    String message =
        "the kubeconfig in the secret " + secret + " is not used: " + objection.orElse("");
    log.warn("cluster {}: {}", cluster, message);
    diagnostics.add(Diagnostic.error("bad-kubeconfig", "Secret " + secret, "data." + id, message));
    if (before == null || before.watcher() == null) {
      members.put(cluster, new Member(secret, digest, null, null));
      events.accept(new ConfigEvent.ClusterStateChanged(cluster, SyncState.REJECTED, message));
    }
  }

  private void follow(
      ClusterId cluster,
      String secret,
      String digest,
      @Nullable Member before,
      KubernetesClient client) {
    ClusterWatcher watcher =
        new ClusterWatcher(cluster, new KubeApi(client), events, client, clock);
    ClusterWatcher old = before == null ? null : inForce(before);
    members.put(cluster, new Member(secret, digest, watcher, old));
    if (old == null) {
      log.info("cluster {}: joins, by secret {}", cluster, secret);
      apis.put(cluster, watcher.api());
      watcher.start();
    } else {
      log.info("cluster {}: new credentials, by secret {}", cluster, secret);
      watcher.startInPlaceOfAnother(new NewCredentials(cluster, secret, watcher, old));
    }
  }

  /** Credentials that have not been of use yet give way to newer ones. */
  private static @Nullable ClusterWatcher inForce(Member member) {
    ClusterWatcher watcher = member.watcher();
    return watcher == null || watcher.endedBeforeItsTurn() ? member.old() : watcher;
  }

  /** New credentials are used when everything has been read with them, and not before. */
  private final class NewCredentials implements ClusterWatcher.Succession {
    private final ClusterId cluster;
    private final String secret;
    private final ClusterWatcher watcher;
    private final ClusterWatcher old;

    NewCredentials(ClusterId cluster, String secret, ClusterWatcher watcher, ClusterWatcher old) {
      this.cluster = cluster;
      this.secret = secret;
      this.watcher = watcher;
      this.old = old;
    }

    @Override
    public void ready() {
      apis.put(cluster, watcher.api());
      old.close();
      noticed(cluster, List.of());
      log.info("cluster {}: the new credentials are in use", cluster);
    }

    @Override
    public void waiting(String why) {
      String message = "the new credentials in the secret " + secret + " are not in use: " + why;
      log.warn("cluster {}: {}", cluster, message);
      old.note(message);
      noticed(
          cluster,
          List.of(
              Diagnostic.error(
                  "credentials-not-in-use",
                  "Secret " + secret,
                  "data." + cluster,
                  message + "; the previous ones stay in force")));
    }
  }

  private void noticed(ClusterId cluster, List<Diagnostic> diagnostics) {
    events.accept(new ConfigEvent.Noticed("Credentials of " + cluster, diagnostics));
  }

  private void leave(ClusterId cluster) {
    Member member = members.remove(cluster);
    if (member != null) {
      member.close();
    }
    apis.remove(cluster);
    registrations.remove(cluster);
    if (member != null) {
      noticed(cluster, List.of());
      events.accept(new ConfigEvent.Noticed(ClusterWatcher.noticesOf(cluster), List.of()));
      log.info("cluster {}: left", cluster);
      events.accept(new ConfigEvent.ClusterRemoved(cluster));
      // Another secret may have been waiting for the name.
      for (Map.Entry<String, Map<String, String>> other : bySecret.entrySet()) {
        String kubeconfig = other.getValue().get(cluster.value());
        if (kubeconfig != null && !other.getKey().equals(member.secret())) {
          join(other.getKey(), "", cluster.value(), kubeconfig, new ArrayList<>());
          return;
        }
      }
    }
  }

  @Override
  public void close() {
    if (ownWatcher != null) {
      ownWatcher.close();
    }
    members.values().forEach(Member::close);
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
