package dev.weft.prometheus;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a server says when it is looked at.
 *
 * @param fault why it says nothing; empty where it does
 * @param version empty where it does not say
 * @param configuredInterval how often it scrapes by this mesh's configuration
 * @param samplesInMinute the largest number that any series got; 0 without any
 * @param ahead how far its clock is before ours, negative behind; half of the way there is out
 * @param ownClusters whose proxies it has series of, of the last five minutes
 * @param clusters that its series name at either end
 * @param requests a second, as sources counted them
 * @param unknownDestinations of those
 * @param replicas of a Prometheus whose series it has side by side
 */
record Symptoms(
    PrometheusServer server,
    Optional<String> fault,
    String version,
    Duration configuredInterval,
    int samplesInMinute,
    Optional<Duration> ahead,
    Optional<Instant> newest,
    Set<String> ownClusters,
    Set<String> clusters,
    double requests,
    double unknownDestinations,
    int replicas) {

  Symptoms {
    ownClusters = Set.copyOf(ownClusters);
    clusters = Set.copyOf(clusters);
  }

  /** Of one that does not answer. */
  static Symptoms silent(PrometheusServer server, String fault) {
    return new Symptoms(
        server,
        Optional.of(fault),
        "",
        server.scrapeInterval(),
        0,
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        Set.of(),
        0,
        0,
        0);
  }
}
