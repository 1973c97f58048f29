package dev.weft.prometheus;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whether pictures made of what Prometheus says can be believed, check by check, for a person.
 *
 * @param findings in the order of the servers, then those of all together
 */
public record Diagnosis(List<Finding> findings) {
  public Diagnosis {
    findings = List.copyOf(findings);
  }

  /** What is looked at. */
  public enum Check {
    REACHABLE,
    VERSION,
    CLOCK,
    FRESHNESS,
    SCRAPE_INTERVAL,
    CLUSTERS,
    UNKNOWN_DESTINATIONS,
    REPLICAS
  }

  /** How it is. */
  public enum Verdict {
    OK,
    WARNING,
    ERROR
  }

  /**
   * The outcome of a check.
   *
   * @param server its name; empty for all together
   * @param message what was found, and where it is bad the way out
   */
  public record Finding(String server, Check check, Verdict verdict, String message) {}

  /** A rate lags behind by a scrape; clocks apart move a picture without telling. */
  private static final Duration MAX_AHEAD = Duration.ofSeconds(5);

  private static final double MANY_UNKNOWN = 0.05;

  /**
   * Looks at all of it.
   *
   * @param complaints of what could not be looked at
   * @param registered clusters
   * @param window of the pictures that are wanted
   */
  static Diagnosis of(
      List<Symptoms> symptoms,
      List<String> complaints,
      Set<String> registered,
      Duration window,
      Instant now) {
    List<Finding> findings = new ArrayList<>();
    complaints.forEach(c -> findings.add(together(Check.REACHABLE, Verdict.ERROR, c)));
    symptoms.forEach(server -> findings.addAll(server(server, window, now)));
    findings.add(clusters(symptoms, registered));
    strangers(symptoms, registered).ifPresent(findings::add);
    twice(symptoms).ifPresent(findings::add);
    return new Diagnosis(findings);
  }

