package dev.weft.traffic;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.ca.Caller;
import dev.weft.control.traffic.TrafficService;
import dev.weft.control.traffic.TrafficStore;
import dev.weft.proxy.stats.Exposition;
import dev.weft.proxy.stats.ProxyMetrics;
import dev.weft.server.worker.RequestObserver;
import dev.weft.types.ClusterId;
import dev.weft.types.SpiffeId;
import dev.weft.types.TrustDomain;
import dev.weft.xds.client.ProtoStruct;
import dev.weft.xds.client.ProtoWriter;
import io.envoyproxy.envoy.service.metrics.v3.StreamMetricsMessage;
import io.envoyproxy.envoy.service.metrics.v3.StreamMetricsResponse;
import io.grpc.stub.StreamObserver;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * The metrics of a proxy, which something flows through each time that Prometheus looks: so the
 * load is spread over scrapes, and nobody has to wait for a clock. What is scraped is told to the
 * control plane too. Scraped by one thread.
 */
final class ScrapedProxy {
  /** How many scrapes see the load grow, and how many before and after see it stand. */
  static final int GROWING = 20;

  static final int STANDING = 4;

  private final Consumer<RequestObserver> slice;

  private final ProxyMetrics metrics;
  private final RequestObserver observer;
  private final StreamObserver<StreamMetricsMessage> controlPlane;
  private final CountDownLatch standing = new CountDownLatch(STANDING);
  private final CountDownLatch done = new CountDownLatch(GROWING + STANDING);
  private volatile boolean growing;
  private int grown;

  /**
   * @param slice what flows from a scrape to the next
   */
  ScrapedProxy(
      String cluster, String workload, Consumer<RequestObserver> slice, TrafficStore store) {
    this.slice = slice;
    this.metrics = new ProxyMetrics(metadata(cluster, workload), () -> "");
    this.observer = metrics.forLoop(0);
    Caller caller =
        new Caller(
            new SpiffeId(new TrustDomain("cluster.local"), "demo", workload),
            new ClusterId(cluster));
    this.controlPlane =
        new TrafficService(store, () -> Optional.of(caller)).streamMetrics(new Unheard());
    // Each series has to be there when the load begins.
    slice.accept(observer);
    // Of before the time that the test looks at.
    metrics.added();
  }

  /** What a workload says of itself. */
  static String metadata(String cluster, String workload) {
    ProtoWriter out = new ProtoWriter();
    ProtoStruct.write(
        out,
        Map.of(
            "WORKLOAD_NAME",
            workload,
            "NAMESPACE",
            "demo",
            "CLUSTER_ID",
            cluster,
            "LABELS",
            Map.of("app", workload, "version", "v1")));
    return Base64.getEncoder().encodeToString(out.toBytes());
  }

  /** Waits until Prometheus has seen it stand. */
  void awaitStanding() throws InterruptedException {
    standing.await();
  }

  /** From now on, something flows. */
  void grow() {
    growing = true;
  }

  /** Waits until Prometheus has seen all that flowed. */
  void awaitDone() throws InterruptedException {
    done.await();
  }

  /** A scrape. */
  String exposition() {
    if (growing) {
      if (grown < GROWING) {
        grown++;
        slice.accept(observer);
        tell();
      }
      done.countDown();
    }
    standing.countDown();
    Exposition out = new Exposition();
    metrics.write(out);
    return out.toString();
  }

  private void tell() {
    try {
      controlPlane.onNext(StreamMetricsMessage.parseFrom(metrics.added().message(new byte[0])));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The control plane says nothing back. */
  private static final class Unheard implements StreamObserver<StreamMetricsResponse> {
    @Override
    public void onNext(StreamMetricsResponse response) {}

    @Override
    public void onError(Throwable cause) {
      throw new IllegalStateException(cause);
    }

    @Override
    public void onCompleted() {}
  }
}
