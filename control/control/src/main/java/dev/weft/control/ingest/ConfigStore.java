package dev.weft.control.ingest;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigEvent;
import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.Credential;
import dev.weft.config.CredentialKey;
import dev.weft.config.Diagnostic;
import dev.weft.config.Discovered;
import dev.weft.config.KubeFact;
import dev.weft.config.KubeNamespace;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectRef;
import dev.weft.config.SharedMap;
import dev.weft.config.SyncState;
import dev.weft.types.ClusterId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The only mutable configuration of the process. What an event does not change, or tells again,
 * keeps its identity. Confined to the ingest loop.
 */
public final class ConfigStore {
  private MeshSettings settings;
  private List<Diagnostic> settingsDiagnostics = List.of();
  private SharedMap<ObjectRef, ConfigObject> objects = SharedMap.empty();
  private SharedMap<ObjectRef, List<Diagnostic>> objectDiagnostics = SharedMap.empty();
  private SharedMap<ObjectRef, Long> generations = SharedMap.empty();
  private SharedMap<String, List<Diagnostic>> notices = SharedMap.empty();
  private SharedMap<String, KubeNamespace> namespaces = SharedMap.empty();
  private SharedMap<String, List<String>> resolved = SharedMap.empty();
  private SharedMap<CredentialKey, Credential> credentials = SharedMap.empty();
  private SharedMap<String, String> keySets = SharedMap.empty();
  private final Map<ClusterId, StoredCluster> members = new TreeMap<>();
  private final Map<ClusterId, ConfigEvent.ClusterRemembered> remembered = new TreeMap<>();
  // Null when one of those that it is made of has changed.
  private @Nullable List<Diagnostic> diagnostics;
  private Discovered discovered;
  private boolean namesKnown;
  private SyncState meshApi = SyncState.SYNCING;
  private String meshApiMessage = "";
  private boolean meshApiWasComplete;

  public ConfigStore(MeshSettings settings) {
    this.settings = settings;
    this.discovered = Discovered.nothing(settings);
  }

  /** Takes an event in; whether anything is different now. */
  public boolean apply(ConfigEvent event) {
    return switch (event) {
      case ConfigEvent.SettingsChanged(MeshSettings now, List<Diagnostic> found) -> {
        boolean changed = !now.equals(settings) || !found.equals(settingsDiagnostics);
        settings = now.equals(settings) ? settings : now;
        settingsDiagnostics = found;
        yield read(changed);
      }
      case ConfigEvent.ObjectStored(ConfigObject object, List<Diagnostic> found) ->
          objects(objects.with(object.ref(), object))
              | generations(generations.with(object.ref(), object.meta().generation()))
              | noted(object.ref(), found);
      case ConfigEvent.ObjectRefused(ObjectRef ref, long generation, List<Diagnostic> found) ->
          generations(generations.with(ref, generation)) | noted(ref, found);
      case ConfigEvent.ObjectRemoved(ObjectRef ref) ->
          objects(objects.without(ref))
              | generations(generations.without(ref))
              | noted(objectDiagnostics.without(ref));
      case ConfigEvent.ObjectsListed listed -> {
        Set<ObjectRef> present = new HashSet<>(listed.present());
        Predicate<ObjectRef> kept = r -> r.kind() != listed.kind() || present.contains(r);
        yield objects(objects.keeping(kept))
            | generations(generations.keeping(kept))
            | noted(objectDiagnostics.keeping(kept));
      }
      case ConfigEvent.Noticed(String source, List<Diagnostic> found) -> {
        SharedMap<String, List<Diagnostic>> now =
            found.isEmpty() ? notices.without(source) : notices.with(source, found);
        boolean changed = now != notices;
        notices = now;
        yield read(changed);
      }
      case ConfigEvent.MeshNamespaceStored(KubeNamespace namespace) ->
          namespaces(namespaces.with(namespace.name(), namespace));
      case ConfigEvent.MeshNamespaceRemoved(String name) -> namespaces(namespaces.without(name));
      case ConfigEvent.MeshNamespacesListed(List<KubeNamespace> all) -> {
        Map<String, KubeNamespace> now = new TreeMap<>();
        all.forEach(n -> now.put(n.name(), n));
        yield namespaces(namespaces.replacedBy(now));
      }
      case ConfigEvent.MeshApiStateChanged(SyncState state, String message) -> {
        meshApi = state;
        meshApiMessage = message;
        meshApiWasComplete |= state == SyncState.SYNCED;
        if (state == SyncState.SYNCED) {
          // By now every cluster that is registered has been told of.
          remembered.keySet().retainAll(members.keySet());
        }
        yield read(true);
      }
      case ConfigEvent.ClusterStateChanged(ClusterId id, SyncState state, String message) ->
          stateOf(id, state, message);
      case ConfigEvent.ClusterRemembered known -> {
        remembered.put(known.facts().id(), known);
        yield members.containsKey(known.facts().id());
      }
      case ConfigEvent.ClusterRemoved(ClusterId id) -> {
        remembered.remove(id);
        yield members.remove(id) != null;
      }
      case ConfigEvent.HostsResolved(Map<String, List<String>> addresses) -> {
        SharedMap<String, List<String>> now = resolved.replacedBy(addresses);
        boolean changed = now != resolved || !namesKnown;
        resolved = now;
        namesKnown = true;
        yield changed;
      }
      case ConfigEvent.CredentialsRead(Map<CredentialKey, Credential> all) -> {
        SharedMap<CredentialKey, Credential> now = credentials.replacedBy(all);
        boolean changed = now != credentials;
        credentials = now;
        yield changed;
      }
      case ConfigEvent.KeySetsFetched(Map<String, String> all) -> {
        SharedMap<String, String> now = keySets.replacedBy(all);
        boolean changed = now != keySets;
        keySets = now;
        yield changed;
      }
      case ConfigEvent.FactStored(ClusterId id, KubeFact fact) -> member(id).put(fact);
      case ConfigEvent.FactRemoved(ClusterId id, KubeFact.Key key) -> member(id).remove(key);
      case ConfigEvent.FactsListed(ClusterId id, KubeFact.Kind kind, List<KubeFact> facts) ->
          member(id).replace(kind, facts);
    };
  }

