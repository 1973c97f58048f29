package dev.weft.explain;

import dev.weft.translate.ClusterPicture;
import dev.weft.translate.ClusterPicture.Place;
import dev.weft.translate.LocalityPreference;
import dev.weft.types.Locality;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How requests are spread over localities, and when an endpoint is left alone, in sentences. */
final class Spread {
  /** Envoy's overprovisioning of 1.4: with less than 1 / 1.4 healthy the next priority helps. */
  private static final int ENOUGH_PERCENT = 71;

  private Spread() {}

  static List<String> sentences(ClusterPicture picture) {
    List<String> sentences = new ArrayList<>();
    if (picture.byAddress()) {
      sentences.add("The service is headless: the client dials the pod that it names itself.");
      return sentences;
    }
    if (picture.places().isEmpty()) {
      return sentences;
    }
    sentences.add(localities(picture));
    sentences.add(whenLeftAlone(picture));
    return sentences;
  }

  static String whenLeftAlone(ClusterPicture picture) {
    return picture
        .ejection()
        .map(Spread::ejection)
        .orElse(
            "A failing endpoint goes on getting requests, since no DestinationRule sets"
                + " outlierDetection.");
  }

  static String localities(ClusterPicture picture) {
    return switch (picture.preference()) {
      case LocalityPreference.Ignored i ->
          picture.places().size() < 2
              ? "All endpoints are in one locality" + named(picture.places().getFirst()) + "."
              : "Localities do not matter"
                  + (picture.ejection().isEmpty()
                      ? ", since no DestinationRule sets outlierDetection"
                      : ", since locality load balancing is off")
                  + ": "
                  + shares(picture.places())
                  + ".";
      case LocalityPreference.Shares s ->
          "Localities have shares: " + shares(picture.places()) + ".";
      case LocalityPreference.Nearest n -> priorities(picture.places());
    };
  }

  private static String named(Place place) {
    return place.locality().region().isEmpty() ? "" : ", " + place.locality();
  }

  private static String shares(List<Place> places) {
    return places.stream()
        .map(p -> Math.round(p.share() * 100) + " % " + name(p.locality()))
        .collect(Collectors.joining(", "));
  }

  private static String priorities(List<Place> places) {
    TreeMap<Integer, List<Place>> byPriority = new TreeMap<>();
    places.forEach(p -> byPriority.computeIfAbsent(p.priority(), n -> new ArrayList<>()).add(p));
    String order =
        byPriority.entrySet().stream()
            .map(
                e ->
                    e.getValue().stream()
                        .map(p -> name(p.locality()))
                        .collect(Collectors.joining(", ", e.getKey() + " is ", "")))
            .collect(Collectors.joining("; "));
    return "The nearest come first. Priority "
        + order
        + (byPriority.size() < 2
            ? "."
            : ". The next one helps where less than "
                + ENOUGH_PERCENT
                + " % of those before it are healthy.");
  }

  private static String name(Locality locality) {
    return locality.region().isEmpty() ? "unknown locality" : locality.toString();
  }

  private static String ejection(ClusterPicture.Ejection ejection) {
    List<String> causes = new ArrayList<>();
    if (ejection.consecutive5xx() > 0) {
      causes.add(count(ejection.consecutive5xx(), "error") + " (5xx, or no connection)");
    }
    if (ejection.consecutiveGatewayErrors() > 0) {
      causes.add(count(ejection.consecutiveGatewayErrors(), "gateway error") + " (502, 503, 504)");
    }
    if (causes.isEmpty()) {
      return "No count of errors ejects an endpoint: outlierDetection sets all of them to 0.";
    }
    return String.format(
        Locale.ROOT,
        "An endpoint gets no requests for %d s after %s, %s.",
        ejection.seconds(),
        String.join(" or ", causes),
        ejection.maxPercent() >= 100
            ? "all of them at a time if need be"
            : "at most " + ejection.maxPercent() + " % of them at a time");
  }

  private static String count(int count, String what) {
    return count == 1 ? "one " + what : count + " " + what + "s in a row";
  }
}
