package dev.weft.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.apiserver.ObjectStore;
import dev.weft.lab.supervisor.LabApi;
import dev.weft.lab.supervisor.LabCluster;
import dev.weft.lab.supervisor.LabPlan;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;

final class TogetherTest {

  /** A cluster of which only the name counts. */
  private record Named(String name) implements LabApi {
    @Override
    public ObjectStore store() {
      throw new IllegalStateException("nothing is stored in " + name);
    }

    @Override
    public String wanKubeconfig() {
      return "";
    }

    @Override
    public String wanKubeconfig(String namespace, String account) {
      return "";
    }
  }

  private static List<LabCluster> clusters() {
    return LabPlan.clusters(3, true).stream()
        .map(plan -> new LabCluster(plan, new Named(plan.name())))
        .toList();
  }

  @Test
  void a_step_is_tried_everywhere_before_its_failure_is_said() {
    Set<String> tried = new ConcurrentSkipListSet<>();

    assertThatThrownBy(
            () ->
                Together.in(
                    clusters(),
                    cluster -> {
                      tried.add(cluster.plan().name());
                      if (cluster.plan().name().equals("cluster2")) {
                        throw new IOException("no image");
                      }
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("cluster2: no image");

    assertThat(tried).containsExactly("cluster1", "cluster2", "cluster3");
  }
}
