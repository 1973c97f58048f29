package dev.weft.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.console.api.CertificateView;
import dev.weft.console.api.ClusterView;
import dev.weft.console.api.ConfigDetail;
import dev.weft.console.api.NetworkPreview;
import dev.weft.console.api.NetworkWish;
import dev.weft.console.api.Problem;
import dev.weft.console.api.ProxyDetail;
import dev.weft.console.api.ServiceDetail;
import dev.weft.console.api.Session;
import dev.weft.console.api.WorkloadDetail;
import dev.weft.explain.Loss;
import dev.weft.explain.Prediction;
import dev.weft.explain.RequestQuestion;
import dev.weft.explain.RequestStory;
import dev.weft.topology.history.MeshEvent;
import dev.weft.topology.picture.Picture;
import dev.weft.topology.picture.Strip;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The front end's types are those of the records here. */
class TypeScriptTest {
  private static final Path FILE = Path.of("frontend/src/api/types.ts");
  private static final String HEADER =
      """
      // What the console's API answers. Made of the Java records of tools/console and its like by
      // TypeScriptTest, which -Dgolden.update=true writes it anew with. Times are ISO instants,
      // empty where there is none; rates are per second; shares are between 0 and 1.

      """;

  @Test
  void the_front_end_has_the_types_of_the_records() throws Exception {
    String types =
        HEADER
            + TypeScript.of(
                List.of(
                    Picture.class,
                    Strip.class,
                    MeshEvent.class,
                    Session.class,
                    Problem.class,
                    ClusterView.class,
                    NetworkWish.class,
                    NetworkPreview.class,
                    ServiceDetail.class,
                    WorkloadDetail.class,
                    ConfigDetail.class,
                    ProxyDetail.class,
                    CertificateView.class,
                    RequestQuestion.class,
                    RequestStory.class,
                    Loss.class,
                    Prediction.class));
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, types);
    }
    assertThat(Files.readString(FILE)).isEqualTo(types);
  }
}
