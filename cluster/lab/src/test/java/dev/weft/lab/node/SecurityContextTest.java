package dev.weft.lab.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.lab.container.ContainerRuntime.Security;
import dev.weft.lab.image.ImageCatalogue.Image;
import dev.weft.lab.object.Trees;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SecurityContextTest {

  private static Security security(String pod, String container, int imageUser)
      throws ConfigException {
    PodSpec spec =
        new PodSpec(
            Trees.yaml(
                """
                metadata: {name: p, namespace: n, uid: u}
                spec:
                  securityContext: %s
                  containers: [{name: c, image: i, securityContext: %s}]
                """
                    .formatted(pod, container)));
    Image image = new Image("i", List.of(), List.of(), Map.of(), imageUser);
    return SecurityContext.of(spec, spec.containers().getFirst(), image);
  }

  @Test
  void a_containers_own_field_goes_before_its_pods_and_that_before_the_images()
      throws ConfigException {
    assertThat(security("{}", "{}", 100).user()).isEqualTo(100);
    assertThat(security("{runAsUser: 5}", "{}", 100).user()).isEqualTo(5);
    assertThat(security("{runAsUser: 5}", "{runAsUser: 6, runAsGroup: 7}", 100))
        .isEqualTo(new Security(6, 7, List.of(), false));
  }

  @Test
  void what_must_not_be_root_and_would_be_is_refused_as_the_kubelet_does() throws ConfigException {
    assertThatThrownBy(() -> security("{runAsNonRoot: true}", "{}", 0))
        .hasMessage(
            "container has runAsNonRoot and image will run as root (pod: \"p_n(u)\", container: c)");
    assertThatThrownBy(() -> security("{runAsUser: 0}", "{runAsNonRoot: true}", 100))
        .hasMessageStartingWith("container's runAsUser breaks non-root policy");
    assertThat(security("{runAsNonRoot: true}", "{runAsNonRoot: false}", 0).user()).isZero();
    assertThat(security("{runAsNonRoot: true}", "{}", 100).user()).isEqualTo(100);
  }

  @Test
  void the_group_of_volumes_and_further_ones_are_the_processes_too() throws ConfigException {
    assertThat(security("{fsGroup: 10, supplementalGroups: [11, 10]}", "{}", 1).groups())
        .containsExactly(10, 11);
  }

  @Test
  void a_read_only_root_is_a_containers_own_choice() throws ConfigException {
    assertThat(security("{}", "{readOnlyRootFilesystem: true}", 0).readOnlyRoot()).isTrue();
    assertThat(security("{readOnlyRootFilesystem: true}", "{}", 0).readOnlyRoot()).isFalse();
  }
}
