package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.testkit.Settle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * The mesh that the example has made of two clusters, and what happens to it while its clients go
 * on calling: each call is a connection of its own, and none is tried a second time.
 *
 * @param keep where the certificates are
 */
record Primaries(Lab lab, Path keep) {
  private static final List<String> CLUSTERS = List.of("cluster1", "cluster2");
  private static final String CLIENT = "-n sample deploy/sleep -c sleep";
  private static final String SECRET = "-n istio-system secret istio-remote-secret-cluster2";
  private static final Duration SOON = Duration.ofSeconds(60);

  /** Version 1 is in cluster1 and version 2 in cluster2. */
  private static final String BOTH = "v1 v2";

  void prepare() {
    for (String cluster : CLUSTERS) {
      lab.kubectlWith(
              """
              apiVersion: networking.istio.io/v1
              kind: DestinationRule
              metadata: {name: helloworld, namespace: sample}
              spec:
                host: helloworld.sample.svc.cluster.local
                trafficPolicy:
                  connectionPool: {http: {maxRequestsPerConnection: 1}}
                  loadBalancer: {simple: ROUND_ROBIN, localityLbSetting: {enabled: false}}
              ---
              apiVersion: networking.istio.io/v1
              kind: VirtualService
              metadata: {name: once, namespace: sample}
              spec:
                hosts: [helloworld.sample.svc.cluster.local]
                http:
                  - route: [{destination: {host: helloworld.sample.svc.cluster.local}}]
                    retries: {attempts: 0}
              """,
              cluster,
              "apply -f -")
          .orFail();
      settled(cluster, BOTH);
    }
  }

  /** Both clusters call, and no call fails. */
  private void under(String what, Runnable events) {
    List<Load> loads = new ArrayList<>();
    for (String cluster : CLUSTERS) {
      loads.add(
          Load.start(
              lab, cluster, CLIENT, "http://helloworld.sample:5000/hello", Duration.ofMinutes(8)));
    }
    try {
      events.run();
    } finally {
      for (Load load : loads) {
        Load.Outcome outcome = load.stop();
        System.out.printf(
            "%s: %d sent, %d failed %s%n",
            what, outcome.sent(), outcome.failed(), outcome.byCode());
        assertThat(outcome.sent()).as(what).isPositive();
        assertThat(outcome.failed()).as("%s: %s", what, outcome.byCode()).isZero();
      }
    }
  }

  void the_root_is_exchanged() {
    Path next = keep.resolve("next");
    assertThat(Command.of("rm", "-rf", next.toString()).run().exitCode()).isZero();
    for (String cluster : CLUSTERS) {
      lab.weft("certs", "intermediate", "--cluster", cluster, "--out", next.toString()).orFail();
    }
    under(
        "root exchanged",
        () ->
            assertThat(
                    lab.weft(
                            Duration.ofMinutes(6),
                            "certs",
                            "rotate",
                            "--context",
                            "cluster1,cluster2",
                            "--to",
                            next.toString())
                        .orFail())
                .contains(
                    "cluster1, cluster2: both roots are given out",
                    "cluster1, cluster2: the new CA signs",
                    "cluster1, cluster2: the old root is taken back",
                    "Done"));
    String root = Command.of("cat", next.resolve("root-cert.pem").toString()).run().orFail();
    for (String cluster : CLUSTERS) {
      String bundles = "configmaps -A --field-selector metadata.name=istio-ca-root-cert";
      assertThat(lab.field(cluster, bundles, ".items[*].data.root-cert\\.pem"))
          .as("roots in the namespaces of %s", cluster)
          .isEqualToIgnoringWhitespace(root.repeat(namespaces(cluster)));
      JsonNode certificates =
          JsonLines.parsed(
                  lab.kubectl(
                          cluster,
                          "-n sample exec deploy/sleep -c istio-proxy -- pilot-agent request GET"
                              + " certs")
                      .orFail())
              .path("certificates");
      assertThat(certificates.path(0).path("ca_cert")).as("roots in force").hasSize(1);
    }
  }

  /** Those of Kubernetes itself get no trust bundle. */
  private int namespaces(String cluster) {
    String names = lab.field(cluster, "namespaces", ".items[*].metadata.name");
    return (int) Stream.of(names.split(" ")).filter(n -> !n.startsWith("kube-")).count();
  }

  void the_token_of_a_cluster_is_replaced() {
    String kubeconfig = kubeconfig();
    String token = kubeconfig.lines().filter(l -> l.contains("token:")).findFirst().orElseThrow();
    under(
        "token replaced",
        () -> {
          store(kubeconfig.replace(token, token.replaceAll("token: .*", "token: wrong")));
          assertThat(listed("are not in use")).contains("Synced", "Unauthorized");
          assertThat(seen("cluster1", 20)).isEqualTo(BOTH);

          String fresh =
              lab.kubectl("cluster2", "-n istio-system create token istio-reader-service-account")
                  .orFail()
                  .strip();
          store(kubeconfig.replace(token, token.replaceAll("token: .*", "token: " + fresh)));
          listed("Synced  ");
          lab.kubectl("cluster2", "-n sample scale deploy/helloworld-v2 --replicas=2").orFail();
          Settle.until(
              "what happens in the cluster is seen",
              SOON,
              () ->
                  lab.weft(
                          "explain",
                          "helloworld.sample",
                          "--from",
                          "deploy/sleep.sample",
                          "--context",
                          "cluster1")
                      .out(),
              out -> out.contains("2 through a gateway"));
        });
  }

  void a_cluster_is_removed() {
    under(
        "cluster removed",
        () -> {
          lab.kubectl("cluster1", "-n istio-system delete secret istio-remote-secret-cluster2")
              .orFail();
          settled("cluster1", "v1");
        });
    // What the other cluster knows is its own matter.
    assertThat(seen("cluster2", 20)).isEqualTo(BOTH);
  }

  private String kubeconfig() {
    return new String(
        Base64.getDecoder().decode(lab.field("cluster1", SECRET, ".data.cluster2")),
        StandardCharsets.UTF_8);
  }

  private void store(String kubeconfig) {
    String data = Base64.getEncoder().encodeToString(kubeconfig.getBytes(StandardCharsets.UTF_8));
    lab.kubectl(
            "cluster1",
            "-n istio-system patch secret istio-remote-secret-cluster2 --type=merge -p",
            "{\"data\":{\"cluster2\":\"" + data + "\"}}")
        .orFail();
  }

  /** What cluster1 says of cluster2, once it says that. */
  private String listed(String words) {
    return Settle.until(
        "cluster1 says of cluster2: " + words,
        SOON,
        () ->
            lab.weft("cluster", "list", "--context", "cluster1")
                .out()
                .lines()
                .filter(l -> l.startsWith("cluster2"))
                .findFirst()
                .orElse(""),
        line -> line.contains(words) && (words.contains("use") || !line.contains("not in use")));
  }

  private void settled(String cluster, String versions) {
    Settle.until(cluster + " reaches " + versions, SOON, () -> seen(cluster, 20), versions::equals);
  }

  /** The versions that answer so many calls, in order; {@code failed} among them where one did. */
  private String seen(String cluster, int calls) {
    String script =
        "for i in $(seq "
            + calls
            + "); do curl -s -m 10 helloworld.sample:5000/hello || echo failed; done";
    return String.join(
        " ",
        lab.kubectl(cluster, "-n sample exec deploy/sleep -c sleep -- sh -c", script)
            .out()
            .lines()
            .map(l -> l.replaceAll(".*version: (v[0-9]+),.*", "$1"))
            .distinct()
            .sorted()
            .toList());
  }
}
