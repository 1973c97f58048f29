package dev.weft.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.ServicePort;
import dev.weft.snapshot.Workload;
import dev.weft.types.HopLabel;
import dev.weft.types.HostPort;
import dev.weft.types.Locality;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What people are shown of a cluster is what a proxy of the pod receives, in every golden mesh. */
class PictureTest {
  private static final Path ROOT = Path.of("src/test/golden");

  /** An address as a proxy is told of it. */
  private record Told(int priority, Locality locality, HostPort address, String hop, long weight) {}

  @TestFactory
  Stream<DynamicTest> meshes() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(f -> f.getFileName().toString().equals("input.yaml"))
          .sorted()
          .toList()
          .stream()
          .map(
              input ->
                  DynamicTest.dynamicTest(
                      ROOT.relativize(input.getParent()).toString(),
                      () -> check(MeshFile.read(input).snapshot())));
    }
  }

  private static void check(MeshSnapshot snapshot) throws InvalidProtocolBufferException {
    int compared = 0;
    for (Workload pod : snapshot.workloads().values()) {
      ResourceSet served =
          new Translation().resources(snapshot, ProxyNode.of(pod, ProxyRole.SIDECAR));
      for (MeshService service : snapshot.services().values()) {
        for (ServicePort port : service.ports()) {
          Optional<ClusterPicture> picture =
              ClusterPicture.of(snapshot, pod, false, service, port, "");
          if (picture.isPresent() && !picture.get().byAddress()) {
            compare(picture.get(), served);
            compared++;
          }
        }
      }
    }
    assertThat(compared).isPositive();
  }

  private static void compare(ClusterPicture picture, ResourceSet served)
      throws InvalidProtocolBufferException {
    String name = picture.cluster();
    Cluster cluster =
        Objects.requireNonNull(served.of(XdsType.CLUSTER).get(name), name)
            .body()
            .unpack(Cluster.class);
    ClusterLoadAssignment endpoints =
        cluster.hasLoadAssignment()
            ? cluster.getLoadAssignment()
            : Objects.requireNonNull(served.of(XdsType.ENDPOINT).get(name), name)
                .body()
                .unpack(ClusterLoadAssignment.class);
    assertThat(shown(picture)).as(name).containsExactlyInAnyOrderElementsOf(told(endpoints));
    assertThat(picture.policy()).isEqualTo(cluster.getLbPolicy().name());
    assertThat(picture.ejection().isPresent()).isEqualTo(cluster.hasOutlierDetection());
  }

  private static List<Told> shown(ClusterPicture picture) {
    List<Told> all = new ArrayList<>();
    for (ClusterPicture.Place place : picture.places()) {
      for (ClusterPicture.Target t : place.targets()) {
        all.add(new Told(place.priority(), place.locality(), t.address(), t.hop(), t.weight()));
      }
    }
    return all;
  }

  private static List<Told> told(ClusterLoadAssignment assignment) {
    List<Told> all = new ArrayList<>();
    for (LocalityLbEndpoints group : assignment.getEndpointsList()) {
      for (LbEndpoint endpoint : group.getLbEndpointsList()) {
        var socket = endpoint.getEndpoint().getAddress().getSocketAddress();
        all.add(
            new Told(
                group.getPriority(),
                new Locality(
                    group.getLocality().getRegion(),
                    group.getLocality().getZone(),
                    group.getLocality().getSubZone()),
                new HostPort(socket.getAddress(), socket.getPortValue()),
                endpoint
                    .getMetadata()
                    .getFilterMetadataOrDefault(HopLabel.METADATA, Struct.getDefaultInstance())
                    .getFieldsOrDefault(HopLabel.FIELD, Value.getDefaultInstance())
                    .getStringValue(),
                endpoint.getLoadBalancingWeight().getValue()));
      }
    }
    return all;
  }
}