  /**
   * Whether everything has been read once that can be read. A cluster that fails to answer need not
   * be waited for where its last state is known.
   */
  boolean complete() {
    return meshApiWasComplete
        && members.entrySet().stream()
            .noneMatch(
                m ->
                    m.getValue().state() == SyncState.SYNCING
                        && (m.getValue().message().isEmpty()
                            || !remembered.containsKey(m.getKey())));
  }

  private boolean stateOf(ClusterId id, SyncState state, String message) {
    StoredCluster member = member(id);
    boolean read = state == SyncState.SYNCED || state == SyncState.LOST;
    boolean replaced = read && remembered.remove(id) != null;
    return member.state(state, message) | replaced;
  }

  /** Whether names of gateways have been looked up once. */
  boolean namesKnown() {
    return namesKnown;
  }

  boolean meshApiWasComplete() {
    return meshApiWasComplete;
  }

  MeshSettings settings() {
    return settings;
  }

  /** What the mesh looks at, as it is now; costs no more where there is more of it. */
  public ConfigSet toSet() {
    discovered = Discovered.of(everything(), discovered);
    return discovered.seen();
  }

  /** All that there is. */
  ConfigSet everything() {
    Map<ClusterId, ClusterFacts> clusters = new TreeMap<>();
    members.forEach(
        (id, member) -> {
          ConfigEvent.ClusterRemembered known = remembered.get(id);
          clusters.put(id, known == null ? member.facts() : inForce(known, member.message()));
        });
    List<Diagnostic> found = diagnostics;
    if (found == null) {
      found = found();
      diagnostics = found;
    }
    return new ConfigSet(
        settings,
        clusters,
        objects,
        namespaces,
        found,
        resolved,
        credentials,
        keySets,
        generations);
  }

  private List<Diagnostic> found() {
    List<Diagnostic> found = new ArrayList<>(settingsDiagnostics);
    objectDiagnostics.values().forEach(found::addAll);
    notices.values().forEach(found::addAll);
    if (meshApi == SyncState.LOST) {
      found.add(
          Diagnostic.warning(
              "config-api-lost",
              "config API",
              "",
              meshApiMessage + "; its last known state stays in force"));
    }
    return List.copyOf(found);
  }

  /** What was known before, as a whole: a mixture with what has been read by now is neither. */
  private ClusterFacts inForce(ConfigEvent.ClusterRemembered known, String why) {
    String message =
        (why.isEmpty() ? "not read yet" : why)
            + "; what was known last stays in force, last changed "
            + known.changed().truncatedTo(ChronoUnit.SECONDS);
    if (known.facts().message().equals(message)) {
      return known.facts();
    }
    ClusterFacts facts = known.facts().in(SyncState.LAST_KNOWN, message);
    remembered.put(facts.id(), new ConfigEvent.ClusterRemembered(facts, known.changed()));
    return facts;
  }

  private boolean objects(SharedMap<ObjectRef, ConfigObject> now) {
    boolean changed = now != objects;
    objects = now;
    return changed;
  }

  private boolean generations(SharedMap<ObjectRef, Long> now) {
    boolean changed = now != generations;
    generations = now;
    return changed;
  }

  private boolean namespaces(SharedMap<String, KubeNamespace> now) {
    boolean changed = now != namespaces;
    namespaces = now;
    return changed;
  }

  private boolean noted(ObjectRef ref, List<Diagnostic> found) {
    return noted(
        found.isEmpty() ? objectDiagnostics.without(ref) : objectDiagnostics.with(ref, found));
  }

  private boolean noted(SharedMap<ObjectRef, List<Diagnostic>> now) {
    boolean changed = now != objectDiagnostics;
    objectDiagnostics = now;
    return read(changed);
  }

  /** Something that diagnostics are made of may have changed. */
  private boolean read(boolean changed) {
    if (changed) {
      diagnostics = null;
    }
    return changed;
  }

  private StoredCluster member(ClusterId id) {
    return members.computeIfAbsent(id, StoredCluster::new);
  }
}
