package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.e2e.Bookshop.Page;
import dev.weft.testkit.Settle;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One application in two clusters of a flat network, in two zones of a region: behind one gateway
 * that the mesh runs, and behind one in each cluster.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OneEntranceTest {
  private static final String ONE = "m1c1";
  private static final String TWO = "m1c2";
  private static final String MESH = "mesh";
  private static final List<String> CLUSTERS = List.of(ONE, TWO);

  private static final String TOPOLOGY =
      """
      clusters:
      - {name: m1c1, region: region1, zone: zone1}
      - {name: m1c2, region: region1, zone: zone2}
      """;

  /** Where others use the machine too. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Lab lab = Lab.named("bookinfo");

  @BeforeAll
  void up() throws IOException {
    lab.weft("lab", "reset").orFail();
    Path topology = Files.createDirectories(lab.home()).resolve("bookinfo.yaml");
    Files.writeString(topology, TOPOLOGY);
    lab.up("--network", "flat", "--topology", topology.toString()).orFail();
  }

  @AfterAll
  void down() {
    lab.close();
  }

  private static String text(String resource) {
    try (InputStream in = OneEntranceTest.class.getResourceAsStream(resource + ".yaml")) {
      if (in == null) {
        throw new AssertionError("no " + resource + ".yaml");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Command.Result apply(String context, String yaml) {
    Command.Result result = lab.kubectlWith(yaml, context, "apply -f -");
    String unused = result.orFail();
    return result;
  }

  private static Map<String, Integer> counted(List<Page> pages, Function<Page, String> by) {
    Map<String, Integer> counts = new TreeMap<>();
    pages.forEach(page -> counts.merge(by.apply(page), 1, Integer::sum));
    return counts;
  }

  /** What was not whole: what the page says of it, or its beginning. */
  private static List<String> failures(List<Page> pages) {
    return pages.stream().filter(page -> !page.whole()).map(OneEntranceTest::failure).toList();
  }

  private static String failure(Page page) {
    List<String> said = page.text().lines().filter(l -> l.contains("unavailable")).toList();
    return page.code() + " " + (said.isEmpty() ? page.text().lines().limit(1).toList() : said);
  }

  @Test
  @Order(1)
  void a_gateway_that_names_no_cluster_runs_on_the_side_of_the_mesh() {
    apply(ONE, text("one-entrance-bookinfo-m1c1"));
    apply(TWO, text("one-entrance-bookinfo-m1c2"));
    apply(MESH, text("one-entrance-serverless-gateway"));
    apply(MESH, text("one-entrance-gateway"));
    apply(MESH, text("one-entrance-virtualservice"));
    Settle.until(
        "the gateway is ready",
        PATIENCE,
        () ->
            lab.field(
                MESH,
                "-n istio-system istiogateway ingressgateway",
                ".status.conditions[?(@.type=='Ready')].status"),
        "True"::equals);
    assertThat(lab.kubectl(MESH, "-n istio-system get pod -l istio=ingressgateway").orFail())
        .contains("1/1");
    for (String cluster : CLUSTERS) {
      assertThat(lab.kubectl(cluster, "-n istio-system get pod -l istio=ingressgateway").all())
          .contains("No resources");
    }
    for (String deployment : List.of("details-v1", "ratings-v1", "reviews-v1", "reviews-v2")) {
      lab.rolledOut(TWO, "default", deployment);
    }
    lab.rolledOut(TWO, "default", "productpage-v1");
    lab.rolledOut(ONE, "default", "reviews-v3");
    Bookshop.behind(lab, MESH).untilWhole();
    String address =
        lab.field(MESH, "-n istio-system istiogateway ingressgateway", ".status.GatewayAddress[0]");
    assertThat(
            lab.onTheWan("curl", "-s", "--max-time", "15", "http://" + address + "/productpage")
                .run()
                .out())
        .contains("Book Details");
  }

  @Test
  @Order(2)
  void requests_are_spread_over_the_versions_of_all_clusters() {
    List<Page> pages = Bookshop.behind(lab, MESH).get(300);
    assertThat(failures(pages)).isEmpty();
    Map<String, Integer> versions = counted(pages, Page::reviewsFrom);
    assertThat(versions).containsOnlyKeys("reviews-v1", "reviews-v2", "reviews-v3");
    assertThat(versions.values()).allSatisfy(n -> assertThat(n).isCloseTo(100, Offset.offset(18)));
  }

  @Test
  @Order(3)
  void after_the_rule_only_the_third_version_answers() throws IOException {
    apply(MESH, text("one-entrance-reviews-destinationrule"));
    apply(MESH, text("one-entrance-reviews-virtualservice"));
    Bookshop shop = Bookshop.behind(lab, MESH);
    Settle.until(
        "only red stars",
        Duration.ofSeconds(20),
        () -> shop.get(10),
        pages -> pages.stream().allMatch(page -> page.stars().equals("red")));
    List<Page> pages = shop.get(50);
    assertThat(failures(pages)).isEmpty();
    assertThat(counted(pages, Page::stars)).isEqualTo(Map.of("red", 50));
    assertThat(counted(pages, Page::reviewsFrom)).isEqualTo(Map.of("reviews-v3", 50));
    assumeTrue(Browser.here(), "needs the packages chromium and chromium-driver");
    try (Browser browser = Browser.open("en", 1200, 900)) {
      browser.visit(shop.page());
      assertThat(browser.elements("font[color=red]")).isNotEmpty();
      assertThat(browser.elements("font[color=black]")).isEmpty();
      browser.picture(Onlooker.PICTURES.resolve("bookinfo-red.png"));
    }
  }

  @Test
  @Order(4)
  void a_global_namespace_is_in_all_clusters_and_its_labels_follow() {
    for (String manifest : List.of("one-entrance-virtualservice", "one-entrance-gateway")) {
      lab.kubectlWith(text(manifest), MESH, "delete -f -").orFail();
    }
    lab.kubectl(MESH, "create namespace demo").orFail();
    lab.kubectl(MESH, "label namespace demo istio-injection=enabled").orFail();
    for (String cluster : CLUSTERS) {
      Settle.until(
          "namespace demo in " + cluster,
          Duration.ofSeconds(20),
          () ->
              lab.kubectl(
                      cluster, "get namespace demo -o jsonpath={.metadata.labels.istio-injection}")
                  .out(),
          "enabled"::equals);
    }
  }

  /** Two clusters with the same services, and a gateway in one of them. */
  @Test
  @Order(5)
  void a_gateway_moves_into_the_clusters_that_it_names() {
    for (String cluster : CLUSTERS) {
      String number = cluster.equals(ONE) ? "cluster1" : "cluster2";
      apply(cluster, text("two-zones-cluster1").replace("cluster1", number));
      for (String app : List.of("details", "reviews", "productpage")) {
        lab.rolledOut(cluster, "demo", app + "-" + number);
      }
    }
    lab.kubectl(
            MESH,
            "-n istio-system annotate istiogateway ingressgateway"
                + " asm.alibabacloud.com/managed-by-asm-")
        .orFail();
    lab.kubectl(
            MESH,
            "-n istio-system patch istiogateway ingressgateway --type=merge -p",
            "{\"spec\":{\"clusterIds\":[\"m1c1\",\"m1c2\"],"
                + "\"overrides\":{\"m1c2\":{\"replicaCount\":2}}}}")
        .orFail();
    Settle.until(
        "an address and a pod in both clusters, and none on the side of the mesh",
        PATIENCE,
        () ->
            lab.field(
                MESH,
                "-n istio-system istiogateway ingressgateway",
                ".status.ClusterIdGatewayAddressMap[*].clusterId}/{.status.readyReplicas"),
        "m1c1 m1c2/3"::equals);
    assertThat(lab.kubectl(MESH, "-n istio-system get deploy").all()).contains("No resources");
  }

  @Test
  @Order(6)
  void subsets_that_select_nothing_are_taken_said_and_answered_with_503() throws IOException {
    Command.Result applied = apply(MESH, text("two-zones-rules"));
    for (String said : List.of(applied.err(), findings())) {
      assertThat(said).contains("subset ack", "subset distro", "cluster: cluster1 or cluster2");
    }
    Bookshop shop = Bookshop.behind(lab, ONE);
    Settle.until(
        "no endpoint of the subset",
        Duration.ofSeconds(60),
        () -> shop.get().code(),
        Integer.valueOf(503)::equals);
    Settle.until(
        "the gateway logs UH",
        Duration.ofSeconds(10),
        () ->
            JsonLines.last(
                    lab.proxyLog(ONE, "istio-system", "istio-ingressgateway"), "/productpage")
                .path("response_flags")
                .asText(),
        "UH"::equals);
    assumeTrue(Browser.here(), "needs the packages chromium and chromium-driver");
    try (Onlooker onlooker = Onlooker.of(lab, "en")) {
      onlooker.sees("the console says it", p -> Onlooker.says(p, "empty-subset"));
      onlooker.photograph("empty-subsets");
    }
  }

  private String findings() {
    return Settle.until(
        "the finding",
        Duration.ofSeconds(20),
        () -> lab.weft("analyze", "--context", "mesh,m1c1,m1c2", "-n", "demo").all(),
        text -> text.contains("subset distro"));
  }

  private void mendTheSubsets() {
    apply(
        MESH,
        text("two-zones-rules")
            .replace("cluster: ack", "cluster: cluster1")
            .replace("cluster: distro", "cluster: cluster2"));
    Bookshop.behind(lab, ONE).untilWhole();
  }

  @Test
  @Order(7)
  void the_gateway_splits_80_to_20_and_services_call_their_own_cluster() {
    mendTheSubsets();
    Asked one = Asked.of(lab, ONE);
    Asked two = Asked.of(lab, TWO);
    List<Page> pages = Bookshop.behind(lab, ONE).get(1000);
    assertThat(failures(pages)).isEmpty();
    List<Asked> asked =
        Settle.until(
            "log lines of all pages",
            Duration.ofSeconds(10),
            () -> List.of(Asked.of(lab, ONE).since(one), Asked.of(lab, TWO).since(two)),
            seen ->
                seen.stream().mapToLong(Asked::productpage).sum() == 1000
                    && seen.stream().mapToLong(Asked::reviews).sum() == 1000);
    assertThat(asked.getFirst().productpage()).isCloseTo(800L, Offset.offset(40L));
    assertThat(asked).allSatisfy(a -> assertThat(a.reviews()).isEqualTo(a.productpage()));
    assertThat(times(pages, "reviews-cluster1")).isEqualTo(asked.getFirst().productpage());
  }

  private static long times(List<Page> pages, String deployment) {
    return pages.stream().filter(page -> page.reviewsFrom().equals(deployment)).count();
  }

  private static final String CALLER = ONE + "/demo/productpage-cluster1";
  private static final String LOST = ONE + "/demo/reviews-cluster1";
  private static final String SCOPE = "/topology?c=m1c1,m1c2&ns=demo,istio-system";
  private static final String OTHER = TWO + "/demo/reviews-cluster2";

  @Test
  @Order(8)
  void when_a_service_dies_in_one_cluster_the_other_one_answers_and_the_picture_shows_it()
      throws IOException {
    assumeTrue(Browser.here(), "needs the packages chromium and chromium-driver");
    Bookshop shop = Bookshop.behind(lab, ONE);
    try (Bookshop.Reader reader = new Bookshop.Reader(shop);
        Onlooker onlooker = Onlooker.of(lab, "en")) {
      onlooker.go(SCOPE);
      JsonNode before =
          onlooker.sees(
              "every service calls its own cluster",
              p -> Onlooker.flows(p, CALLER, LOST) && !Onlooker.flows(p, CALLER, OTHER));
      assertThat(Onlooker.share(before, CALLER, LOST)).isEqualTo(1);
      onlooker.photograph("failover-before");
      double predicted = Predicted.share(lab, "demo/reviews-cluster1", CALLER, "reviews", OTHER);

      long lost = System.nanoTime();
      lab.kubectl(ONE, "-n demo scale deploy/reviews-cluster1 --replicas=0").orFail();
      onlooker.sees("the edge crosses", p -> Onlooker.flows(p, CALLER, OTHER));
      System.out.printf(
          "The edge crossed in the picture %d s after the change.%n",
          Duration.ofNanos(System.nanoTime() - lost).toSeconds());
      JsonNode after =
          onlooker.sees(
              "the ghost and the sentence",
              p ->
                  Onlooker.isGhost(p, LOST)
                      && Onlooker.says(p, "all-left")
                      && !Onlooker.flows(p, CALLER, LOST));
      double came = Onlooker.share(after, CALLER, OTHER);
      System.out.printf(
          "Without %s, %s of reviews was predicted for cluster2; %s came.%n",
          LOST, percent(predicted), percent(came));
      assertThat(came).isCloseTo(predicted, Offset.offset(0.05));
      onlooker.browser().settled();
      onlooker.photograph("failover-after");
      onlooker.go("/events");
      onlooker
          .browser()
          .until(
              "events tell it",
              "return document.body.innerText.includes('reviews-cluster1')"
                  + " || document.body.innerText.includes('reviews.demo')");
      onlooker.photograph("failover-events");

      lab.kubectl(ONE, "-n demo scale deploy/reviews-cluster1 --replicas=1").orFail();
      lab.rolledOut(ONE, "demo", "reviews-cluster1");
      Settle.until(
          // The pod counts as ready before it listens, so that its first call ejects it for a
          // minute.
          "reviews of cluster1 again",
          Duration.ofMinutes(3),
          () -> shop.get(40),
          pages -> times(pages, "reviews-cluster1") >= 24);
      onlooker.go(SCOPE);
      onlooker.sees("it returns", p -> Onlooker.flows(p, CALLER, LOST));
      assertThat(onlooker.browser().complaints()).isEmpty();
      List<Page> all = reader.stop();
      assertThat(failures(all)).isEmpty();
      assertThat(all).hasSizeGreaterThan(40);
    }
  }

  private static String percent(double part) {
    return Math.round(part * 100) + " %";
  }

  @ParameterizedTest
  @CsvSource({"en,false", "zh-CN,true"})
  @Order(9)
  void every_page_of_the_console_is_whole(String language, boolean dark) throws IOException {
    assumeTrue(Browser.here(), "needs the packages chromium and chromium-driver");
    try (Onlooker onlooker = Onlooker.of(lab, language)) {
      Browser browser = onlooker.browser();
      browser.prefers(dark, true);
      for (String page :
          List.of(
              "topology",
              "clusters",
              "services",
              "services/demo/reviews",
              "workloads",
              "workloads/" + ONE + "/demo/reviews-cluster1",
              "config",
              "config/DestinationRule/demo/reviews-failover",
              "proxies",
              "certificates",
              "events",
              "explain")) {
        onlooker.go("/" + page);
        browser.until(
            page + " is loaded",
            "return Boolean(document.querySelector('main h1, [role=application]')) && !document.querySelector('[aria-busy=true]')");
        assertThat(browser.barriers()).as(page).isEmpty();
        assertThat(browser.complaints()).as(page).isEmpty();
        onlooker.photograph(
            "%s-%s-%s".formatted(page.replace('/', '-'), language, dark ? "dark" : "light"));
      }
    }
  }
}
