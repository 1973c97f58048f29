package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Settle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same application on every model, on isolated and on flat networks: what comes of it has to be
 * the table of {@code docs/models.md}. That takes long, so it is done where {@code WEFT_MODELS}
 * asks for it: {@code all}, or a part of a column's title.
 */
@EnabledIfEnvironmentVariable(named = ModelsTest.WANTED, matches = ".+")
class ModelsTest {
  static final String WANTED = "WEFT_MODELS";

  private static final Duration SOON = Duration.ofSeconds(120);
  private static final String CLIENT = "deploy/sleep";
  private static final String STRANGER =
      "-n outside exec deploy/sleep -- curl -s -o /dev/null -w %{http_code} --max-time 3 ";
  private static final String YES = "yes";
  private static final String NONE = "—";
  private static final Models TABLE = new Models();

  private final Lab lab = Lab.named("models");
  private final ClientAndServer scene = new ClientAndServer(lab);

  /** A model, and how its networks lie. */
  record Case(String model, boolean isolated, List<String> configured, boolean installed) {
    /** How many members all control planes have together; a hosted mesh is one of its own. */
    int members() {
      return 2 * configured.size() + (installed ? 0 : 1);
    }

    @Override
    public String toString() {
      return model + (isolated ? ", isolated" : ", flat");
    }
  }

  /** Whether every model is asked for. */
  static boolean all() {
    return "all".equals(System.getenv(WANTED));
  }

  static Stream<Case> cases() {
    String wanted = System.getenv().getOrDefault(WANTED, "");
    Predicate<Case> chosen = each -> all() || each.toString().contains(wanted);
    List<String> both = List.of("cluster1", "cluster2");
    return Stream.of(
            new Case("hosted", true, List.of("mesh"), false),
            new Case("hosted", false, List.of("mesh"), false),
            new Case("multi-primary", true, both, true),
            new Case("multi-primary", false, both, true),
            new Case("primary-remote", true, List.of("cluster1"), true),
            new Case("primary-remote", false, List.of("cluster1"), true))
        .filter(chosen);
  }

  @AfterEach
  void down() {
    lab.weft("lab", "reset").orFail();
  }

