package dev.weft.control.ads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.SnapshotBuilder;
import dev.weft.snapshot.SnapshotDelta;
import dev.weft.snapshot.WorkloadKey;
import dev.weft.translate.PolicyReads;
import dev.weft.translate.ProxyNode;
import dev.weft.translate.ProxyRole;
import dev.weft.translate.Translation;
import dev.weft.translate.Viewpoint;
import dev.weft.types.ServiceId;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class ViewFeedTest {
  private final AdsMesh mesh = new AdsMesh().service("httpbin", 80).pod("gate", "10.0.0.9");
  private final Translation translation = new Translation();
  private final MeshSnapshot first = mesh.withGateway("gate").snapshot();
  private final ProxyNode gateway =
      ProxyNode.of(
          first.workload(AdsMesh.CLUSTER, "default", "gate-1").orElseThrow(), ProxyRole.ROUTER);
  private final ViewFeed feed =
      new ViewFeed(
          Viewpoint.of(first, gateway, PolicyReads.of(first)), translation::view, new Semaphore(1));

  private void post(MeshSnapshot snapshot, SnapshotDelta delta) throws InterruptedException {
    feed.post(snapshot, delta, 1);
    feed.catchUp();
  }

  private List<String> served() {
    return feed.read(
        all -> all.all(XdsType.CLUSTER).stream().map(VersionedResource::name).toList());
  }

  /** A pod that stands behind a service that there is not: no build makes this. */
  private static MeshSnapshot broken(MeshSnapshot snapshot) {
    return new MeshSnapshot(
        snapshot.version() + 1,
        snapshot.settings(),
        snapshot.clusters(),
        snapshot.services(),
        snapshot.workloads(),
        snapshot.networkGateways(),
        snapshot.peerAuthentications(),
        snapshot.accessPolicies(),
        snapshot.destinationRules(),
        snapshot.gateways(),
        snapshot.virtualServices(),
        snapshot.istioGateways(),
        snapshot.namespaces(),
        snapshot.credentials(),
        Map.of(
            new WorkloadKey(AdsMesh.CLUSTER, "default", "gate-1"),
            List.of(new ServiceId("default", "nowhere"))),
        snapshot.entryHosts(),
        snapshot.sidecars(),
        snapshot.telemetries(),
        snapshot.envoyFilters());
  }

  @Test
  void what_cannot_be_made_leaves_everybody_what_they_have_and_the_next_snapshot_is_made_anew()
      throws InterruptedException {
    post(first, SnapshotBuilder.everything(first));
    List<String> before = served();
    MeshSnapshot broken = broken(first);
    post(broken, SnapshotBuilder.everything(broken));
    assertThat(served()).isEqualTo(before);

    MeshSnapshot later = mesh.service("cart", 80).snapshot();
    post(later, SnapshotBuilder.everything(later));
    assertThat(served()).contains("outbound|80||cart.default.svc.cluster.local");
    assertThat(served())
        .containsExactlyElementsOf(
            translation.resources(later, gateway).of(XdsType.CLUSTER).keySet());
  }

  @Test
  void who_has_nothing_yet_hears_of_the_failure_and_the_next_one_tries_again()
      throws InterruptedException {
    MeshSnapshot broken = broken(first);
    feed.post(broken, SnapshotBuilder.everything(broken), 1);
    assertThatThrownBy(feed::catchUp).isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(feed::catchUp).isInstanceOf(NoSuchElementException.class);
    post(first, SnapshotBuilder.everything(first));
    assertThat(served()).contains("outbound|80||httpbin.default.svc.cluster.local");
  }
}
