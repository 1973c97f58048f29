package dev.weft.config;

import dev.weft.types.ClusterId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A change of what the mesh is made of. Events are posted to the ingest loop's mailbox. */
public sealed interface ConfigEvent {

  /** What it is about: events with equal subjects replace each other. Most are about their own. */
  default Object subject() {
    return new Object();
  }

  /** Whether it only says where endpoints are, which is little work for everybody. */
  default boolean aboutEndpoints() {
    return false;
  }

  /** New mesh settings. */
  record SettingsChanged(MeshSettings settings, List<Diagnostic> diagnostics)
      implements ConfigEvent {
    public SettingsChanged {
      diagnostics = List.copyOf(diagnostics);
    }
  }

  /** An object of the config API was created or changed; it may have been refused in part. */
  record ObjectStored(ConfigObject object, List<Diagnostic> diagnostics) implements ConfigEvent {
    public ObjectStored {
      diagnostics = List.copyOf(diagnostics);
    }

    @Override
    public Object subject() {
      return object.ref();
    }
  }

  /**
   * An object of the config API that cannot be used at all; what it was before goes on.
   *
   * @param generation of the object that is refused; 0 where unknown
   */
  record ObjectRefused(ObjectRef ref, long generation, List<Diagnostic> diagnostics)
      implements ConfigEvent {
    public ObjectRefused {
      diagnostics = List.copyOf(diagnostics);
    }

    @Override
    public Object subject() {
      return ref;
    }
  }

  record ObjectRemoved(ObjectRef ref) implements ConfigEvent {
    @Override
    public Object subject() {
      return ref;
    }
  }

  /** All objects of a kind, after a fresh list: those not named are gone. */
  record ObjectsListed(ConfigKind kind, List<ObjectRef> present) implements ConfigEvent {
    public ObjectsListed {
      present = List.copyOf(present);
    }
  }

  /** A namespace of the config API ("global namespace"). */
  record MeshNamespaceStored(KubeNamespace namespace) implements ConfigEvent {}

  /** All namespaces of the config API: others are gone. */
  record MeshNamespacesListed(List<KubeNamespace> namespaces) implements ConfigEvent {
    public MeshNamespacesListed {
      namespaces = List.copyOf(namespaces);
    }
  }

  /**
   * The config API became complete, was lost, or came back. Whatever state it is in, what it held
   * stays in force.
   */
  record MeshApiStateChanged(SyncState state, String message) implements ConfigEvent {}

  /**
   * Something about the edge itself.
   *
   * @param source replaces what the same source noticed before
   */
  record Noticed(String source, List<Diagnostic> diagnostics) implements ConfigEvent {
    public Noticed {
      diagnostics = List.copyOf(diagnostics);
    }
  }

  record MeshNamespaceRemoved(String name) implements ConfigEvent {}

  /** A cluster joined, or its state changed. */
  record ClusterStateChanged(ClusterId cluster, SyncState state, String message)
      implements ConfigEvent {}

  /**
   * What a cluster held when it was last read, by an earlier process. It is in force until the
   * cluster has been read completely, and only if the cluster is registered still.
   *
   * @param changed when it had last become different
   */
  record ClusterRemembered(ClusterFacts facts, Instant changed) implements ConfigEvent {}

  /**
   * Gateways between networks may be known by host names.
   *
   * @param addresses of every name that could be resolved, in order
   */
  record HostsResolved(Map<String, List<String>> addresses) implements ConfigEvent {
    public HostsResolved {
      addresses = Copies.map(addresses);
    }
  }

  /**
   * Secrets of gateways were read.
   *
   * @param all that are wanted; others are gone
   */
  record CredentialsRead(Map<CredentialKey, Credential> all) implements ConfigEvent {
    public CredentialsRead {
      all = Copies.map(all);
    }
  }

  /**
   * Keys of issuers of tokens were fetched.
   *
   * @param all that are wanted and known, by their addresses
   */
  record KeySetsFetched(Map<String, String> all) implements ConfigEvent {
    public KeySetsFetched {
      all = Copies.map(all);
    }
  }

  /** A cluster left: everything that came from it goes, and nothing else. */
  record ClusterRemoved(ClusterId cluster) implements ConfigEvent {}

  /** Names a fact in the mesh. */
  record Fact(ClusterId cluster, KubeFact.Key key) {}

  record FactStored(ClusterId cluster, KubeFact fact) implements ConfigEvent {
    @Override
    public Object subject() {
      return new Fact(cluster, fact.key());
    }

    @Override
    public boolean aboutEndpoints() {
      return fact.key().kind().ofEndpoints();
    }
  }

  record FactRemoved(ClusterId cluster, KubeFact.Key key) implements ConfigEvent {
    @Override
    public Object subject() {
      return new Fact(cluster, key);
    }

    @Override
    public boolean aboutEndpoints() {
      return key.kind().ofEndpoints();
    }
  }

  /** All facts of a kind in a cluster, after a fresh list: others of that kind are gone. */
  record FactsListed(ClusterId cluster, KubeFact.Kind kind, List<KubeFact> facts)
      implements ConfigEvent {
    public FactsListed {
      facts = List.copyOf(facts);
    }
  }
}
