package dev.weft.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import dev.weft.testkit.Corpus;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged answers of API servers, and damaged kubeconfigs of Secrets. */
class HostileAnswerTest {
  @Test
  void a_kubeconfig_is_objected_to_or_not() {
    Corpus.of("kubeconfig")
        .torture(
            500,
            Set.of(),
            input -> assertThat(Kubeconfigs.objection(new String(input, UTF_8))).isNotNull());
  }

  @Test
  void a_page_of_a_list_is_read_or_refused() {
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      Source<Service, Service> source =
          Source.whole(new KubeApi(client), "/api/v1/services", "", Service::new);
      Corpus.of("page")
          .torture(
              Set.of(IOException.class),
              input -> {
                try (JsonParser parser = KubeJson.parser(new ByteArrayInputStream(input))) {
                  assertThat(ListPage.read(parser, source, item -> {})).isNotNull();
                }
              });
    }
  }
}