  private static List<Finding> server(Symptoms server, Duration window, Instant now) {
    if (server.fault().isPresent()) {
      return List.of(finding(server, Check.REACHABLE, Verdict.ERROR, server.fault().get()));
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(finding(server, Check.REACHABLE, Verdict.OK, "it answers"));
    findings.add(
        finding(
            server,
            Check.VERSION,
            Verdict.OK,
            server.version().isEmpty() ? "it does not say" : server.version()));
    clock(server).ifPresent(findings::add);
    findings.add(freshness(server, now));
    interval(server, window).ifPresent(findings::add);
    unknown(server).ifPresent(findings::add);
    if (server.replicas() > 1) {
      findings.add(
          finding(
              server,
              Check.REPLICAS,
              Verdict.OK,
              "%d replicas of a Prometheus are in it; their series are counted once"
                  .formatted(server.replicas())));
    }
    return findings;
  }

  private static Optional<Finding> clock(Symptoms server) {
    return server
        .ahead()
        .map(
            ahead ->
                ahead.abs().compareTo(MAX_AHEAD) > 0
                    ? finding(
                        server,
                        Check.CLOCK,
                        Verdict.ERROR,
                        "its clock is %s %s ours; both need NTP"
                            .formatted(
                                seconds(ahead.abs()), ahead.isNegative() ? "behind" : "before"))
                    : finding(server, Check.CLOCK, Verdict.OK, "its clock is ours"));
  }

  private static Finding freshness(Symptoms server, Instant now) {
    if (server.newest().isEmpty()) {
      return finding(
          server,
          Check.FRESHNESS,
          Verdict.ERROR,
          "it has no istio_requests_total of the last five minutes: let it scrape the pods by"
              + " their prometheus.io annotations (samples/addons/prometheus.yaml does), and look"
              + " whether query_scope names labels that the series have");
    }
    Duration age = Duration.between(server.newest().get(), now);
    Duration max = server.configuredInterval().multipliedBy(2);
    return age.compareTo(max) > 0
        ? finding(
            server,
            Check.FRESHNESS,
            Verdict.WARNING,
            "its newest sample is %s old, more than two scrapes of %s"
                .formatted(seconds(age), seconds(server.configuredInterval())))
        : finding(
            server, Check.FRESHNESS, Verdict.OK, "its newest sample is " + seconds(age) + " old");
  }

  private static Optional<Finding> interval(Symptoms server, Duration window) {
    if (server.samplesInMinute() < 2) {
      return Optional.empty();
    }
    Duration found = Duration.ofMinutes(1).dividedBy(server.samplesInMinute());
    // A minute may hold one scrape more or less than its share.
    boolean slower =
        found.toMillis() > server.configuredInterval().toMillis() * 1.3
            && server.samplesInMinute() + 1
                < Duration.ofMinutes(1).toMillis() / server.configuredInterval().toMillis();
    if (slower) {
      return Optional.of(
          finding(
              server,
              Check.SCRAPE_INTERVAL,
              Verdict.WARNING,
              "it scrapes about every %s, but scrape_interval says %s: short windows will be empty"
                  .formatted(seconds(found), seconds(server.configuredInterval()))));
    }
    Duration shortest = server.server().shortestWindow();
    return Optional.of(
        finding(
            server,
            Check.SCRAPE_INTERVAL,
            Verdict.OK,
            window.compareTo(shortest) < 0
                ? "a window of %s is shorter than four scrapes, so it shows the rate of the last %s"
                    .formatted(seconds(window), seconds(shortest))
                : "it scrapes about every " + seconds(found)));
  }

  private static Optional<Finding> unknown(Symptoms server) {
    if (server.requests() <= 0) {
      return Optional.empty();
    }
    double share = server.unknownDestinations() / server.requests();
    String percent = String.format(Locale.ROOT, "%.1f %%", share * 100);
    return Optional.of(
        share > MANY_UNKNOWN
            ? finding(
                server,
                Check.UNKNOWN_DESTINATIONS,
                Verdict.WARNING,
                percent
                    + " of the requests went to no known workload: to what is outside of the mesh,"
                    + " or failed before an endpoint was chosen (response_flags UH, NR)")
            : finding(
                server,
                Check.UNKNOWN_DESTINATIONS,
                Verdict.OK,
                percent + " of the requests went to no known workload"));
  }

  private static Finding clusters(List<Symptoms> symptoms, Set<String> registered) {
    Set<String> missing = new TreeSet<>(registered);
    symptoms.forEach(s -> missing.removeAll(s.ownClusters()));
    return missing.isEmpty()
        ? together(Check.CLUSTERS, Verdict.OK, "proxies of every registered cluster are scraped")
        : together(
            Check.CLUSTERS,
            Verdict.WARNING,
            "no proxy of %s has been scraped in the last five minutes: name the Prometheus of that"
                    .formatted(String.join(", ", missing))
                + " cluster too, or let the aggregate read it (no traffic there looks the same)");
  }

  private static Optional<Finding> strangers(List<Symptoms> symptoms, Set<String> registered) {
    Set<String> strangers = new TreeSet<>();
    symptoms.forEach(s -> strangers.addAll(s.clusters()));
    strangers.removeAll(registered);
    return strangers.isEmpty()
        ? Optional.empty()
        : Optional.of(
            together(
                Check.CLUSTERS,
                Verdict.WARNING,
                "series name clusters that are not registered: %s; register them, or give query_scope"
                    .formatted(String.join(", ", strangers))));
  }

  /** What several servers have is counted once; who shards proxies has to know. */
  private static Optional<Finding> twice(List<Symptoms> symptoms) {
    TreeMap<String, Integer> seen = new TreeMap<>();
    symptoms.forEach(s -> s.ownClusters().forEach(c -> seen.merge(c, 1, Integer::sum)));
    seen.values().removeIf(times -> times < 2);
    return seen.isEmpty()
        ? Optional.empty()
        : Optional.of(
            together(
                Check.REPLICAS,
                Verdict.OK,
                "several servers scrape proxies of %s; a series of both is counted once. Where they"
                        .formatted(String.join(", ", seen.keySet()))
                    + " share the pods between them, put one in front that reads both"));
  }

  private static Finding finding(Symptoms of, Check check, Verdict verdict, String message) {
    return new Finding(of.server().name(), check, verdict, message);
  }

  private static Finding together(Check check, Verdict verdict, String message) {
    return new Finding("", check, verdict, message);
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() < 10_000
        ? String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0)
        : duration.toSeconds() + " s";
  }
}
