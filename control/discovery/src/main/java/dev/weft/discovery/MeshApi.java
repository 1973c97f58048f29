package dev.weft.discovery;

import dev.weft.config.ConfigEvent;
import dev.weft.config.ConfigKind;
import dev.weft.config.ControlIdentity;
import dev.weft.config.InjectorValues;
import dev.weft.config.KubeNamespace;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectParser;
import dev.weft.config.ObjectRef;
import dev.weft.config.Parsed;
import dev.weft.config.SyncState;
import dev.weft.loop.Clock;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the mesh's config API: Istio objects, member clusters, gateways, namespaces, the
 * ConfigMaps {@code istio} and {@code istio-sidecar-injector}, and remote secrets. While it does
 * not answer, everything stays as it was.
 */
public final class MeshApi implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MeshApi.class);

  private final KubernetesClient client;
  private final KubeApi api;
  private final UserApis users;
  private final ControlIdentity control;
  private final MeshSettings defaults;
  private final Consumer<ConfigEvent> events;
  private final MemberClusters clusters;
  private final Clock clock;
  private final SettingsFeed settings;
  private final List<ListWatch<?>> watches = new ArrayList<>();
  private final Object lock = new Object();
  // Guarded by lock.
  private final TreeSet<String> waiting = new TreeSet<>();
  private final Map<String, String> failing = new TreeMap<>();
  private SyncState told = SyncState.SYNCING;
  private String toldMessage = "";

  /**
   * The config API that a kubeconfig leads to. It is not called before {@link #start}.
   *
   * @param defaults settings of the mesh where it says nothing else
   * @param events where everything is told; must not block
   * @throws KubernetesClientException where the file cannot be used
   */
  public static MeshApi of(
      Path kubeconfig,
      ControlIdentity control,
      MeshSettings defaults,
      Consumer<ConfigEvent> events,
      Clock clock) {
    return new MeshApi(Kubeconfigs.client(kubeconfig.toFile()), control, defaults, events, clock);
  }

  /**
   * The API of the cluster in which this process is a pod.
   *
   * @throws IOException saying what this process lacks to be a pod
   */
  public static MeshApi inCluster(
      Map<String, String> environment,
      ControlIdentity control,
      MeshSettings defaults,
      Consumer<ConfigEvent> events,
      Clock clock)
      throws IOException {
    return new MeshApi(
        InCluster.client(InCluster.ACCOUNT, environment), control, defaults, events, clock);
  }

  private MeshApi(
      KubernetesClient client,
      ControlIdentity control,
      MeshSettings defaults,
      Consumer<ConfigEvent> events,
      Clock clock) {
    this.clock = clock;
    this.client = client;
    this.api = new KubeApi(client);
    this.users = UserApis.of(client);
    this.control = control;
    this.defaults = defaults;
    this.events = events;
    this.clusters = new MemberClusters(events, control, clock);
    this.settings = new SettingsFeed(control, defaults, events);
  }

  /** The member clusters. */
  public MemberClusters clusters() {
    return clusters;
  }

  /** The config API for those who write into it. */
  public KubeApi api() {
    return api;
  }

  /** The config API for people, each with a token and the rights of their own. */
  public UserApis users() {
    return users;
  }

  /** Starts following. The server may come up later. */
  public void start() {
    String system = control.rootNamespace();
    clusters.followOwn(api);
    follow(
        "secrets",
        Source.whole(
            api,
            "/api/v1/namespaces/" + system + "/secrets",
            "labelSelector=istio%2FmultiCluster%3Dtrue",
            Secret::new),
        new Following<Secret>("secrets") {
          @Override
          void all(List<Secret> items) {
            clusters.listed(items);
          }

          @Override
          public void stored(Secret item) {
            clusters.stored(item);
          }

          @Override
          public void removed(Secret item) {
            clusters.removed(item.getMetadata().getName());
          }
        });
    followEntries("settings", control.settings(), settings::mesh);
    followEntries("injector values", control.named(InjectorValues.CONFIG_MAP), settings::injector);
    follow(
        "namespaces",
        new Source<>(api, "/api/v1/namespaces", "", Namespace::new, new Facts()::namespace),
        new Following<KubeNamespace>("namespaces") {
          @Override
          void all(List<KubeNamespace> items) {
            events.accept(new ConfigEvent.MeshNamespacesListed(items));
          }

          @Override
          public void stored(KubeNamespace item) {
            events.accept(new ConfigEvent.MeshNamespaceStored(item));
          }

          @Override
          public void removed(KubeNamespace item) {
            events.accept(new ConfigEvent.MeshNamespaceRemoved(item.name()));
          }
        });
    for (ConfigKind kind : ConfigKind.values()) {
      followObjects(kind);
    }
    watches.forEach(ListWatch::start);
  }

  /** Follows what a ConfigMap of the mesh's namespace holds; nothing where there is none. */
  private void followEntries(String what, String name, Consumer<Map<String, String>> entries) {
    follow(
        what,
        Source.whole(
            api,
            "/api/v1/namespaces/" + defaults.rootNamespace() + "/configmaps",
            "fieldSelector=metadata.name%3D" + name,
            ConfigMap::new),
        new Following<ConfigMap>(what) {
          @Override
          void all(List<ConfigMap> items) {
            items.stream()
                .filter(this::meant)
                .findFirst()
                .ifPresentOrElse(this::stored, () -> entries.accept(Map.of()));
          }

          @Override
          public void stored(ConfigMap item) {
            if (meant(item)) {
              entries.accept(item.getData() == null ? Map.of() : item.getData());
            }
          }

          @Override
          public void removed(ConfigMap item) {
            if (meant(item)) {
              entries.accept(Map.of());
            }
          }

          private boolean meant(ConfigMap item) {
            return item.getMetadata().getName().equals(name);
          }
        });
  }

  private void followObjects(ConfigKind kind) {
    String path = "/apis/" + kind.group() + "/" + kind.versions().getFirst() + "/" + kind.plural();
    follow(
        kind.plural(),
        Source.whole(api, path, "", GenericKubernetesResource::new),
        new Following<GenericKubernetesResource>(kind.plural()) {
          @Override
          void all(List<GenericKubernetesResource> items) {
            events.accept(
                new ConfigEvent.ObjectsListed(
                    kind, items.stream().map(i -> ref(kind, i)).toList()));
            items.forEach(this::stored);
          }

          @Override
          public void stored(GenericKubernetesResource item) {
            Parsed parsed = ObjectParser.parse(kind, tree(item));
            events.accept(
                parsed
                    .value()
                    .<ConfigEvent>map(
                        object -> new ConfigEvent.ObjectStored(object, parsed.diagnostics()))
                    .orElseGet(
                        () ->
                            new ConfigEvent.ObjectRefused(
                                ref(kind, item), generation(item), parsed.diagnostics())));
          }

          @Override
          public void removed(GenericKubernetesResource item) {
            events.accept(new ConfigEvent.ObjectRemoved(ref(kind, item)));
          }
        });
  }

  private <T> void follow(String name, Source<?, T> source, Following<T> sink) {
    synchronized (lock) {
      waiting.add(name);
    }
    watches.add(new ListWatch<>(source, sink, clock));
  }

  @Override
  public void close() {
    watches.forEach(ListWatch::close);
    clusters.close();
    users.close();
    client.close();
  }

  /** Keeps count of what has been listed and what fails. */
  private abstract class Following<T> implements ListWatch.Sink<T> {
    private final String name;

    Following(String name) {
      this.name = name;
    }

    abstract void all(List<T> items);

    @Override
    public final void listed(List<T> items) {
      all(items);
      synchronized (lock) {
        waiting.remove(name);
        failing.remove(name);
        tellState();
      }
    }

    @Override
    public final void unreadable(List<Unreadable> objects) {
      events.accept(
          new ConfigEvent.Noticed(
              "unreadable " + name, objects.stream().map(o -> o.diagnostic(name, "")).toList()));
    }

    @Override
    public final void failing(IOException why) {
      synchronized (lock) {
        failing.put(name, String.valueOf(why.getMessage()));
        tellState();
      }
    }
  }

  /** Called with the lock held. */
  private void tellState() {
    SyncState state =
        !waiting.isEmpty()
            ? SyncState.SYNCING
            : failing.isEmpty() ? SyncState.SYNCED : SyncState.LOST;
    String message =
        failing.isEmpty()
            ? ""
            : "the config API at "
                + client.getMasterUrl()
                + ": "
                + failing.entrySet().iterator().next();
    if (state != told || !message.equals(toldMessage)) {
      told = state;
      toldMessage = message;
      if (!message.isEmpty()) {
        log.warn("{}", message);
      }
      events.accept(new ConfigEvent.MeshApiStateChanged(state, message));
    }
  }

  private static long generation(GenericKubernetesResource item) {
    Long generation = item.getMetadata().getGeneration();
    return generation == null ? 0 : generation;
  }

  private static ObjectRef ref(ConfigKind kind, GenericKubernetesResource item) {
    String namespace = item.getMetadata().getNamespace();
    return new ObjectRef(
        kind,
        !kind.namespaced() || namespace == null ? "" : namespace,
        item.getMetadata().getName());
  }

  private static Map<String, Object> tree(GenericKubernetesResource item) {
    Map<String, Object> tree = new LinkedHashMap<>(item.getAdditionalProperties());
    ObjectMeta meta = item.getMetadata();
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", meta.getName());
    if (meta.getNamespace() != null) {
      metadata.put("namespace", meta.getNamespace());
    }
    if (meta.getLabels() != null) {
      metadata.put("labels", new TreeMap<>(meta.getLabels()));
    }
    if (meta.getAnnotations() != null) {
      Map<String, String> annotations = new TreeMap<>(meta.getAnnotations());
      annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
      metadata.put("annotations", annotations);
    }
    if (meta.getCreationTimestamp() != null) {
      metadata.put("creationTimestamp", meta.getCreationTimestamp());
    }
    if (meta.getGeneration() != null) {
      metadata.put("generation", meta.getGeneration());
    }
    tree.put("metadata", metadata);
    return tree;
  }
}
