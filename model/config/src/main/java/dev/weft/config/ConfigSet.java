package dev.weft.config;

import dev.weft.types.ClusterId;
import java.util.List;
import java.util.Map;

/**
 * Everything that the mesh is made of at one moment. Maps are in the order of their keys, and share
 * what did not change with those of the set before ({@link SharedMap}).
 *
 * @param namespaces of the config API
 * @param diagnostics from reading the objects
 * @param resolved addresses of the host names that gateways between networks are known by
 * @param credentials the Secrets that gateways need for TLS, as far as they were read
 * @param keySets keys of issuers of tokens, by the addresses that they were fetched from
 * @param generations of every object of the config API as it is there now, also of those that are
 *     refused
 */
public record ConfigSet(
    MeshSettings settings,
    Map<ClusterId, ClusterFacts> clusters,
    Map<ObjectRef, ConfigObject> objects,
    Map<String, KubeNamespace> namespaces,
    List<Diagnostic> diagnostics,
    Map<String, List<String>> resolved,
    Map<CredentialKey, Credential> credentials,
    Map<String, String> keySets,
    Map<ObjectRef, Long> generations) {
  public ConfigSet {
    clusters = Copies.map(clusters);
    objects = SharedMap.copyOf(objects);
    namespaces = SharedMap.copyOf(namespaces);
    diagnostics = List.copyOf(diagnostics);
    resolved = SharedMap.copyOf(resolved);
    credentials = SharedMap.copyOf(credentials);
    keySets = SharedMap.copyOf(keySets);
    generations = SharedMap.copyOf(generations);
  }

  /** Without keys of issuers. */
  public ConfigSet(
      MeshSettings settings,
      Map<ClusterId, ClusterFacts> clusters,
      Map<ObjectRef, ConfigObject> objects,
      Map<String, KubeNamespace> namespaces,
      List<Diagnostic> diagnostics,
      Map<String, List<String>> resolved,
      Map<CredentialKey, Credential> credentials,
      Map<ObjectRef, Long> generations) {
    this(
        settings,
        clusters,
        objects,
        namespaces,
        diagnostics,
        resolved,
        credentials,
        Map.of(),
        generations);
  }

  /** One of which nothing is told to the config API. */
  public ConfigSet(
      MeshSettings settings,
      Map<ClusterId, ClusterFacts> clusters,
      Map<ObjectRef, ConfigObject> objects,
      Map<String, KubeNamespace> namespaces,
      List<Diagnostic> diagnostics,
      Map<String, List<String>> resolved) {
    this(settings, clusters, objects, namespaces, diagnostics, resolved, Map.of(), Map.of());
  }

  /** Without host names and Secrets. */
  public ConfigSet(
      MeshSettings settings,
      Map<ClusterId, ClusterFacts> clusters,
      Map<ObjectRef, ConfigObject> objects,
      Map<String, KubeNamespace> namespaces,
      List<Diagnostic> diagnostics) {
    this(settings, clusters, objects, namespaces, diagnostics, Map.of());
  }

  public static ConfigSet empty(MeshSettings settings) {
    return new ConfigSet(settings, Map.of(), Map.of(), Map.of(), List.of());
  }

  /** The objects of a type, in the order of their references. */
  public <T extends ConfigObject> List<T> all(Class<T> type) {
    return objects.values().stream().filter(type::isInstance).map(type::cast).toList();
  }
}
