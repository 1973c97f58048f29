package dev.weft.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.cli.reach.ControlPlane;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemoteClustersCommandTest {

  @Test
  void each_control_plane_says_what_it_reads() throws IOException {
    String table =
        RemoteClustersCommand.table(
            RemoteClustersCommand.rows(
                List.of(
                    answer(
                        "istiod-a",
                        """
                        [{"id": "east", "secretName": "", "syncStatus": "synced"},
                         {"id": "west", "secretName": "istio-system/istio-remote-secret-west",
                          "syncStatus": "lost"}]
                        """),
                    answer(
                        "istiod-b",
                        """
                        [{"id": "east", "secretName": "", "syncStatus": "synced"}]
                        """))));

    assertThat(table)
        .isEqualTo(
            """
            NAME   SECRET                                  STATUS   ISTIOD
            east   -                                       synced   istiod-a
            west   istio-system/istio-remote-secret-west   lost     istiod-a
            east   -                                       synced   istiod-b
            """);
  }

  private static ControlPlane.Answer answer(String istiod, String json) throws IOException {
    return new ControlPlane.Answer(istiod, new ObjectMapper().readTree(json));
  }
}
