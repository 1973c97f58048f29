package dev.weft.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cli.OneCluster;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleCommandTest {
  @TempDir static Path directory;
  private static OneCluster cluster;

  @BeforeAll
  static void open() throws Exception {
    cluster = new OneCluster("mesh", directory);
    assertThat(
            cluster
                .client()
                .resource(
                    new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("istio-system")
                        .endMetadata()
                        .build())
                .create())
        .isNotNull();
  }

  @AfterAll
  static void close() throws Exception {
    cluster.close();
  }

  private static OneCluster.Ran console(String... more) {
    String[] words = new String[more.length + 6];
    System.arraycopy(
        new String[] {
          "console", "--mesh-context", "mesh", "--address", "http://127.0.0.1:20001", "--no-open"
        },
        0,
        words,
        0,
        6);
    System.arraycopy(more, 0, words, 6, more.length);
    return cluster.weft(words);
  }

  private static String user(String token) {
    TokenReview review =
        cluster
            .client()
            .tokenReviews()
            .create(new TokenReviewBuilder().withNewSpec().withToken(token).endSpec().build());
    return review.getStatus().getUser().getUsername();
  }

  @Test
  void the_address_has_a_token_of_an_account_that_may_look() {
    OneCluster.Ran ran = console();

    assertThat(ran.code()).as(ran.err()).isZero();
    URI place = URI.create(ran.out().strip());
    assertThat(place.getQuery()).isNull();
    assertThat(place.getFragment()).startsWith("token=");
    assertThat(user(place.getFragment().substring("token=".length())))
        .isEqualTo("system:serviceaccount:istio-system:weft-console-reader");
    assertThat(verbs("weft-console-reader-istio-system")).containsExactly("get", "list", "watch");
  }

  private static List<String> verbs(String role) {
    return cluster
        .client()
        .rbac()
        .clusterRoles()
        .withName(role)
        .get()
        .getRules()
        .getFirst()
        .getVerbs();
  }

  @Test
  void an_admin_is_asked_for_by_name() {
    OneCluster.Ran ran = console("--admin");

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(verbs("weft-console-admin-istio-system")).contains("update", "delete");
  }

  @Test
  void a_token_of_ones_own_is_used_as_it_is() {
    assertThat(console("--token", "mine").out().strip())
        .isEqualTo("http://127.0.0.1:20001/#token=mine");
  }
}
