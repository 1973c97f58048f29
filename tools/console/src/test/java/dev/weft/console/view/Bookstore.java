package dev.weft.console.view;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import dev.weft.config.KubeEndpointSlice;
import dev.weft.config.KubeFact;
import dev.weft.config.KubeNamespace;
import dev.weft.config.KubeNode;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectParser;
import dev.weft.config.ObjectRef;
import dev.weft.config.Parsed;
import dev.weft.config.SyncState;
import dev.weft.console.yaml.MalformedYamlException;
import dev.weft.console.yaml.YamlDocument;
import dev.weft.snapshot.Findings;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.SnapshotBuilder;
import dev.weft.types.ClusterId;
import dev.weft.types.Locality;
import dev.weft.types.ServiceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Two clusters, east and west, with reviews in namespace demo: two pods of v1 in east, one of v2 in
 * west. A DestinationRule has a subset that selects nothing.
 */
public final class Bookstore {
  /** What users have written. */
  public static final String RULES =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: reviews, namespace: demo}
      spec:
        hosts: [reviews]
        http:
          - route:
              - destination: {host: reviews, subset: v1}
      ---
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: reviews, namespace: demo}
      spec:
        host: reviews
        subsets:
          - name: v1
            labels: {version: v1}
          - name: ack
            labels: {cluster: ack}
      ---
      apiVersion: mesh.weft.dev/v1alpha1
      kind: MemberCluster
      metadata: {name: east}
      spec: {network: network1}
      ---
      apiVersion: mesh.weft.dev/v1alpha1
      kind: MemberCluster
      metadata: {name: west}
      spec: {network: network2}
      """;

  private Bookstore() {}

  /** What has been read of it. */
  public static Moment moment() {
    return moment(RULES);
  }

  /**
   * The same with other objects.
   *
   * @param yaml all of them
   */
  public static Moment moment(String yaml) {
    return moment(MeshSettings.defaults(), yaml);
  }

  static Moment moment(MeshSettings settings, String yaml) {
    Map<ObjectRef, ConfigObject> objects = new TreeMap<>();
    Map<ObjectRef, Long> generations = new TreeMap<>();
    List<Diagnostic> diagnostics = new ArrayList<>();
    try {
      for (YamlDocument document : YamlDocument.all(yaml)) {
        ConfigKind kind =
            ObjectTrees.kind(String.valueOf(document.tree().get("kind"))).orElseThrow();
        Parsed parsed = ObjectParser.parse(kind, document.tree());
        diagnostics.addAll(parsed.diagnostics());
        parsed
            .value()
            .ifPresent(
                object -> {
                  objects.put(object.ref(), object);
                  generations.put(object.ref(), 1L);
                });
      }
    } catch (MalformedYamlException e) {
      throw new AssertionError(e);
    }
    ConfigSet config =
        new ConfigSet(
            settings,
            Map.of(
                new ClusterId("east"),
                cluster("east", "region1/zone-a", "v1", "10.0.0.1", "10.0.0.2"),
                new ClusterId("west"),
                cluster("west", "region1/zone-b", "v2", "10.0.0.1")),
            objects,
            Map.of("demo", new KubeNamespace("demo", Map.of("istio-injection", "enabled"), false)),
            diagnostics,
            Map.of(),
            Map.of(),
            generations);
    MeshSnapshot snapshot = SnapshotBuilder.build(config, MeshSnapshot.empty(settings)).snapshot();
    return new Moment(config, snapshot, Findings.of(config, snapshot));
  }

  private static ClusterFacts cluster(
      String name, String locality, String version, String... addresses) {
    Map<KubeFact.Key, KubePod> pods = new TreeMap<>();
    List<KubeEndpointSlice.Endpoint> endpoints = new ArrayList<>();
    for (String address : addresses) {
      String pod = "reviews-" + version + "-" + (pods.size() + 1);
      KubePod value =
          new KubePod(
              "demo",
              pod,
              Map.of("app", "reviews", "version", version, "security.istio.io/tlsMode", "istio"),
              Map.of(),
              List.of(address),
              "reviews",
              "node-" + name,
              "Deployment",
              "reviews-" + version,
              "",
              "",
              List.of(),
              false,
              true,
              false);
      pods.put(value.key(), value);
      endpoints.add(
          new KubeEndpointSlice.Endpoint(
              List.of(address), true, true, false, pod, "node-" + name, "", ""));
    }
    KubeService service =
        new KubeService(
            new ServiceId("demo", "reviews"),
            Map.of(),
            Map.of(),
            Instant.EPOCH,
            KubeService.Type.CLUSTER_IP,
            List.of("10.96.0.7"),
            false,
            "",
            List.of(),
            List.of(),
            Map.of("app", "reviews"),
            List.of(new KubeService.Port("http", 9080, "TCP", "", "9080", 0)),
            false,
            false);
    KubeEndpointSlice slice =
        new KubeEndpointSlice(
            "demo",
            "reviews-x",
            "reviews",
            List.of(new KubeEndpointSlice.Port("http", 9080, "TCP")),
            endpoints);
    KubeNode node = new KubeNode("node-" + name, Map.of(), List.of(), Locality.parse(locality));
    return new ClusterFacts(
        new ClusterId(name),
        SyncState.SYNCED,
        "",
        Map.of(service.key(), service),
        Map.of(slice.key(), slice),
        pods,
        Map.of(node.name(), node),
        Map.of("demo", new KubeNamespace("demo", Map.of(), false)));
  }
}
