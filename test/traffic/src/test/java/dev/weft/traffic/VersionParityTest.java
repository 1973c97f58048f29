package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.traffic.HopParityTest.Place;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every feature of VirtualService and DestinationRule does the same, whether the client or the
 * server or both speak HTTP/2, in a cluster and across. What happens where both speak HTTP/1.1 is
 * {@link HopParityTest}'s. {@code -Dweft.versions=all} runs every combination.
 */
class VersionParityTest {
  /** Who speaks HTTP/2. */
  private enum Who {
    CLIENT,
    SERVER,
    BOTH
  }

  private static final boolean ALL = "all".equals(System.getProperty("weft.versions"));

  /** Over HTTP/2 one connection has room for what is one too many over HTTP/1.1. */
  private static final String OF_HTTP1 = "maxConnections";

  @TempDir private Path files;

  @TestFactory
  Stream<DynamicNode> features_do_the_same_in_every_version() {
    return Arrays.stream(Who.values())
        .flatMap(
            who ->
                Arrays.stream(Place.values())
                    .filter(place -> ALL || isUsual(who, place))
                    .map(
                        place ->
                            DynamicContainer.dynamicContainer(
                                who + " " + place, column(who, place))));
  }

  /** Each of them once. */
  private static boolean isUsual(Who who, Place place) {
    return place == (who == Who.CLIENT ? Place.INSIDE : Place.ACROSS);
  }

  @Test
  void calls_of_one_connection_are_spread_over_pods_of_another_network() {
    int calls = 3_000;
    try (World world = HopParityTest.http2(Place.ACROSS, files);
        Client client = world.client("client-1", true, "spread")) {
      Map<String, Integer> times = client.overHttp2().times(calls, "/");
      assertThat(times).containsOnlyKeys("web-v1", "web-v2a", "web-v2b");
      assertThat(times.values())
          .allSatisfy(share -> assertThat(share * 100.0 / calls).isBetween(30.3, 36.3));
    }
  }

  private Stream<DynamicNode> column(Who who, Place place) {
    Path own = files.resolve(who + "-" + place);
    World world =
        who == Who.CLIENT ? HopParityTest.world(place, own) : HopParityTest.http2(place, own);
    Stream<DynamicNode> tests =
        HopParityTest.features().stream()
            .filter(feature -> who == Who.CLIENT || !feature.name().equals(OF_HTTP1))
            .map(
                feature -> DynamicTest.dynamicTest(feature.name(), () -> run(who, feature, world)));
    Stream<DynamicNode> versions =
        Stream.of(DynamicTest.dynamicTest("the versions are spoken", () -> spoken(who, world)));
    Stream<DynamicNode> end = Stream.of(DynamicTest.dynamicTest("end", world::close));
    return Stream.of(versions, tests, end).flatMap(all -> all);
  }

  private static void spoken(Who who, World world) {
    world.objects("[]");
    try (Client client = world.client("client-1", true, "versions")) {
      Client.Answer answer = (who == Who.SERVER ? client : client.overHttp2()).get("/");
      assertThat(answer.header("x-version")).isEqualTo(who == Who.CLIENT ? "" : "2");
    }
  }

  private static void run(Who who, Feature feature, World world) {
    world.objects(feature.objects());
    try (Client client = world.client("client-1", true, feature.name())) {
      feature.check().by(who == Who.SERVER ? client : client.overHttp2());
    }
  }
}
