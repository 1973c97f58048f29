package dev.weft.cli.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cli.OneCluster;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnalyzeCommandTest {
  private static final String HELLO =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: hello}
      spec:
        selector: {app: hello}
        ports: [{name: http, port: 5000}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: hello-v1}
      spec:
        selector: {matchLabels: {app: hello, version: v1}}
        template:
          metadata: {labels: {app: hello, version: v1}}
          spec: {containers: [{name: hello, image: hello}]}
      """;

  private static final String RULE =
      """
      apiVersion: networking.istio.io/v1beta1
      kind: DestinationRule
      metadata: {name: hello}
      spec:
        host: hello
        subsets:
        - {name: v1, labels: {version: v1}}
        - {name: v2, labels: {version: v2}}
      """;

  @TempDir Path directory;

  @Test
  void files_alone_are_one_mesh() throws IOException {
    Path files = Files.createDirectory(directory.resolve("manifests"));
    Files.writeString(files.resolve("hello.yaml"), HELLO);
    Files.writeString(files.resolve("rule.yaml"), RULE);

    OneCluster.Ran ran = OneCluster.run("analyze", "--use-kube=false", "-f", files.toString());

    assertThat(ran.code()).as(ran.err()).isEqualTo(1);
    assertThat(ran.out())
        .startsWith(
            "Error [IST0173] (DestinationRule default/hello spec.subsets) subset v2 selects none of"
                + " the 1 endpoints");
  }

  @Test
  void good_files_are_good() throws IOException {
    Path file = Files.writeString(directory.resolve("hello.yaml"), HELLO);

    OneCluster.Ran ran = OneCluster.run("analyze", "--use-kube=false", file.toString());

    assertThat(ran.code()).isZero();
    assertThat(ran.out()).isEqualTo("No mistakes found in namespace default.\n");
  }

  @Test
  void a_field_that_cannot_be_read_is_named() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("bad.yaml"),
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: hello, namespace: shop}
            spec:
              hosts: [hello]
              http:
              - match: [{uri: {regex: "("}}]
                route: [{destination: {host: hello}}]
            """);

    OneCluster.Ran ran =
        OneCluster.run("analyze", "--use-kube=false", "-n", "shop", "-f", file.toString());

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out()).contains("VirtualService shop/hello spec.http[0].match[0].uri.regex");
  }

  @Test
  void an_object_of_a_namespace_that_the_mesh_does_not_look_at_is_named() throws Exception {
    Path rule = Files.writeString(directory.resolve("rule.yaml"), RULE);
    try (OneCluster cluster = new OneCluster("west", directory)) {
      cluster
          .client()
          .resource(
              new NamespaceBuilder()
                  .withNewMetadata()
                  .withName("istio-system")
                  .endMetadata()
                  .build())
          .create();
      cluster
          .client()
          .resource(
              new ConfigMapBuilder()
                  .withNewMetadata()
                  .withName("istio")
                  .withNamespace("istio-system")
                  .endMetadata()
                  .addToData("mesh", "discoverySelectors: [{matchLabels: {env: prod}}]")
                  .build())
          .create();
      assertThat(cluster.weft("analyze", "--context", "west", "-f", rule.toString()).out())
          .startsWith("Info [namespace-not-selected] (DestinationRule default/hello")
          .doesNotContain("IST0174");
    }
  }

  @Test
  void files_are_looked_at_as_if_they_were_applied_to_the_cluster() throws Exception {
    Path rule = Files.writeString(directory.resolve("rule.yaml"), RULE);
    try (OneCluster cluster = new OneCluster("west", directory)) {
      assertThat(cluster.weft("analyze", "--context", "west", "-f", rule.toString()).out())
          .contains("Warning [IST0174] (DestinationRule default/hello spec.host)");

      cluster
          .client()
          .resource(
              new ServiceBuilder()
                  .withNewMetadata()
                  .withName("hello")
                  .withNamespace("default")
                  .endMetadata()
                  .withNewSpec()
                  .addNewPort()
                  .withName("http")
                  .withPort(5000)
                  .endPort()
                  .addToSelector("app", "hello")
                  .endSpec()
                  .build())
          .create();

      assertThat(cluster.weft("analyze", "--context", "west", "-f", rule.toString()).out())
          .contains("Error [IST0173]")
          .doesNotContain("IST0174");
    }
  }

  @Test
  void other_namespaces_are_reported_where_they_are_asked_for() throws Exception {
    Path rule = Files.writeString(directory.resolve("rule.yaml"), RULE);
    try (OneCluster cluster = new OneCluster("west", directory)) {
      cluster
          .client()
          .resource(new NamespaceBuilder().withNewMetadata().withName("shop").endMetadata().build())
          .create();

      assertThat(cluster.weft("analyze", "-n", "shop", rule.toString()).out())
          .contains("DestinationRule shop/hello");
      assertThat(cluster.weft("analyze", "-n", "default").out())
          .isEqualTo("No mistakes found in namespace default.\n");
    }
  }

  @Test
  void an_object_belongs_to_its_namespace() {
    assertThat(AnalyzeCommand.concerns("Service shop/cart (cluster west)", "shop")).isTrue();
    assertThat(AnalyzeCommand.concerns("Service shop/cart", "default")).isFalse();
    assertThat(AnalyzeCommand.concerns("Namespace shop (cluster west)", "shop")).isTrue();
    assertThat(AnalyzeCommand.concerns("Namespace shop (cluster west)", "default")).isFalse();
    assertThat(AnalyzeCommand.concerns("MemberCluster west", "default")).isTrue();
  }
}
