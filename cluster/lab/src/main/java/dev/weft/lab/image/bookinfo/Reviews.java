package dev.weft.lab.image.bookinfo;

import dev.weft.lab.image.http.HttpHandler;
import dev.weft.lab.image.http.HttpRequest;
import dev.weft.lab.image.http.HttpResponse;
import dev.weft.lab.image.http.HttpServer;
import dev.weft.lab.image.http.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What people think of a book: {@code /reviews/{id}}. Version 1 has no stars, version 2 has black
 * and version 3 red ones, which it asks ratings for: see the variables ENABLE_RATINGS and
 * STAR_COLOR.
 *
 * @param pod the name that answers carry
 * @param cluster the name of the cluster, {@code null} in letters where it is not known
 * @param stars how to show ratings; empty to leave them out
 */
record Reviews(String pod, String cluster, Optional<Stars> stars) implements HttpHandler {
  private static final String PREFIX = "/reviews/";

  /** Who wrote, and what. */
  private record Review(String reviewer, String text) {}

  private static final List<Review> REVIEWS =
      List.of(
          new Review(
              "Reviewer1",
              "Two pairs of twins, one town, and nobody who knows whom he speaks to."
                  + " I laughed from the first beating to the last."),
          new Review(
              "Reviewer2",
              "A merry evening, and not much to think about the morning after."
                  + " For depth, look to what he wrote later."));

  /** Where stars come from, and their colour. */
  record Stars(String color, Backend ratings) {}

  /** Serves until the process ends. */
  public static void main(String... arguments) throws IOException {
    Environment environment = Environment.ofProcess();
    HttpServer server =
        HttpServer.start(
            new InetSocketAddress(Environment.port(arguments)),
            "reviews",
            of(environment, Backend.newClient()));
    System.out.println("reviews listens on port " + server.port());
  }

  static Reviews of(Environment environment, HttpClient client) {
    Optional<Stars> stars = Optional.empty();
    if (environment.on("ENABLE_RATINGS")) {
      String color = environment.get("STAR_COLOR", "black");
      // The sample's version 2 waits for long and its version 3 does not: faults that its tasks
      // inject show the difference.
      Duration patience = color.equals("black") ? Duration.ofSeconds(10) : Duration.ofMillis(2500);
      stars =
          Optional.of(
              new Stars(color, new Backend(client, environment.service("ratings"), patience, 1)));
    }
    return new Reviews(environment.pod(), environment.get("CLUSTER_NAME", "null"), stars);
  }

  @Override
  public HttpResponse handle(HttpRequest request) throws InterruptedException {
    String path = request.path();
    if (path.equals("/health")) {
      return Answers.health(200, "Reviews is healthy");
    }
    if (!path.startsWith(PREFIX)) {
      return Answers.notFound(path);
    }
    OptionalInt id = Answers.product(path, PREFIX);
    if (id.isEmpty()) {
      return Answers.error(400, "please provide numeric product id");
    }
    Optional<Backend.Answer> ratings = Optional.empty();
    if (stars.isPresent()) {
      ratings =
          Optional.of(
              stars.get().ratings().get("/ratings/" + id.getAsInt(), Forwarded.from(request)));
    }
    List<Json> reviews = new ArrayList<>();
    for (Review review : REVIEWS) {
      reviews.add(withStars(review, ratings));
    }
    return Answers.json(
        200,
        Answers.object(
            "id", Json.of(String.valueOf(id.getAsInt())),
            "podname", Json.of(pod),
            "clustername", Json.of(cluster),
            "reviews", new Json.Arr(reviews)));
  }

  private Json withStars(Review review, Optional<Backend.Answer> ratings) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("reviewer", Json.of(review.reviewer()));
    members.put("text", Json.of(review.text()));
    ratings.ifPresent(answer -> members.put("rating", rating(answer, review.reviewer())));
    return new Json.Obj(members);
  }

  private Json rating(Backend.Answer answer, String reviewer) {
    if (answer.good()
        && answer.body().orElse(Json.NULL) instanceof Json.Obj object
        && object.members().get("ratings") instanceof Json.Obj given
        && given.members().get(reviewer) instanceof Json.Literal number) {
      return Answers.object(
          "stars", number, "color", Json.of(stars.map(Stars::color).orElse("black")));
    }
    return Answers.object("error", Json.of("Ratings service is currently unavailable"));
  }
}
