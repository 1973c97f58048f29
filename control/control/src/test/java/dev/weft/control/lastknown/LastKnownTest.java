package dev.weft.control.lastknown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigEvent;
import dev.weft.config.ConfigSet;
import dev.weft.config.KubeEndpointSlice;
import dev.weft.config.KubeNamespace;
import dev.weft.config.KubeNode;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.config.MeshSettings;
import dev.weft.config.SyncState;
import dev.weft.types.ClusterId;
import dev.weft.types.Locality;
import dev.weft.types.ServiceId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LastKnownTest {
  private static final ClusterId EAST = new ClusterId("east");
  private static final ClusterId WEST = new ClusterId("west");
  private static final Instant NOW = Instant.parse("2025-01-02T03:04:05Z");

  @TempDir Path directory;

  /** Every field has a value of its own, so that none can be forgotten or swapped unnoticed. */
  private static ClusterFacts facts(ClusterId id, SyncState state) {
    KubeService service =
        new KubeService(
            new ServiceId("shop", "cart"),
            Map.of("l", "1"),
            Map.of("networking.istio.io/exportTo", "."),
            Instant.parse("2024-01-01T00:00:00Z"),
            KubeService.Type.LOAD_BALANCER,
            List.of("10.96.0.1", "fd00::1"),
            true,
            "elsewhere.example",
            List.of("192.0.2.1"),
            List.of("192.0.2.2"),
            Map.of("app", "cart"),
            List.of(new KubeService.Port("http", 80, "TCP", "http2", "web", 30080)),
            true,
            false);
    KubeEndpointSlice slice =
        new KubeEndpointSlice(
            "shop",
            "cart-x",
            "cart",
            List.of(new KubeEndpointSlice.Port("http", 8080, "TCP")),
            List.of(
                new KubeEndpointSlice.Endpoint(
                    List.of("10.244.0.7"), true, false, true, "cart-1", "n1", "z1", "h1")));
    KubePod pod =
        new KubePod(
            "shop",
            "cart-1",
            Map.of("app", "cart"),
            Map.of("sidecar.istio.io/status", "x"),
            List.of("10.244.0.7"),
            "account",
            "n1",
            "Deployment",
            "cart",
            "host",
            "sub",
            List.of(new KubePod.ContainerPort("web", 8080, "UDP")),
            true,
            false,
            true);
    KubeNode node =
        new KubeNode("n1", Map.of("a", "b"), List.of("172.18.0.2"), new Locality("r", "z", "s"));
    KubeNamespace namespace =
        new KubeNamespace("shop", "u-1", Map.of("c", "d"), Map.of("x.istio.io/y", "z"), true);
    return new ClusterFacts(
        id,
        state,
        "",
        Map.of(service.key(), service),
        Map.of(slice.key(), slice),
        Map.of(pod.key(), pod),
        Map.of("n1", node),
        Map.of("shop", namespace));
  }

  private static ConfigSet set(ClusterFacts... clusters) {
    Map<ClusterId, ClusterFacts> map = new TreeMap<>();
    for (ClusterFacts facts : clusters) {
      map.put(facts.id(), facts);
    }
    return new ConfigSet(MeshSettings.defaults(), map, Map.of(), Map.of(), List.of());
  }

  private LastKnown open() {
    return new LastKnown(directory.resolve("members"), () -> NOW, Duration.ofMillis(5));
  }

  /** One process: reads, is told, and ends in good order. */
  private List<ConfigEvent.ClusterRemembered> run(ConfigSet... told) {
    try (LastKnown process = open()) {
      List<ConfigEvent.ClusterRemembered> found = process.load();
      process.start();
      for (ConfigSet config : told) {
        process.accept(config);
      }
      return found;
    }
  }

  @Test
  void what_was_written_is_read_back_field_by_field() {
    assertThat(run(set(facts(EAST, SyncState.SYNCED)))).isEmpty();
    assertThat(run())
        .containsExactly(new ConfigEvent.ClusterRemembered(facts(EAST, SyncState.LAST_KNOWN), NOW));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SYNCING", "REJECTED", "LAST_KNOWN"})
  void a_cluster_that_was_not_read_does_not_overwrite_what_was_known(SyncState state) {
    run(set(facts(EAST, SyncState.LOST)));
    ClusterFacts nothing =
        new ClusterFacts(EAST, state, "", Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
    run(set(nothing));
    assertThat(run())
        .extracting(known -> known.facts().services().keySet())
        .containsExactly(facts(EAST, state).services().keySet());
  }

  @Test
  void a_cluster_that_is_no_longer_registered_is_forgotten_and_no_other() throws IOException {
    run(set(facts(EAST, SyncState.SYNCED), facts(WEST, SyncState.SYNCED)));
    run(set(facts(WEST, SyncState.LAST_KNOWN)));
    assertThat(run()).extracting(known -> known.facts().id()).containsExactly(WEST);
    assertThat(directory.resolve("members/east.json")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"format\":\"weft-mem",
        "[]",
        "{\"clusters\": []}",
        "{\"format\":\"weft-member-cluster\",\"version\":3,\"cluster\":\"east\"}",
        "{\"format\":\"weft-member-cluster\",\"version\":3,\"cluster\":\"west\"}",
        "{\"format\":\"weft-member-cluster\",\"version\":3,\"cluster\":\"east\",\"services\":[{}]}"
      })
  void a_file_that_is_broken_or_foreign_counts_as_not_there_and_is_replaced(String content)
      throws IOException {
    Path file = directory.resolve("members/east.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    Files.writeString(directory.resolve("members/.east.next"), "{");
    Files.writeString(directory.resolve("members/Notes.txt"), "somebody's");
    assertThat(run(set(facts(EAST, SyncState.SYNCED)))).isEmpty();
    assertThat(run()).hasSize(1);
    assertThat(directory.resolve("members/Notes.txt")).hasContent("somebody's");
  }

  /** Without the pod, with the node changed, and with one namespace more. */
  private static ClusterFacts changed() {
    ClusterFacts facts = facts(EAST, SyncState.SYNCED);
    KubeNode node =
        new KubeNode("n1", Map.of("a", "c"), List.of("172.18.0.2"), new Locality("r", "z", "s"));
    KubeNamespace namespace = new KubeNamespace("more", "u-2", Map.of(), Map.of(), false);
    return new ClusterFacts(
        EAST,
        SyncState.SYNCED,
        "",
        facts.services(),
        facts.slices(),
        Map.of(),
        Map.of("n1", node),
        Map.of("shop", facts.namespaces().get("shop"), "more", namespace));
  }

  @Test
  void a_change_is_a_line_and_leaves_the_first_file_alone() throws IOException {
    run(set(facts(EAST, SyncState.SYNCED)));
    byte[] first = Files.readAllBytes(directory.resolve("members/east.json"));
    run(set(changed()));
    assertThat(directory.resolve("members/east.json")).hasBinaryContent(first);
    assertThat(Files.readAllLines(directory.resolve("members/east.changes")))
        .singleElement()
        .asString()
        .contains("podsGone", "n1", "more")
        .doesNotContain("elsewhere.example");
    assertThat(run())
        .extracting(ConfigEvent.ClusterRemembered::facts)
        .containsExactly(changed().in(SyncState.LAST_KNOWN, ""));
  }

  @Test
  void half_a_line_counts_as_not_there_and_nothing_follows_on_it() throws IOException {
    Path changes = directory.resolve("members/east.changes");
    run(set(facts(EAST, SyncState.SYNCED)));
    run(set(changed()));
    byte[] line = Files.readAllBytes(changes);
    Files.write(changes, Arrays.copyOf(line, line.length - 10));
    assertThat(run())
        .extracting(ConfigEvent.ClusterRemembered::facts)
        .containsExactly(facts(EAST, SyncState.LAST_KNOWN));
    run(set(changed()));
    assertThat(changes).doesNotExist();
    assertThat(run())
        .extracting(ConfigEvent.ClusterRemembered::facts)
        .containsExactly(changed().in(SyncState.LAST_KNOWN, ""));
  }

  @Test
  void lines_that_were_written_before_the_first_file_say_nothing() throws IOException {
    Path changes = directory.resolve("members/east.changes");
    run(set(facts(EAST, SyncState.SYNCED)));
    run(set(changed()));
    byte[] line = Files.readAllBytes(changes);
    Files.write(changes, "torn".getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
    run(set(facts(EAST, SyncState.SYNCED)));
    Files.write(changes, line);
    assertThat(run())
        .extracting(ConfigEvent.ClusterRemembered::facts)
        .containsExactly(facts(EAST, SyncState.LAST_KNOWN));
  }

  @Test
  void the_second_file_never_gets_much_longer_than_the_first() throws IOException {
    for (int i = 0; i < 200; i++) {
      KeptMember member = new KeptMember(directory, EAST);
      if (i > 0) {
        member.load();
      }
      for (int j = 0; j < 10; j++) {
        member.keep(j % 2 == 0 ? changed() : facts(EAST, SyncState.SYNCED), NOW);
      }
    }
    Path changes = directory.resolve("east.changes");
    assertThat(Files.exists(changes) ? Files.size(changes) : 0).isLessThanOrEqualTo(64 << 10);
    assertThat(new KeptMember(directory, EAST).load().facts())
        .isEqualTo(facts(EAST, SyncState.LAST_KNOWN));
  }

  @Test
  void what_is_wrong_with_a_file_is_said_by_its_field() throws IOException {
    String good =
        new String(
            new MemberFile(facts(EAST, SyncState.SYNCED), 1, NOW).write(), StandardCharsets.UTF_8);
    assertThatThrownBy(
            () ->
                MemberFile.read(
                    EAST,
                    good.replace("\"nodePort\":30080", "\"nodePort\":\"x\"")
                        .getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IOException.class)
        .hasMessage("services[0].ports[0].nodePort is not a whole number");
  }

  @Test
  void a_directory_that_cannot_be_written_costs_nothing_else() throws IOException {
    Files.writeString(directory.resolve("members"), "a file stands in the way");
    assertThat(run(set(facts(EAST, SyncState.SYNCED)))).isEmpty();
    assertThat(directory.resolve("members")).hasContent("a file stands in the way");
  }
}
