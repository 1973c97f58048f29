package dev.weft.lab.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.lab.object.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LabPlanTest {
  private static LabPlan plan(String name, int clusters) {
    return options(clusters, true, Model.HOSTED, "all").plan(name);
  }

  private static LabOptions options(int clusters, boolean isolated, Model model, String proxies) {
    return new LabOptions(clusters, isolated, model, proxies, List.of("weft"), "/lib", List.of());
  }

  @Test
  void isolated_clusters_have_the_same_ranges_flat_ones_do_not() {
    assertThat(LabPlan.clusters(3, true))
        .extracting(ClusterPlan::podRange)
        .containsOnly("10.244.0.0/16");
    assertThat(LabPlan.clusters(3, false))
        .extracting(ClusterPlan::podRange)
        .containsExactly("10.244.0.0/16", "10.245.0.0/16", "10.246.0.0/16");
    assertThat(LabPlan.clusters(20, false))
        .extracting(ClusterPlan::podRange)
        .doesNotHaveDuplicates();
    assertThat(LabPlan.clusters(2, true))
        .extracting(c -> c.network() + " " + c.wanAddress() + " " + c.loadBalancerRanges())
        .containsExactly(
            "network1 172.18.0.2 [172.18.1.230-172.18.1.240]",
            "network2 172.18.0.3 [172.18.1.241-172.18.1.252]");
  }

  @Test
  void names_and_numbers_out_of_range_are_refused_with_the_way_out() {
    assertThatThrownBy(() -> plan("Lab 1", 2)).hasMessageContaining("lower-case letters");
    assertThatThrownBy(() -> plan("lab", 0)).hasMessage("a lab has 1 to 20 clusters, not 0");
  }

  @Test
  void a_hosted_mesh_is_a_cluster_beside_those_of_users() {
    LabPlan flat = options(2, false, Model.HOSTED, "all").plan("lab");
    assertThat(flat.all())
        .extracting(ClusterPlan::name)
        .containsExactly("cluster1", "cluster2", "mesh");
    assertThat(flat.mesh().network()).isEqualTo("network1");
    assertThat(flat.mesh().podRange()).isEqualTo("10.243.0.0/16");
    assertThat(plan("lab", 2).mesh().network()).isEqualTo("mesh");
    assertThat(plan("lab", 2).proxied("mesh")).isFalse();
    assertThat(options(2, false, Model.MULTI_PRIMARY, "all").plan("lab").all()).hasSize(2);
  }

  @Test
  void its_pods_have_addresses_of_their_own_in_a_flat_network() {
    List<ClusterPlan> clusters =
        Topology.parse("clusters: [{podRange: 10.243.0.0/17}, {podRange: 10.242.0.0/16}]", false);
    LabPlan plan =
        new LabPlan("lab", Model.HOSTED, false, clusters, List.of("weft"), "/lib", "all");
    assertThat(plan.mesh().podRange()).isEqualTo("10.241.0.0/16");
  }

  @Test
  void the_name_and_the_address_of_the_mesh_are_its_own() {
    assertThatThrownBy(
            () ->
                new LabPlan(
                    "lab",
                    Model.HOSTED,
                    true,
                    Topology.parse("clusters: [{name: mesh}]", true),
                    List.of("weft"),
                    "/lib",
                    "all"))
        .hasMessageContaining("those of a hosted mesh itself");
  }

  @Test
  void a_plan_survives_being_stored() throws IOException {
    LabPlan plan = plan("lab", 2);

    assertThat(Trees.JSON.readValue(Trees.JSON.writeValueAsString(plan), LabPlan.class))
        .isEqualTo(plan);
  }

  @Test
  void a_plan_of_an_earlier_version_is_understood(@TempDir Path directory) throws IOException {
    LabPlan plan = plan("lab", 2);
    String old =
        Trees.JSON.writeValueAsString(plan).replace("\"model\":\"HOSTED\"", "\"mesh\":true");

    assertThat(LabPlan.read(Files.writeString(directory.resolve("plan.json"), old)))
        .isEqualTo(plan);
  }

  @Test
  void what_a_lab_keeps_for_its_life_is_refused_to_change() {
    LabPlan hosted = plan("lab", 2);
    LabPlan bare = options(2, true, Model.NONE, "all").plan("lab");
    LabPlan flat = options(2, false, Model.HOSTED, "all").plan("lab");

    assertThat(PlanChange.refused(hosted, bare).orElseThrow())
        .contains("was made with --model hosted", "not for --no-mesh", "weft lab reset");
    assertThat(PlanChange.refused(hosted, flat).orElseThrow())
        .contains("--network isolated", "not for --network flat");
    assertThat(PlanChange.refused(hosted, plan("lab", 3))).isEmpty();
    assertThat(PlanChange.refused(hosted, options(2, true, Model.HOSTED, "none").plan("lab")))
        .isEmpty();
  }

  @Test
  void what_changes_between_runs_is_refused_while_a_lab_runs() {
    LabPlan runs = plan("lab", 2);

    assertThat(PlanChange.refusedWhileRunning(runs, plan("lab", 3)).orElseThrow())
        .contains("runs with 2 clusters, not 3", "weft lab down", "--clusters 3");
    assertThat(
            PlanChange.refusedWhileRunning(
                    runs, options(2, true, Model.HOSTED, "cluster1").plan("lab"))
                .orElseThrow())
        .contains("weft cluster network set");
    assertThat(PlanChange.refusedWhileRunning(runs, plan("lab", 2))).isEmpty();
  }

  @Test
  void gateways_that_were_installed_are_not_taken_away_by_another_start() {
    LabPlan made = options(2, true, Model.MULTI_PRIMARY, "all").plan("lab");
    LabPlan wanted = options(2, true, Model.MULTI_PRIMARY, "cluster1").plan("lab");

    assertThat(PlanChange.refused(made, wanted).orElseThrow())
        .contains("--cross-cluster-proxy all", "weft gateway generate", "weft lab reset");
    assertThat(made.proxied("cluster2")).isTrue();
    assertThat(wanted.proxied("cluster2")).isFalse();
  }

  @Test
  void every_model_has_a_word() {
    for (String word : Model.words()) {
      assertThat(Model.of(word).orElseThrow().option()).isEqualTo("--model " + word);
    }
    assertThat(Model.of("--no-mesh")).isEmpty();
  }

  @Test
  void kubeconfigs_are_merged_under_one_current_context() {
    String one = "contexts: [{name: a}]\nusers: [{name: a}]\nclusters: [{name: a}]";
    String two = one.replace("name: a", "name: b");

    var merged = Trees.yaml(Kubeconfigs.merge(List.of(one, two), "b"));

    assertThat(merged.path("contexts")).hasSize(2);
    assertThat(merged.path("current-context").asText()).isEqualTo("b");
  }

  @Test
  void mapped_commands_keep_their_words_and_replace_each_other(@TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("mappings");
    UserMappings.add(file, "my/app", List.of("old"));
    UserMappings.add(file, "my/app", List.of("run", "it's me"));

    assertThat(file).hasContent("my/app -- 'run' 'it'\"'\"'s me'");
  }

  @Test
  void the_directory_follows_weft_home() {
    assertThat(LabDirectory.of("x", Map.of("WEFT_HOME", "/w")).root())
        .isEqualTo(Path.of("/w/labs/x"));
    assertThat(LabDirectory.of("x", Map.of("HOME", "/h")).root())
        .isEqualTo(Path.of("/h/.weft/labs/x"));
  }

  @Test
  void a_claim_of_a_lab_that_does_not_run_any_more_can_be_taken(@TempDir Path run)
      throws IOException, LabException {
    LabClaim first = new LabClaim("x", new LabDirectory(run.resolve("a/labs/x")), run.resolve("r"));
    LabClaim second =
        new LabClaim("x", new LabDirectory(run.resolve("b/labs/x")), run.resolve("r"));
    first.take();

    assertThat(second.takenByAnother()).isFalse();
    second.take();
    second.release();
    assertThat(run.resolve("r")).doesNotExist();
  }
}
