package dev.weft.discovery;

import static dev.weft.discovery.Told.next;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiServerSettings;
import dev.weft.apiserver.NoPods;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.server.ApiServer;
import dev.weft.loop.Clock;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real API server on loopback, with more objects than a page holds. */
class RealListTest {
  private static final ResourceType CONFIG_MAPS =
      new ResourceType("", "v1", "configmaps", "ConfigMap", true);
  private static final int COUNT = 505;

  @TempDir Path directory;
  private final Told told = new Told();

  private static ObjectNode configMap(int index) {
    ObjectNode object = new JsonMapper().createObjectNode();
    object.putObject("metadata").put("name", "c%04d".formatted(index));
    return object;
  }

  @Test
  void all_pages_are_read_and_what_happens_then_is_told() throws Exception {
    try (ApiServer server =
        ApiServer.open(
            new ApiServerSettings("mesh", directory, 0, List.of()),
            new NoPods(),
            (namespace, service, port) -> {
              throw new IOException("no services here");
            })) {
      server.start();
      ObjectStore objects = server.objects();
      IntStream.range(0, COUNT).forEach(i -> objects.create(CONFIG_MAPS, "default", configMap(i)));
      try (KubernetesClient client =
              Kubeconfigs.client(server.kubeconfig("test", "https://127.0.0.1:" + server.port()));
          ListWatch<String> watch =
              new ListWatch<>(
                  new Source<>(
                      new KubeApi(client),
                      "/api/v1/namespaces/default/configmaps",
                      "fieldSelector=metadata.name%21%3Dkube-root-ca.crt",
                      ConfigMap::new,
                      map -> map.getMetadata().getName()),
                  told,
                  Clock.system())) {
        watch.start();
        assertThat(next(told.lists))
            .containsExactlyElementsOf(
                IntStream.range(0, COUNT).mapToObj("c%04d"::formatted).toList());
        objects.create(CONFIG_MAPS, "default", configMap(COUNT));
        assertThat(next(told.changes)).isEqualTo("stored c0505");
        objects.delete(CONFIG_MAPS, "default", "c0007", ObjectStore.DeleteOptions.BACKGROUND);
        assertThat(next(told.changes)).isEqualTo("removed c0007");
      }
    }
  }
}
