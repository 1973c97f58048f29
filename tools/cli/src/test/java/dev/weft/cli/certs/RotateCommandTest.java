package dev.weft.cli.certs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cli.OneCluster;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotateCommandTest {
  @TempDir Path directory;

  @Test
  void waits_for_who_does_not_trust_the_new_root_and_goes_on_from_there() throws Exception {
    Path before = made("before");
    Path after = made("after");
    try (OneCluster cluster = new OneCluster("west", directory.resolve("api"))) {
      prepare(cluster, before);

      OneCluster.Ran first = rotate(cluster, after);
      assertThat(first.code()).as(first.err()).isEqualTo(1);
      assertThat(first.out())
          .contains("west: both roots are given out; the old CA signs.")
          .contains("Waiting for namespace default (west) to trust the new root");

      // What the control plane does with the roots of the Secret.
      bundle(cluster, root(before) + root(after));
      webhook(cluster, "injector", root(before));
      webhook(cluster, "of-somebody-else", root(made("elsewhere")));
      OneCluster.Ran halfway = rotate(cluster, after);
      assertThat(halfway.out())
          .isEqualTo(
              "Waiting for MutatingWebhookConfiguration injector (west) to trust the new root\n");
      webhook(cluster, "injector", root(before) + root(after));
      OneCluster.Ran second = rotate(cluster, after);

      assertThat(second.code()).as(second.err()).isZero();
      assertThat(second.out())
          .contains("the new CA signs", "the old root is taken back", "Done")
          .doesNotContain("KEY");
      assertThat(rotate(cluster, after).out()).isEqualTo("Done: the old root is withdrawn.\n");
    }
  }

  private Path made(String name) {
    Path out = directory.resolve(name);
    OneCluster.run(
        "certs", "intermediate", "--cluster", "west", "--key", "ecdsa", "--out", out.toString());
    return out;
  }

  private static OneCluster.Ran rotate(OneCluster cluster, Path to) {
    return cluster.weft("certs", "rotate", "--no-wait", "--context", "west", "--to", to.toString());
  }

  private static String root(Path folder) throws IOException {
    return Files.readString(folder.resolve("root-cert.pem"));
  }

  private static void prepare(OneCluster cluster, Path folder) throws IOException {
    cluster
        .client()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName("istio-system").endMetadata().build())
        .create();
    Map<String, String> files = new HashMap<>();
    for (String name : CaFolder.FILES) {
      files.put(name, Files.readString(folder.resolve("west").resolve(name)));
    }
    cluster
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("cacerts")
                .withNamespace("istio-system")
                .endMetadata()
                .withStringData(files)
                .build())
        .create();
    bundle(cluster, root(folder));
  }

  @Test
  void a_member_that_no_context_leads_to_is_not_forgotten() throws Exception {
    Path before = made("before");
    try (OneCluster cluster = new OneCluster("west", directory.resolve("api"))) {
      prepare(cluster, before);
      members(cluster, "east");

      OneCluster.Ran refused = rotate(cluster, made("after"));
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err()).contains("the mesh has the clusters east", "--members");
      assertThat(
              cluster
                  .weft(
                      "certs",
                      "rotate",
                      "--no-wait",
                      "--context",
                      "west",
                      "--members=",
                      "--to",
                      directory.resolve("after").toString())
                  .out())
          .contains("both roots are given out");
    }
  }

  /** As a control plane registers them. */
  private static void members(OneCluster cluster, String name) {
    cluster
        .client()
        .resource(
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: memberclusters.mesh.weft.dev}
            spec:
              group: mesh.weft.dev
              scope: Cluster
              names: {kind: MemberCluster, listKind: MemberClusterList, plural: memberclusters, singular: membercluster}
              versions:
                - name: v1alpha1
                  served: true
                  storage: true
                  schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """)
        .create();
    cluster
        .client()
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("memberclusters.mesh.weft.dev")
        .waitUntilCondition(
            crd ->
                crd.getStatus() != null
                    && crd.getStatus().getConditions().stream()
                        .anyMatch(
                            c -> c.getType().equals("Established") && c.getStatus().equals("True")),
            20,
            TimeUnit.SECONDS);
    cluster
        .client()
        .resource(
            "{\"apiVersion\":\"mesh.weft.dev/v1alpha1\",\"kind\":\"MemberCluster\",\"metadata\":{\"name\":\"%s\"}}"
                .formatted(name))
        .create();
  }

  private static void webhook(OneCluster cluster, String name, String roots) {
    cluster
        .client()
        .resource(
            new MutatingWebhookConfigurationBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .addNewWebhook()
                .withName("rev.namespace.sidecar-injector.istio.io")
                .withAdmissionReviewVersions("v1")
                .withSideEffects("None")
                .withNewClientConfig()
                .withUrl("https://127.0.0.1:1/inject")
                .withCaBundle(
                    Base64.getEncoder().encodeToString(roots.getBytes(StandardCharsets.US_ASCII)))
                .endClientConfig()
                .endWebhook()
                .build())
        .createOr(present -> present.update());
  }

  private static void bundle(OneCluster cluster, String roots) {
    cluster
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("istio-ca-root-cert")
                .withNamespace("default")
                .endMetadata()
                .addToData("root-cert.pem", roots)
                .build())
        .createOr(present -> present.update());
  }
}
