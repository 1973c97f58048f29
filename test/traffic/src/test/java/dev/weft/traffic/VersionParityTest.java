package dev.weft.traffic;

import dev.weft.traffic.HopParityTest.Place;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every feature of VirtualService and DestinationRule does the same, whether the client or the
 * server or both speak HTTP/2, in a cluster and across. What happens where both speak HTTP/1.1 is
 * {@link HopParityTest}'s.
 */
class VersionParityTest {
  /** Who speaks HTTP/2. */
  private enum Who {
    CLIENT,
    SERVER,
    BOTH
  }

  /** What counts connections of HTTP/1. */
  private static final Set<String> OF_HTTP1 = Set.of();

  @TempDir private Path files;

  @TestFactory
  Stream<DynamicNode> features_do_the_same_in_every_version() {
    return Arrays.stream(Who.values())
        .flatMap(
            who ->
                Arrays.stream(Place.values())
                    .map(
                        place ->
                            DynamicContainer.dynamicContainer(
                                who + " " + place, column(who, place))));
  }

  private Stream<DynamicNode> column(Who who, Place place) {
    Path own = files.resolve(who + "-" + place);
    World world =
        who == Who.CLIENT ? HopParityTest.world(place, own) : HopParityTest.http2(place, own);
    Stream<DynamicNode> tests =
        HopParityTest.features().stream()
            .filter(feature -> !OF_HTTP1.contains(feature.name()))
            .map(
                feature -> DynamicTest.dynamicTest(feature.name(), () -> run(who, feature, world)));
    return Stream.concat(tests, Stream.of(DynamicTest.dynamicTest("end", world::close)));
  }

  private static void run(Who who, Feature feature, World world) {
    world.objects(feature.objects());
    try (Client client = world.client("client-1", true, feature.name())) {
      feature.check().by(who == Who.SERVER ? client : client.overHttp2());
    }
  }
}
