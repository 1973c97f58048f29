package dev.weft.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.KubeEndpointSlice;
import dev.weft.config.KubeFact;
import dev.weft.config.KubeNamespace;
import dev.weft.config.KubeNode;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectParser;
import dev.weft.config.ObjectRef;
import dev.weft.config.SyncState;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.SnapshotBuilder;
import dev.weft.types.ClusterId;
import dev.weft.types.Locality;
import dev.weft.types.ServiceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A mesh in which each cluster is a place: the service {@code hello}:5000 everywhere, with the pods
 * that are named. Confined to its test.
 */
final class PlacedMesh {
  private static final ServiceId HELLO = new ServiceId("default", "hello");

  private final Map<ClusterId, ClusterFacts> clusters = new TreeMap<>();
  private final Map<ObjectRef, ConfigObject> objects = new TreeMap<>();
  private int pods;

  PlacedMesh cluster(String name, String locality, String... podNames) {
    KubeNode node = new KubeNode(name + "-node", Map.of(), List.of(), Locality.parse(locality));
    Map<KubeFact.Key, KubePod> known = new TreeMap<>();
    for (String pod : podNames) {
      KubePod value = pod(pod, node.name());
      known.put(value.key(), value);
    }
    KubeService service =
        new KubeService(
            HELLO,
            Map.of(),
            Map.of(),
            Instant.EPOCH,
            KubeService.Type.CLUSTER_IP,
            List.of("10.96.0." + clusters.size()),
            false,
            "",
            List.of(),
            List.of(),
            Map.of("app", "hello"),
            List.of(new KubeService.Port("http", 5000, "TCP", "", "5000", 0)),
            false,
            false);
    KubeEndpointSlice slice =
        new KubeEndpointSlice(
            "default",
            "hello-1",
            "hello",
            List.of(new KubeEndpointSlice.Port("http", 5000, "TCP")),
            known.values().stream()
                .filter(p -> p.labels().getOrDefault("app", "").equals("hello"))
                .map(
                    p ->
                        new KubeEndpointSlice.Endpoint(
                            p.ips(), true, true, false, p.name(), p.node(), "", ""))
                .toList());
    ClusterId id = new ClusterId(name);
    clusters.put(
        id,
        new ClusterFacts(
            id,
            SyncState.SYNCED,
            "",
            Map.of(service.key(), service),
            Map.of(slice.key(), slice),
            known,
            Map.of(node.name(), node),
            Map.of("default", new KubeNamespace("default", Map.of(), false))));
    return this;
  }

  private KubePod pod(String name, String node) {
    pods++;
    return new KubePod(
        "default",
        name,
        Map.of("app", name.split("-", 2)[0], "security.istio.io/tlsMode", "istio"),
        Map.of(),
        List.of("10.0.0." + pods),
        "default",
        node,
        "Deployment",
        name.split("-", 2)[0],
        "",
        "",
        List.of(),
        false,
        true,
        false);
  }

  /** A logical network with a way in at an address. */
  PlacedMesh network(String cluster, String network, String address) {
    return object(
        ConfigKind.MEMBER_CLUSTER,
        """
        {"metadata": {"name": "%s"},
         "spec": {"network": "%s", "crossClusterProxy": {"enabled": true, "address": "%s"}}}
        """
            .formatted(cluster, network, address));
  }

  /** A logical network that nothing leads into. */
  PlacedMesh closed(String cluster, String network) {
    return object(
        ConfigKind.MEMBER_CLUSTER,
        "{\"metadata\": {\"name\": \"%s\"}, \"spec\": {\"network\": \"%s\"}}"
            .formatted(cluster, network));
  }

  /** A DestinationRule for the service with this traffic policy, as JSON. */
  PlacedMesh policy(String policy) {
    return object(
        ConfigKind.DESTINATION_RULE,
        """
        {"metadata": {"name": "hello", "namespace": "default"},
         "spec": {"host": "hello", "trafficPolicy": %s}}
        """
            .formatted(policy));
  }

  private PlacedMesh object(ConfigKind kind, String json) {
    try {
      ConfigObject value =
          ObjectParser.parse(
                  kind,
                  new ObjectMapper().readValue(json, new TypeReference<Map<String, Object>>() {}))
              .value()
              .orElseThrow();
      objects.put(value.ref(), value);
      return this;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  MeshSnapshot snapshot() {
    MeshSettings settings = MeshSettings.defaults();
    return SnapshotBuilder.build(
            new ConfigSet(settings, clusters, objects, Map.of(), List.of()),
            MeshSnapshot.empty(settings))
        .snapshot();
  }

  Explanation explain() throws UnclearException {
    return explain("sleep");
  }

  /** Asked by that name of a client. */
  Explanation explain(String from) throws UnclearException {
    return Explainer.of(snapshot(), "hello:5000", from, "", "");
  }
}
