package dev.weft.discovery;

import dev.weft.config.ClusterFacts;
import dev.weft.config.KubeEndpointSlice;
import dev.weft.config.KubeFact;
import dev.weft.config.KubeNamespace;
import dev.weft.config.KubeNode;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.config.SyncState;
import dev.weft.types.ClusterId;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A cluster read once, for those who do not follow it; the same facts as those that do. */
public final class ClusterReading {
  private ClusterReading() {}

  /**
   * All objects that the mesh keeps something of.
   *
   * @throws KubernetesClientException where the API server refuses, or does not answer
   */
  public static List<HasMetadata> objects(KubernetesClient client) {
    List<HasMetadata> objects = new ArrayList<>();
    objects.addAll(client.services().inAnyNamespace().list().getItems());
    objects.addAll(client.discovery().v1().endpointSlices().inAnyNamespace().list().getItems());
    objects.addAll(client.pods().inAnyNamespace().list().getItems());
    objects.addAll(client.nodes().list().getItems());
    objects.addAll(client.namespaces().list().getItems());
    return objects;
  }

  /**
   * What the mesh keeps of objects.
   *
   * @param objects Services, EndpointSlices, Pods, Nodes and Namespaces
   */
  public static ClusterFacts facts(ClusterId id, List<HasMetadata> objects) {
    Map<KubeFact.Key, KubeService> services = new TreeMap<>();
    Map<KubeFact.Key, KubeEndpointSlice> slices = new TreeMap<>();
    Map<KubeFact.Key, KubePod> pods = new TreeMap<>();
    Map<String, KubeNode> nodes = new TreeMap<>();
    Map<String, KubeNamespace> namespaces = new TreeMap<>();
    Facts stripping = new Facts();
    for (HasMetadata object : objects) {
      stripping
          .of(object)
          .ifPresent(
              fact -> {
                switch (fact) {
                  case KubeService s -> services.put(s.key(), s);
                  case KubeEndpointSlice s -> slices.put(s.key(), s);
                  case KubePod p -> pods.put(p.key(), p);
                  case KubeNode n -> nodes.put(n.name(), n);
                  case KubeNamespace n -> namespaces.put(n.name(), n);
                }
              });
    }
    return new ClusterFacts(id, SyncState.SYNCED, "", services, slices, pods, nodes, namespaces);
  }
}
