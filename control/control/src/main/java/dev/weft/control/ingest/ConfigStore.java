package dev.weft.control.ingest;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigEvent;
import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.Credential;
import dev.weft.config.CredentialKey;
import dev.weft.config.Diagnostic;
import dev.weft.config.KubeEndpointSlice;
import dev.weft.config.KubeFact;
import dev.weft.config.KubeNamespace;
import dev.weft.config.KubeNode;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectRef;
import dev.weft.config.SyncState;
import dev.weft.types.ClusterId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The only mutable configuration of the process. Confined to the ingest loop. */
final class ConfigStore {
  private MeshSettings settings;
  private List<Diagnostic> settingsDiagnostics = List.of();
  private final Map<ObjectRef, ConfigObject> objects = new TreeMap<>();
  private final Map<ObjectRef, List<Diagnostic>> objectDiagnostics = new TreeMap<>();
  private final Map<ObjectRef, Long> generations = new TreeMap<>();
  private final Map<String, List<Diagnostic>> notices = new TreeMap<>();
  private final Map<String, KubeNamespace> namespaces = new TreeMap<>();
  private final Map<ClusterId, Member> members = new TreeMap<>();
  private final Map<ClusterId, ConfigEvent.ClusterRemembered> remembered = new TreeMap<>();
  private Map<String, List<String>> resolved = Map.of();
  private Map<CredentialKey, Credential> credentials = Map.of();
  private boolean namesKnown;
  private SyncState meshApi = SyncState.SYNCING;
  private String meshApiMessage = "";
  private boolean meshApiWasComplete;

  ConfigStore(MeshSettings settings) {
    this.settings = settings;
  }

