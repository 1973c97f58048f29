package dev.weft.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.config.ControlIdentity;
import dev.weft.config.MeshSettings;
import dev.weft.control.ControlOptions.ConfigSource;
import dev.weft.control.ControlOptions.UsageException;
import dev.weft.types.ClusterId;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlOptionsTest {
  private static ControlOptions parse(Map<String, String> environment, String... args)
      throws UsageException {
    return ControlOptions.parse(args, environment);
  }

  @Test
  void without_anything_it_is_a_hosted_control_plane_that_reads_the_cluster_of_its_pod()
      throws Exception {
    ControlOptions options = parse(Map.of());
    assertThat(options.source()).isInstanceOf(ConfigSource.InCluster.class);
    assertThat(options.control()).isEqualTo(ControlIdentity.hosted("istio-system"));
    assertThat(options.election()).isTrue();
  }

  @Test
  void the_environment_of_a_pod_says_who_it_is_and_options_win() throws Exception {
    Map<String, String> pod =
        Map.of(
            "CLUSTER_ID", "Kubernetes",
            "POD_NAMESPACE", "mesh",
            "POD_NAME", "istiod-1",
            "REVISION", "canary");
    ControlOptions options = parse(pod);
    assertThat(options.replica()).isEqualTo("istiod-1");
    assertThat(options.control())
        .isEqualTo(
            new ControlIdentity(Optional.of(new ClusterId("kubernetes")), "canary", "mesh", ""));
    assertThat(parse(pod, "--cluster-id=east", "--revision", "default").control())
        .isEqualTo(new ControlIdentity(Optional.of(new ClusterId("east")), "default", "mesh", ""));
  }

  @Test
  void further_names_of_its_certificate_are_those_that_istio_takes() throws Exception {
    assertThat(parse(Map.of()).hosts()).isEmpty();
    assertThat(parse(Map.of("ISTIOD_CUSTOM_HOST", "a.example.com, b.example.com")).hosts())
        .containsExactly("a.example.com", "b.example.com");
  }

  @Test
  void how_much_is_traced_is_said_as_for_istio() throws Exception {
    assertThat(parse(Map.of()).sampling()).isEqualTo(1);
    assertThat(parse(Map.of("PILOT_TRACE_SAMPLING", "")).sampling()).isEqualTo(1);
    assertThat(parse(Map.of("PILOT_TRACE_SAMPLING", "0")).sampling()).isZero();
    assertThat(parse(Map.of("PILOT_TRACE_SAMPLING", "12.34")).sampling()).isEqualTo(12.34);
    for (String wrong : List.of("all", "-1", "101", "NaN")) {
      assertThatThrownBy(() -> parse(Map.of("PILOT_TRACE_SAMPLING", wrong)))
          .hasMessageStartingWith("PILOT_TRACE_SAMPLING: '" + wrong + "'");
    }
  }

  @Test
  void names_follow_the_revision_and_the_root_namespace() {
    ControlIdentity canary = new ControlIdentity(Optional.empty(), "canary", "mesh", "");
    assertThat(canary.settings()).isEqualTo("istio-canary");
    assertThat(canary.named("weft-control-leader")).isEqualTo("weft-control-leader-canary");
    MeshSettings settings = MeshSettings.defaults(canary);
    assertThat(settings.rootNamespace()).isEqualTo("mesh");
    assertThat(settings.discoveryAddress()).isEqualTo("istiod-canary.mesh.svc:15012");
    assertThat(MeshSettings.defaults().discoveryAddress())
        .isEqualTo("istiod.istio-system.svc:15012");
  }

  @Test
  void prometheus_is_named_as_often_as_there_are_servers() throws Exception {
    assertThat(parse(Map.of()).prometheus()).isEmpty();
    assertThat(parse(Map.of()).prometheusFile())
        .isEqualTo(Path.of("/etc/weft/prometheus/prometheus.yaml"));
    ControlOptions options =
        parse(Map.of(), "--prometheus", "http://one:9090", "--prometheus=https://two/api");
    assertThat(options.prometheus())
        .containsExactly(URI.create("http://one:9090"), URI.create("https://two/api"));
    assertThatThrownBy(() -> parse(Map.of(), "--prometheus", "http://me:hidden@one"))
        .hasMessageStartingWith("--prometheus must be http:// or https:// with a host")
        .hasMessageNotContaining("hidden");
  }

  @Test
  void what_cannot_be_a_name_is_refused_by_option() {
    assertThatThrownBy(() -> parse(Map.of(), "--cluster-id", "a_b"))
        .hasMessageStartingWith("--cluster-id: 'a_b' is not a DNS label");
    assertThatThrownBy(() -> parse(Map.of(), "--xds-port", "many"))
        .hasMessageContaining("--xds-port");
  }

  @Test
  void a_replica_without_a_name_makes_one_up_once(@TempDir Path directory) throws Exception {
    String made = Replica.name("", directory.resolve("data"));
    assertThat(made).startsWith("weft-control-");
    assertThat(Replica.name("", directory.resolve("data"))).isEqualTo(made);
    assertThat(Replica.name("istiod-1", directory)).isEqualTo("istiod-1");
  }
}
