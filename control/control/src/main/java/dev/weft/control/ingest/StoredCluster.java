package dev.weft.control.ingest;

import dev.weft.config.ClusterFacts;
import dev.weft.config.KubeEndpointSlice;
import dev.weft.config.KubeFact;
import dev.weft.config.KubeNamespace;
import dev.weft.config.KubeNode;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.config.SharedMap;
import dev.weft.config.SyncState;
import dev.weft.types.ClusterId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a member cluster. Methods that take something in tell whether it is new.
 * Confined to the ingest loop.
 */
final class StoredCluster {
  private final ClusterId id;
  private SyncState state = SyncState.SYNCING;
  private String message = "";
  private SharedMap<KubeFact.Key, KubeService> services = SharedMap.empty();
  private SharedMap<KubeFact.Key, KubeEndpointSlice> slices = SharedMap.empty();
  private SharedMap<KubeFact.Key, KubePod> pods = SharedMap.empty();
  private SharedMap<String, KubeNode> nodes = SharedMap.empty();
  private SharedMap<String, KubeNamespace> namespaces = SharedMap.empty();
  private @Nullable ClusterFacts built;

  StoredCluster(ClusterId id) {
    this.id = id;
  }

  SyncState state() {
    return state;
  }

  String message() {
    return message;
  }

  boolean state(SyncState now, String why) {
    boolean changed = state != now || !message.equals(why);
    state = now;
    message = why;
    return touched(changed);
  }

  boolean put(KubeFact fact) {
    return switch (fact) {
      case KubeService s -> services(services.with(s.key(), s));
      case KubeEndpointSlice s -> slices(slices.with(s.key(), s));
      case KubePod p -> pods(pods.with(p.key(), p));
      case KubeNode n -> nodes(nodes.with(n.name(), n));
      case KubeNamespace n -> namespaces(namespaces.with(n.name(), n));
    };
  }

  boolean remove(KubeFact.Key key) {
    return switch (key.kind()) {
      case SERVICE -> services(services.without(key));
      case ENDPOINT_SLICE -> slices(slices.without(key));
      case POD -> pods(pods.without(key));
      case NODE -> nodes(nodes.without(key.name()));
      case NAMESPACE -> namespaces(namespaces.without(key.name()));
    };
  }

  /** All facts of a kind. */
  boolean replace(KubeFact.Kind kind, List<KubeFact> facts) {
    Set<KubeFact.Key> present = new HashSet<>();
    Set<String> names = new HashSet<>();
    boolean changed = false;
    for (KubeFact fact : facts) {
      present.add(fact.key());
      names.add(fact.key().name());
      changed |= put(fact);
    }
    return changed
        | switch (kind) {
          case SERVICE -> services(services.keeping(present::contains));
          case ENDPOINT_SLICE -> slices(slices.keeping(present::contains));
          case POD -> pods(pods.keeping(present::contains));
          case NODE -> nodes(nodes.keeping(names::contains));
          case NAMESPACE -> namespaces(namespaces.keeping(names::contains));
        };
  }

  ClusterFacts facts() {
    ClusterFacts facts = built;
    if (facts == null) {
      facts = new ClusterFacts(id, state, message, services, slices, pods, nodes, namespaces);
      built = facts;
    }
    return facts;
  }

  private boolean services(SharedMap<KubeFact.Key, KubeService> now) {
    boolean changed = now != services;
    services = now;
    return touched(changed);
  }

  private boolean slices(SharedMap<KubeFact.Key, KubeEndpointSlice> now) {
    boolean changed = now != slices;
    slices = now;
    return touched(changed);
  }

  private boolean pods(SharedMap<KubeFact.Key, KubePod> now) {
    boolean changed = now != pods;
    pods = now;
    return touched(changed);
  }

  private boolean nodes(SharedMap<String, KubeNode> now) {
    boolean changed = now != nodes;
    nodes = now;
    return touched(changed);
  }

  private boolean namespaces(SharedMap<String, KubeNamespace> now) {
    boolean changed = now != namespaces;
    namespaces = now;
    return touched(changed);
  }

  private boolean touched(boolean changed) {
    if (changed) {
      built = null;
    }
    return changed;
  }
}
