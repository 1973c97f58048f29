package dev.weft.e2e;

import dev.weft.testkit.Settle;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bookinfo's page, as a browser on this machine gets it.
 *
 * @param page on the host port of a gateway
 */
record Bookshop(URI page, HttpClient client) {
  /** So many that every pod of an 80/20 split is called: the first calls of one take long. */
  private static final int WARM = 30;

  private static final Pattern REVIEWS = Pattern.compile("served by: <u>([a-z0-9-]+)");
  private static final Pattern STARS = Pattern.compile("<font color=\"([a-z]+)\"");

  /**
   * A page.
   *
   * @param code 0 where there was no answer
   * @param reviews the pod that they came from; empty for none
   * @param stars their colour; empty for none
   * @param text of the page, or why there is none
   */
  record Page(int code, String reviews, String stars, String text) {
    /** With all its parts. */
    boolean whole() {
      return code == 200
          && text.contains("Book Details")
          && text.contains("Book Reviews")
          && !text.contains("currently unavailable");
    }

    /** The Deployment that the reviews came from. */
    String reviewsFrom() {
      return reviews.replaceFirst("-[a-z0-9]+-[a-z0-9]+$", "");
    }
  }

  /** Behind a gateway's Service of a cluster; waits until the lab forwards its port 80. */
  static Bookshop behind(Lab lab, String cluster) {
    URI uri =
        Settle.until(
            "a port of this machine for the gateway of " + cluster,
            Duration.ofSeconds(60),
            () -> forward(lab, cluster),
            found -> !found.toString().isEmpty());
    return new Bookshop(uri, HttpClient.newHttpClient());
  }

  private static URI forward(Lab lab, String cluster) {
    for (var each :
        JsonLines.parsed(lab.weft("lab", "status", "-o", "json").out()).path("forwards")) {
      if (each.path("cluster").asText().equals(cluster)
          && each.path("service").asText().equals("istio-system/istio-ingressgateway")
          && each.path("port").asInt() == 80) {
        return URI.create("http://127.0.0.1:" + each.path("hostPort").asInt() + "/productpage");
      }
    }
    return URI.create("");
  }

  Page get() {
    try {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(15)).build(),
              HttpResponse.BodyHandlers.ofString());
      String text = answer.body();
      return new Page(answer.statusCode(), first(REVIEWS, text), first(STARS, text), text);
    } catch (IOException e) {
      return new Page(0, "", "", String.valueOf(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static String first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  List<Page> get(int times) {
    List<Page> pages = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      pages.add(get());
    }
    return pages;
  }

  /** Until pages have all their parts, many in a row. */
  void untilWhole() {
    Settle.until(
        "whole pages",
        Duration.ofMinutes(5),
        () -> get(WARM),
        pages -> pages.stream().allMatch(Page::whole));
  }

  /** One page after the other until it is told to stop. */
  static final class Reader implements AutoCloseable {
    private final AtomicBoolean stop = new AtomicBoolean();
    private final CompletableFuture<List<Page>> pages;

    Reader(Bookshop shop) {
      this.pages =
          CompletableFuture.supplyAsync(
              () -> {
                List<Page> seen = new ArrayList<>();
                while (!stop.get()) {
                  seen.add(shop.get());
                }
                return seen;
              });
    }

    List<Page> stop() {
      stop.set(true);
      return pages.join();
    }

    @Override
    public void close() {
      stop.set(true);
    }
  }
}
