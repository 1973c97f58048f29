package dev.weft.cli.analyze;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.config.ConfigKind;
import dev.weft.config.MeshSettings;
import dev.weft.config.MeshSettingsParser;
import dev.weft.discovery.ClusterReading;
import dev.weft.types.ClusterId;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;

/** What a cluster has of the mesh: its own objects, Istio's, and the settings. */
final class LiveCluster {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

  private final KubernetesClient client;
  private final String istioNamespace;

  LiveCluster(KubernetesClient client, String istioNamespace) {
    this.client = client;
    this.istioNamespace = istioNamespace;
  }

  void addTo(Material material, ClusterId id) {
    material.cluster(id);
    ClusterReading.objects(client).forEach(object -> material.add(id, object));
    for (ConfigKind kind : ConfigKind.values()) {
      for (GenericKubernetesResource object : objects(kind)) {
        material.add(kind, YAML.convertValue(object, TREE));
      }
    }
    ConfigMap settings = client.configMaps().inNamespace(istioNamespace).withName("istio").get();
    if (settings != null && settings.getData() != null) {
      material.settings(
          id.value(),
          MeshSettingsParser.read(
                  tree(settings, "mesh"), tree(settings, "meshNetworks"), MeshSettings.defaults())
              .settings());
    }
  }

  private List<GenericKubernetesResource> objects(ConfigKind kind) {
    try {
      return client
          .genericKubernetesResources(
              new ResourceDefinitionContext.Builder()
                  .withGroup(kind.group())
                  .withVersion(kind.versions().getFirst())
                  .withKind(kind.kind())
                  .withPlural(kind.plural())
                  .withNamespaced(kind.namespaced())
                  .build())
          .inAnyNamespace()
          .list()
          .getItems();
    } catch (KubernetesClientException e) {
      // A cluster that has no such kind has no mistakes in it.
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return List.of();
      }
      throw e;
    }
  }

  private static Map<String, Object> tree(ConfigMap map, String key) {
    String text = map.getData().getOrDefault(key, "");
    if (text.isBlank()) {
      return Map.of();
    }
    try {
      return YAML.readValue(text, TREE);
    } catch (JsonProcessingException e) {
      throw new CommandFailure(
          CommandFailure.Kind.FAILED,
          "ConfigMap istio has no YAML under " + key + ": " + e.getOriginalMessage(),
          e);
    }
  }
}
