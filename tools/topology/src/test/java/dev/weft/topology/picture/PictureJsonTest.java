package dev.weft.topology.picture;

import static dev.weft.topology.Sketch.place;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.weft.topology.Flows;
import dev.weft.topology.history.History;
import dev.weft.topology.layout.Layouts;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The records are the console's API as they are, with words of enums and moments as texts. */
class PictureJsonTest {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
          .registerModule(
              new SimpleModule()
                  .addSerializer(Instant.class, ToStringSerializer.instance)
                  .addSerializer(new EmptyOrText()));

  /** What is not there is an empty text. */
  private static final class EmptyOrText extends JsonSerializer<Optional<?>> {
    @Override
    @SuppressWarnings({"unchecked", "rawtypes"})
    public Class<Optional<?>> handledType() {
      return (Class) Optional.class;
    }

    @Override
    public void serialize(Optional<?> value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(value.map(Object::toString).orElse(""));
    }
  }

  private static final JsonNode PICTURE =
      JSON.valueToTree(
          Drawing.of(
              new PictureInput(
                  Instant.parse("2026-01-01T10:00:00Z"),
                  DrawingTest.bookinfo(),
                  List.of(),
                  new Flows()
                      .http(place("c1", "page-c1"), place("c2", "reviews-c2"), "reviews", 60)
                      .traffic(),
                  History.EMPTY),
              View.all(Duration.ofMinutes(1)),
              new Layouts(1)));

  @Test
  void a_picture() {
    assertThat(names(PICTURE))
        .containsExactly(
            "structure",
            "at",
            "windowMillis",
            "source",
            "width",
            "height",
            "clusters",
            "namespaces",
            "nodes",
            "edges",
            "sentences",
            "reduced",
            "level");
    assertThat(PICTURE.get("at").asText()).isEqualTo("2026-01-01T10:00:00Z");
    assertThat(PICTURE.get("level").asText()).isEqualTo("workload");
    assertThat(PICTURE.get("source").toString())
        .isEqualTo(
            "{\"kind\":\"embedded\",\"state\":\"ok\",\"message\":\"\","
                + "\"newest\":\"2026-01-01T10:00:00Z\"}");
  }

  @Test
  void boxes() {
    JsonNode cluster = PICTURE.get("clusters").get(1);
    assertThat(names(cluster))
        .containsExactly(
            "id", "network", "state", "region", "zones", "gateways", "bounds", "rateIn", "rateOut");
    assertThat(cluster.get("state").asText()).isEqualTo("synced");
    assertThat(names(cluster.get("bounds"))).containsExactly("x", "y", "width", "height");
    assertThat(names(cluster.get("gateways").get(0)))
        .containsExactly("name", "addresses", "pods", "ready", "at");
    assertThat(names(PICTURE.get("namespaces").get(0)))
        .containsExactly("id", "cluster", "namespace", "bounds");
  }

  @Test
  void cards_and_edges() {
    assertThat(names(PICTURE.get("nodes").get(0)))
        .containsExactly(
            "id",
            "kind",
            "cluster",
            "namespace",
            "name",
            "app",
            "version",
            "pods",
            "ready",
            "ghost",
            "status",
            "marks",
            "bounds");
    JsonNode edge = PICTURE.get("edges").get(0);
    assertThat(names(edge))
        .containsExactly(
            "id",
            "source",
            "target",
            "service",
            "protocol",
            "path",
            "gateway",
            "rate",
            "share",
            "failed",
            "noResponse",
            "codes",
            "meanMillis",
            "p50Millis",
            "p95Millis",
            "p99Millis",
            "sentBytes",
            "receivedBytes",
            "mutualTls",
            "clientRate",
            "serverRate",
            "status",
            "ghost",
            "points");
    assertThat(edge.get("path").asText()).isEqualTo("GATEWAY");
    assertThat(edge.get("p50Millis").isNull()).isTrue();
    assertThat(names(PICTURE.get("sentences").get(0)))
        .containsExactly("code", "args", "severity", "nodes", "edges");
  }

  @Test
  void words_of_more_than_one() {
    assertThat(List.of(ClusterState.values()).toString())
        .isEqualTo("[synced, syncing, lost, last-known, rejected, unregistered]");
    assertThat(List.of(Status.values()).toString())
        .isEqualTo("[idle, ok, notReady, degraded, failure]");
    assertThat(List.of(Mark.values()).toString())
        .isEqualTo("[routing, breaker, noSidecar, stale, finding]");
    assertThat(List.of(SentenceCode.values()).toString())
        .isEqualTo(
            "[source-failed, no-endpoints, empty-subset, failing, cluster-state,"
                + " unregistered-cluster, all-left, part-left, quiet]");
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
