package dev.weft.cli.demo;

import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.lab.supervisor.LabCommands;
import dev.weft.lab.supervisor.LabException;
import dev.weft.lab.supervisor.LabStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One application whose services lie in two clusters, behind one entrance; and the loss of a
 * service in one of them.
 */
public final class BookinfoDemo {
  private static final String FIRST = "cluster1";
  private static final String SECOND = "cluster2";
  private static final String MESH = "mesh";
  private static final String GATEWAY = "istio-ingressgateway";
  private static final int PAGES = 30;
  private static final int ATTEMPTS = 120;

  /**
   * Whole pages in a row after which all services have begun: the first calls of a service take
   * long.
   */
  private static final int WARM = 10;

  /** What runs where: details is in both. */
  private static final Map<String, List<String>> DEPLOYMENTS =
      new TreeMap<>(
          Map.of(
              FIRST, List.of("productpage-v1", "details-v1", "reviews-v1"),
              SECOND, List.of("details-v1", "reviews-v2", "reviews-v3", "ratings-v1")));

  private static final Pattern SERVED_BY = Pattern.compile("served by: <u>(reviews-v\\d)");

  private final LabCommands lab;
  private final Shown shown;
  private final Rollouts rollouts;
  private final Path samples;
  private final PrintWriter out;
  private final HttpClient client = HttpClient.newHttpClient();

  /**
   * @param lab that is up
   */
  public BookinfoDemo(LabCommands lab, Path samples, PrintWriter out) throws LabException {
    this.lab = lab;
    this.shown = new Shown(lab.kubeconfig(), out);
    this.rollouts = new Rollouts(lab, shown);
    this.samples = samples;
    this.out = out;
  }

  /** Runs the demo and returns the exit code. */
  public int run() throws InterruptedException {
    shown.say("1. A bookshop whose services lie in two clusters, and one entrance to it.");
    shown.kubectl(MESH, "apply", "-f", file("ingressgateway.yaml"));
    shown.kubectl(MESH, "apply", "-f", file("bookinfo-gateway.yaml"));
    for (Map.Entry<String, List<String>> cluster : DEPLOYMENTS.entrySet()) {
      for (String label : labels(cluster.getValue())) {
        shown.kubectl(cluster.getKey(), "apply", "-f", file("bookinfo.yaml"), "-l", label);
      }
    }
    for (Map.Entry<String, List<String>> cluster : DEPLOYMENTS.entrySet()) {
      cluster.getValue().forEach(each -> rollouts.await(cluster.getKey(), "default", each));
    }
    rollouts.await(FIRST, "istio-system", GATEWAY);
    URI page = page();
    untilWhole(page);

    shown.say("2. The page, %d times, by who wrote its reviews:".formatted(PAGES));
    Seen before = look(page);
    before.tell(out);

    shown.say("3. Cluster1 loses its details. The page stays whole: those of cluster2 are asked.");
    shown.kubectl(FIRST, "scale", "deploy/details-v1", "--replicas=0");
    Seen after = look(page);
    after.tell(out);
    shown.kubectl(FIRST, "scale", "deploy/details-v1", "--replicas=1");

    shown.say("The page: " + page);
    RunningLab.console(lab.status()).ifPresent(at -> out.println("The console: " + at));
    out.println();
    out.println("Try next:");
    out.println("  ./weft console");
    out.println("  ./weft explain reviews --from deploy/productpage-v1 --context cluster1");
    out.println(
        "  kubectl --kubeconfig $(./weft lab kubeconfig) --context cluster2 scale"
            + " deploy/reviews-v3 --replicas=0");
    out.flush();
    return before.whole() && after.whole() ? 0 : 1;
  }

  private String file(String name) {
    return samples.resolve(name).toString();
  }

  /** The label selectors of {@code bookinfo.yaml} that choose what these Deployments need. */
  private static List<String> labels(List<String> deployments) {
    List<String> labels = new ArrayList<>();
    List<String> apps =
        deployments.stream().map(d -> d.substring(0, d.lastIndexOf('-'))).distinct().toList();
    labels.add("service in (%s)".formatted(String.join(",", apps)));
    labels.add("account in (%s)".formatted(String.join(",", apps)));
    for (String deployment : deployments) {
      int dash = deployment.lastIndexOf('-');
      labels.add(
          "app=%s,version=%s"
              .formatted(deployment.substring(0, dash), deployment.substring(dash + 1)));
    }
    return labels;
  }

  /** Where this machine reaches the entrance. */
  private URI page() throws InterruptedException {
    for (int i = 0; i < ATTEMPTS; i++) {
      Optional<LabStatus.Forward> forward =
          lab.status().forwards().stream()
              .filter(
                  f -> f.cluster().equals(FIRST) && f.service().equals("istio-system/" + GATEWAY))
              .filter(f -> f.port() == 80)
              .findFirst();
      if (forward.isPresent()) {
        return URI.create(
            "http://%s:%d/productpage".formatted(forward.get().host(), forward.get().hostPort()));
      }
      Thread.sleep(Duration.ofMillis(250));
    }
    throw CommandFailure.failed(
        "the ingress gateway has no address; see: kubectl --context cluster1 -n istio-system"
            + " get service "
            + GATEWAY);
  }

  private void untilWhole(URI page) throws InterruptedException {
    int good = 0;
    for (int i = 0; i < ATTEMPTS; i++) {
      good = whole(get(page)) ? good + 1 : 0;
      if (good == WARM) {
        return;
      }
      Thread.sleep(Duration.ofMillis(250));
    }
    throw CommandFailure.failed(
        page
            + " is not whole: "
            + get(page).lines().limit(3).toList()
            + "; ask: weft explain reviews --from deploy/productpage-v1 --context cluster1");
  }

  /**
   * What came of a number of pages.
   *
   * @param wholePages how many had all their parts
   */
  private record Seen(int wholePages, Map<String, Integer> reviews) {
    boolean whole() {
      return wholePages == PAGES;
    }

    void tell(PrintWriter out) {
      reviews.forEach((version, times) -> out.printf("   %-12s %3d%n", version, times));
      out.printf("   %d of %d pages whole%n", wholePages, PAGES);
      out.flush();
    }
  }

  private Seen look(URI page) throws InterruptedException {
    int whole = 0;
    Map<String, Integer> reviews = new TreeMap<>();
    for (int i = 0; i < PAGES; i++) {
      String text = get(page);
      whole += whole(text) ? 1 : 0;
      Matcher served = SERVED_BY.matcher(text);
      reviews.merge(served.find() ? served.group(1) : "none", 1, Integer::sum);
    }
    return new Seen(whole, reviews);
  }

  private static boolean whole(String page) {
    return page.contains("Book Details")
        && page.contains("Book Reviews")
        && !page.contains("currently unavailable");
  }

  /** The page, or what went wrong. */
  private String get(URI page) throws InterruptedException {
    try {
      return client
          .send(
              HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(15)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      return String.valueOf(e);
    }
  }
}