  /** Takes an event in; whether anything is different now. */
  boolean apply(ConfigEvent event) {
    return switch (event) {
      case ConfigEvent.SettingsChanged(MeshSettings now, List<Diagnostic> diagnostics) -> {
        boolean changed = !now.equals(settings) || !diagnostics.equals(settingsDiagnostics);
        settings = now;
        settingsDiagnostics = diagnostics;
        yield changed;
      }
      case ConfigEvent.ObjectStored(ConfigObject object, List<Diagnostic> diagnostics) ->
          seen(object.ref(), object.meta().generation())
              | noted(object.ref(), diagnostics)
              | !object.equals(objects.put(object.ref(), object));
      case ConfigEvent.ObjectRefused(
              ObjectRef ref,
              long generation,
              List<Diagnostic> diagnostics) ->
          seen(ref, generation) | noted(ref, diagnostics);
      case ConfigEvent.ObjectRemoved(ObjectRef ref) ->
          generations.remove(ref) != null
              | objectDiagnostics.remove(ref) != null
              | objects.remove(ref) != null;
      case ConfigEvent.ObjectsListed listed -> {
        Set<ObjectRef> present = new HashSet<>(listed.present());
        boolean gone =
            objects.keySet().removeIf(r -> r.kind() == listed.kind() && !present.contains(r));
        gone |=
            objectDiagnostics
                .keySet()
                .removeIf(r -> r.kind() == listed.kind() && !present.contains(r));
        gone |=
            generations.keySet().removeIf(r -> r.kind() == listed.kind() && !present.contains(r));
        yield gone;
      }
      case ConfigEvent.Noticed(String source, List<Diagnostic> diagnostics) -> {
        List<Diagnostic> before =
            diagnostics.isEmpty() ? notices.remove(source) : notices.put(source, diagnostics);
        yield !diagnostics.equals(before == null ? List.of() : before);
      }
      case ConfigEvent.MeshNamespaceStored(KubeNamespace namespace) ->
          !namespace.equals(namespaces.put(namespace.name(), namespace));
      case ConfigEvent.MeshNamespaceRemoved(String name) -> namespaces.remove(name) != null;
      case ConfigEvent.MeshNamespacesListed(List<KubeNamespace> all) -> {
        Map<String, KubeNamespace> now = new TreeMap<>();
        all.forEach(n -> now.put(n.name(), n));
        boolean changed = !now.equals(namespaces);
        namespaces.clear();
        namespaces.putAll(now);
        yield changed;
      }
      case ConfigEvent.MeshApiStateChanged(SyncState state, String message) -> {
        meshApi = state;
        meshApiMessage = message;
        meshApiWasComplete |= state == SyncState.SYNCED;
        if (state == SyncState.SYNCED) {
          // By now every cluster that is registered has been told of.
          remembered.keySet().retainAll(members.keySet());
        }
        yield true;
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
        boolean changed = !addresses.equals(resolved) || !namesKnown;
        resolved = addresses;
        namesKnown = true;
        yield changed;
      }
      case ConfigEvent.CredentialsRead(Map<CredentialKey, Credential> all) -> {
        boolean changed = !all.equals(credentials);
        credentials = all;
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
                    m.getValue().state == SyncState.SYNCING
                        && (m.getValue().message.isEmpty() || !remembered.containsKey(m.getKey())));
  }

  private boolean stateOf(ClusterId id, SyncState state, String message) {
    Member member = member(id);
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

  ConfigSet toSet() {
    Map<ClusterId, ClusterFacts> clusters = new TreeMap<>();
    members.forEach(
        (id, member) -> {
          ConfigEvent.ClusterRemembered known = remembered.get(id);
          clusters.put(id, known == null ? member.facts(id) : inForce(known, member.message));
        });
    List<Diagnostic> diagnostics = new ArrayList<>(settingsDiagnostics);
    objectDiagnostics.values().forEach(diagnostics::addAll);
    notices.values().forEach(diagnostics::addAll);
    if (meshApi == SyncState.LOST) {
      diagnostics.add(
          Diagnostic.warning(
              "config-api-lost",
              "config API",
              "",
              meshApiMessage + "; its last known state stays in force"));
    }
    return new ConfigSet(
        settings, clusters, objects, namespaces, diagnostics, resolved, credentials, generations);
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

  private boolean seen(ObjectRef ref, long generation) {
    Long before = generations.put(ref, generation);
    return before == null || before != generation;
  }

  private boolean noted(ObjectRef ref, List<Diagnostic> diagnostics) {
    List<Diagnostic> before =
        diagnostics.isEmpty()
            ? objectDiagnostics.remove(ref)
            : objectDiagnostics.put(ref, diagnostics);
    return !diagnostics.equals(before == null ? List.of() : before);
  }

  private Member member(ClusterId id) {
    return members.computeIfAbsent(id, key -> new Member());
  }

  /** Confined to the ingest loop. */
  private static final class Member {
    private SyncState state = SyncState.SYNCING;
    private String message = "";
    private final Map<KubeFact.Key, KubeService> services = new TreeMap<>();
    private final Map<KubeFact.Key, KubeEndpointSlice> slices = new TreeMap<>();
    private final Map<KubeFact.Key, KubePod> pods = new TreeMap<>();
    private final Map<String, KubeNode> nodes = new TreeMap<>();
    private final Map<String, KubeNamespace> namespaces = new TreeMap<>();
    private @Nullable ClusterFacts built;

    boolean state(SyncState now, String why) {
      boolean changed = state != now || !message.equals(why);
      state = now;
      message = why;
      return touched(changed);
    }

    boolean put(KubeFact fact) {
      KubeFact before =
          switch (fact) {
            case KubeService s -> services.put(s.key(), s);
            case KubeEndpointSlice s -> slices.put(s.key(), s);
            case KubePod p -> pods.put(p.key(), p);
            case KubeNode n -> nodes.put(n.name(), n);
            case KubeNamespace n -> namespaces.put(n.name(), n);
          };
      return touched(!fact.equals(before));
    }

    boolean remove(KubeFact.Key key) {
      KubeFact before =
          switch (key.kind()) {
            case SERVICE -> services.remove(key);
            case ENDPOINT_SLICE -> slices.remove(key);
            case POD -> pods.remove(key);
            case NODE -> nodes.remove(key.name());
            case NAMESPACE -> namespaces.remove(key.name());
          };
      return touched(before != null);
    }

    boolean replace(KubeFact.Kind kind, List<KubeFact> facts) {
      Set<KubeFact.Key> present = new HashSet<>();
      boolean changed = false;
      for (KubeFact fact : facts) {
        present.add(fact.key());
        changed |= put(fact);
      }
      changed |=
          switch (kind) {
            case SERVICE -> services.keySet().retainAll(present);
            case ENDPOINT_SLICE -> slices.keySet().retainAll(present);
            case POD -> pods.keySet().retainAll(present);
            case NODE -> nodes.values().removeIf(n -> !present.contains(n.key()));
            case NAMESPACE -> namespaces.values().removeIf(n -> !present.contains(n.key()));
          };
      return touched(changed);
    }

    ClusterFacts facts(ClusterId id) {
      ClusterFacts facts = built;
      if (facts == null) {
        facts = new ClusterFacts(id, state, message, services, slices, pods, nodes, namespaces);
        built = facts;
      }
      return Objects.requireNonNull(facts);
    }

    private boolean touched(boolean changed) {
      if (changed) {
        built = null;
      }
      return changed;
    }
  }
}