  @AfterAll
  static void written() throws IOException {
    Path file = Lab.root().resolve("test/e2e/target/models.md");
    Files.createDirectories(file.getParent());
    Files.writeString(file, TABLE.table());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void the_same_application_works_alike(Case on) {
    lab.weft("lab", "reset").orFail();
    long begun = System.nanoTime();
    String network = on.isolated() ? "isolated" : "flat";
    lab.up("--model", on.model(), "--network", network).orFail();
    double seconds = Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1000.0;
    assertThat(lab.weft("lab", "status").orFail()).contains(": ready", on.model());
    deploy();

    Map<String, String> cells = new LinkedHashMap<>();
    List<String> failures = new ArrayList<>();
    for (Check each : checks(on)) {
      cells.put(each.what(), each.applies() ? outcome(each, failures) : NONE);
    }
    cells.put(Models.TIME, String.format(Locale.ROOT, "%.0f s", seconds));
    TABLE.put(on.toString(), cells);

    assertThat(failures).isEmpty();
    cells.remove(Models.TIME);
    assertThat(Models.documented(Lab.root().resolve("docs/models.md"), on.toString()))
        .as("docs/models.md, column %s", on)
        .isEqualTo(cells);
  }

  /** All beside each other: the slowest pod is what is waited for. */
  private void deploy() {
    String samples = Lab.root().resolve("samples").toString();
    String hello = "apply -f " + samples + "/helloworld/helloworld.yaml -l ";
    lab.kubectl("cluster1", "create namespace outside").orFail();
    lab.kubectl("cluster1", "-n outside apply -f " + samples + "/sleep/sleep.yaml").orFail();
    lab.kubectl("cluster1", "apply -f " + samples + "/httpbin/sleep.yaml").orFail();
    lab.kubectl("cluster2", "apply -f " + samples + "/httpbin/httpbin.yaml").orFail();
    for (String cluster : List.of("cluster1", "cluster2")) {
      lab.kubectl(cluster, hello + "service=helloworld").orFail();
    }
    lab.kubectl("cluster1", hello + "version=v1").orFail();
    lab.kubectl("cluster2", hello + "version=v2").orFail();
    for (String each : List.of("sleep", "helloworld-v1")) {
      lab.rolledOut("cluster1", "default", each);
    }
    for (String each : List.of("httpbin", "helloworld-v2")) {
      lab.rolledOut("cluster2", "default", each);
    }
    lab.rolledOut("cluster1", "outside", "sleep");
  }

  /**
   * One row of the table.
   *
   * @param look what is seen
   * @param good whether that is right; it is waited for
   */
  record Check(String what, boolean applies, Supplier<String> look, Predicate<String> good) {}

  private String outcome(Check check, List<String> failures) {
    try {
      Settle.until(check.what(), SOON, check.look(), check.good());
      return YES;
    } catch (AssertionError e) {
      failures.add(e.getMessage());
      return "no";
    }
  }

  private List<Check> checks(Case on) {
    boolean isolated = on.isolated();
    return List.of(
        new Check(
            "every control plane has read both clusters",
            true,
            () -> members(on),
            seen -> seen.equals("Synced ".repeat(on.members()))),
        new Check(
            "a service that only the other cluster has",
            true,
            () -> scene.code("/get"),
            "200"::equals),
        new Check(
            "both versions of a service of both clusters",
            true,
            this::versions,
            seen -> seen.contains("version: v1,") && seen.contains("version: v2,")),
        new Check(
            "the server sees the caller's identity",
            true,
            () -> scene.curl(CLIENT, "httpbin:8000/headers").out(),
            seen -> seen.contains("URI=spiffe://cluster.local/ns/default/sa/sleep")),
        new Check(
            "explain names where calls go",
            true,
            () -> explanation("httpbin:8000"),
            seen -> seen.contains(isolated ? ":15443" : "same network")),
        new Check(
            "port 15443 refuses clients without a certificate",
            isolated,
            () -> knock(on),
            seen -> seen.startsWith("REFUSED")),
        new Check(
            "a pod without a sidecar does not get across",
            isolated,
            () -> lab.kubectl("cluster1", STRANGER + "httpbin.default:8000/get").out(),
            "000"::equals),
        new Check(
            "calls stay in the region",
            true,
            () -> {
              prefer(on);
              return versions();
            },
            seen -> seen.contains("version: v1,") && !seen.contains("version: v2,")),
        new Check(
            "explain names priorities",
            true,
            () -> explanation("helloworld:5000", "-o", "json"),
            ModelsTest::namesTheOtherClusterSecond),
        new Check(
            "calls leave a region that is lost",
            true,
            () -> {
              lab.kubectl("cluster1", "scale deploy/helloworld-v1 --replicas=0").orFail();
              return versions();
            },
            seen -> seen.contains("version: v2,") && !seen.contains("version: v1,")));
  }

  private String members(Case on) {
    StringBuilder seen = new StringBuilder();
    for (String context : on.configured()) {
      String phases =
          lab.kubectl(context, "get memberclusters -o jsonpath={.items[*].status.phase}").out();
      phases
          .lines()
          .flatMap(l -> Stream.of(l.split(" ", -1)))
          .forEach(p -> seen.append(p).append(' '));
    }
    return seen.toString();
  }

  /** What twenty calls are answered with. */
  private String versions() {
    return lab.kubectl(
            "cluster1",
            "exec " + CLIENT + " -- sh -c",
            "for i in $(seq 20); do curl -s --max-time 10 helloworld:5000/hello; done")
        .out();
  }

  private String explanation(String service, String... more) {
    List<String> words =
        new ArrayList<>(List.of("explain", service, "--from", CLIENT, "--context", "cluster1"));
    words.addAll(List.of(more));
    return lab.weft(words.toArray(String[]::new)).out();
  }

  private static boolean namesTheOtherClusterSecond(String explanation) {
    return explanation.startsWith("{")
        && JsonLines.parsed(explanation)
            .path("endpoints")
            .valueStream()
            .anyMatch(
                row ->
                    row.path("cluster").asText().equals("cluster2")
                        && row.path("placing").path("priority").asInt(-1) == 1);
  }

  /** Locality counts where failures do (Istio: outlierDetection switches it on). */
  private void prefer(Case on) {
    String rule =
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: helloworld, namespace: default}
        spec:
          host: helloworld.default.svc.cluster.local
          trafficPolicy:
            outlierDetection: {consecutive5xxErrors: 1, interval: 1s, baseEjectionTime: 1m}
        """;
    on.configured().forEach(each -> lab.kubectlWith(rule, each, "apply -f -").orFail());
  }

  private String knock(Case on) {
    String gateway = on.installed() ? "istio-eastwestgateway" : ClientAndServer.PROXY;
    String address =
        lab.field(
            "cluster2", "-n istio-system service " + gateway, ".status.loadBalancer.ingress[0].ip");
    return WanClient.knock(lab, "no-certificate", address, ClientAndServer.SNI);
  }
}
