package dev.weft.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.Samples;
import dev.weft.apiserver.document.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListTest extends RealClient {
  private static List<String> names(JsonNode list) {
    return Json.objects(list.get("items")).stream()
        .map(item -> Json.text(item, "metadata", "name"))
        .toList();
  }

  private static void configMaps(String namespace, int count) {
    server
        .objects()
        .create(
            Samples.NAMESPACES, "", Samples.yaml("{metadata: {name: %s}}".formatted(namespace)));
    for (int i = 0; i < count; i++) {
      server
          .objects()
          .create(Samples.CONFIG_MAPS, namespace, Samples.configMap("c" + i, "v" + i % 2));
    }
  }

  @Test
  void a_list_in_pieces_shows_one_moment() throws Exception {
    // One more than these is there: the root certificate.
    configMaps("pieces", 4);
    String path = "/api/v1/namespaces/pieces/configmaps?limit=2";
    try (Wire wire = Wire.of(server)) {
      JsonNode first = wire.get(path);
      assertThat(names(first)).containsExactly("c0", "c1");
      assertThat(first.at("/metadata/remainingItemCount").asInt()).isEqualTo(3);
      server
          .objects()
          .delete(Samples.CONFIG_MAPS, "pieces", "c2", ObjectStore.DeleteOptions.BACKGROUND);
      JsonNode second = wire.get(path + "&continue=" + Json.text(first, "metadata", "continue"));
      assertThat(names(second)).containsExactly("c2", "c3");
      assertThat(second.at("/metadata/resourceVersion"))
          .isEqualTo(first.at("/metadata/resourceVersion"));
      JsonNode last = wire.get(path + "&continue=" + Json.text(second, "metadata", "continue"));
      assertThat(names(last)).containsExactly("kube-root-ca.crt");
      assertThat(last.path("metadata").has("continue")).isFalse();
      assertThat(last.path("metadata").has("remainingItemCount")).isFalse();
      assertThat(names(wire.get("/api/v1/namespaces/pieces/configmaps")))
          .containsExactly("c0", "c1", "c3", "kube-root-ca.crt");
    }
  }

  @Test
  void pieces_of_a_selection_are_full_and_their_rest_is_not_counted() throws Exception {
    configMaps("selected", 4);
    String path =
        "/api/v1/namespaces/selected/configmaps?limit=1&fieldSelector=metadata.name%21%3Dc0";
    try (Wire wire = Wire.of(server)) {
      JsonNode first = wire.get(path);
      assertThat(names(first)).containsExactly("c1");
      assertThat(first.path("metadata").has("continue")).isTrue();
      assertThat(first.path("metadata").has("remainingItemCount")).isFalse();
    }
  }

  @Test
  void tokens_that_are_too_old_or_none_are_refused() throws Exception {
    String path = "/api/v1/configmaps?limit=2&continue=";
    try (Wire wire = Wire.of(server)) {
      // {"v":"meta.k8s.io/v1","rv":1,"start":"a/b"}
      JsonNode old = wire.get(path + "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhL2IifQ");
      assertThat(old.path("code").asInt()).isEqualTo(410);
      assertThat(Json.text(old, "reason")).isEqualTo("Expired");
      assertThat(Json.text(wire.get(path + "nonsense"), "message"))
          .startsWith("continue key is not valid");
    }
  }

  @Test
  void the_rest_of_a_list_that_is_too_old_can_be_had_as_it_is_now() throws Exception {
    configMaps("rest", 4);
    String path = "/api/v1/namespaces/rest/configmaps?limit=2&continue=";
    try (Wire wire = Wire.of(server)) {
      // {"v":"meta.k8s.io/v1","rv":1,"start":"rest/c0"}
      JsonNode old =
          wire.get(path + "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJyZXN0L2MwIn0");
      JsonNode rest = wire.get(path + Json.text(old, "metadata", "continue"));
      assertThat(names(rest)).containsExactly("c1", "c2");
      JsonNode last = wire.get(path + Json.text(rest, "metadata", "continue"));
      assertThat(names(last)).containsExactly("c3", "kube-root-ca.crt");
      assertThat(last.at("/metadata/resourceVersion"))
          .isEqualTo(rest.at("/metadata/resourceVersion"));
    }
  }

  @Test
  void the_real_client_reads_all_pieces() throws Exception {
    configMaps("chunks", 5);
    assertThat(kubectl("get", "cm", "-n", "chunks", "--chunk-size=2", "-o", "name").lines())
        .hasSize(6);
    assertThat(kubectl("get", "cm", "-n", "chunks", "--chunk-size=2", "--no-headers").lines())
        .hasSize(6);
  }

  @Test
  void an_event_keeps_its_version_when_a_status_is_written_after_it() throws Exception {
    try (Wire wire = Wire.of(server)) {
      String before = Json.text(wire.get("/api/v1/pods"), "metadata", "resourceVersion");
      String created =
          Json.text(
              server.objects().create(Samples.PODS, "default", Samples.pod("watched")),
              "metadata",
              "resourceVersion");
      server
          .objects()
          .mergePatchStatus(
              Samples.PODS, "default", "watched", Samples.json("{'status':{'phase':'Running'}}"));
      List<JsonNode> events =
          wire.events("/api/v1/pods?watch=1&timeoutSeconds=1&resourceVersion=" + before);
      assertThat(events).hasSize(2);
      assertThat(events.getFirst().at("/object/metadata/resourceVersion").asText())
          .isEqualTo(created);
    }
  }
}
