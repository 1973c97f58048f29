package dev.weft.control.traffic;

import dev.weft.ca.Caller;
import dev.weft.topology.Flow;
import dev.weft.topology.Place;
import dev.weft.topology.Volume;
import io.envoyproxy.envoy.service.metrics.v3.MetricsServiceGrpc;
import io.envoyproxy.envoy.service.metrics.v3.StreamMetricsMessage;
import io.envoyproxy.envoy.service.metrics.v3.StreamMetricsResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.prometheus.client.Metrics.LabelPair;
import io.prometheus.client.Metrics.Metric;
import io.prometheus.client.Metrics.MetricFamily;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Envoy's metrics service. Proxies send what was added to their counters since they last did
 * ({@code report_counters_as_deltas}). Only Istio's standard metrics are looked at, and of those
 * only what a proxy may say: what its own end of the traffic counted. Source:
 * envoy/service/metrics/v3/metrics_service.proto.
 */
public final class TrafficService extends MetricsServiceGrpc.MetricsServiceImplBase {
  /** More than a workload has to do with in five seconds; what is beyond it is not looked at. */
  private static final int MAX_FLOWS = 5_000;

  /** Of a name in Kubernetes, and of a host. */
  private static final int LONGEST_NAME = 253;

  private final TrafficStore store;
  private final Supplier<Optional<Caller>> callerOfCall;

  /**
   * @param callerOfCall read on the call's thread; nobody without a name may report
   */
  public TrafficService(TrafficStore store, Supplier<Optional<Caller>> callerOfCall) {
    this.store = store;
    this.callerOfCall = callerOfCall;
  }

  @Override
  public StreamObserver<StreamMetricsMessage> streamMetrics(
      StreamObserver<StreamMetricsResponse> responses) {
    Optional<Caller> caller = callerOfCall.get();
    if (caller.isPresent()) {
      return new Inlet(caller.get(), responses);
    }
    responses.onError(
        Status.UNAUTHENTICATED
            .withDescription("metrics are taken from callers with a certificate or a token")
            .asRuntimeException());
    return new Deaf();
  }

  /** One stream. Its messages come one after the other. */
  private final class Inlet implements StreamObserver<StreamMetricsMessage> {
    private final Caller caller;
    private final StreamObserver<StreamMetricsResponse> responses;

    private Inlet(Caller caller, StreamObserver<StreamMetricsResponse> responses) {
      this.caller = caller;
      this.responses = responses;
    }

    @Override
    public void onNext(StreamMetricsMessage message) {
      store.add(
          new TrafficStore.Teller(caller.cluster().value(), caller.identity().namespace()),
          flows(message.getEnvoyMetricsList(), caller));
    }

    @Override
    public void onError(Throwable cause) {
      // The proxy went away; it comes back by itself.
    }

    @Override
    public void onCompleted() {
      responses.onNext(StreamMetricsResponse.getDefaultInstance());
      responses.onCompleted();
    }
  }

  /** What is left of a stream that was refused. */
  private static final class Deaf implements StreamObserver<StreamMetricsMessage> {
    @Override
    public void onNext(StreamMetricsMessage message) {}

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {}
  }

  private static Map<Flow, Volume> flows(List<MetricFamily> families, Caller caller) {
    Map<Flow, Volume> flows = new HashMap<>();
    for (MetricFamily family : families) {
      for (Metric metric : family.getMetricList()) {
        Volume volume = volume(family.getName(), metric);
        if (volume.isNone()) {
          continue;
        }
        Flow flow = Flow.of(labels(metric));
        boolean more = flows.size() < MAX_FLOWS || flows.containsKey(flow);
        if (more && mayReport(flow, caller)) {
          flows.merge(flow, volume, Volume::plus);
        }
      }
    }
    return flows;
  }

  private static Volume volume(String family, Metric metric) {
    // Whoever sends less than nothing, or what is no number, sends nothing.
    long count = Math.max(0, (long) metric.getCounter().getValue());
    return switch (family) {
      case "istio_requests_total", "istio_tcp_connections_opened_total" ->
          new Volume(count, 0, 0, 0);
      case "istio_request_duration_milliseconds" ->
          new Volume(0, Math.max(0, (long) metric.getHistogram().getSampleSum()), 0, 0);
      case "istio_tcp_sent_bytes_total" -> new Volume(0, 0, count, 0);
      case "istio_tcp_received_bytes_total" -> new Volume(0, 0, 0, count);
      default -> Volume.NONE;
    };
  }

  private static Map<String, String> labels(Metric metric) {
    Map<String, String> labels = new HashMap<>();
    for (LabelPair pair : metric.getLabelList()) {
      if (pair.getValue().length() <= LONGEST_NAME) {
        labels.put(pair.getName(), pair.getValue());
      }
    }
    return labels;
  }

  /** A workload speaks for itself, not for others. */
  private static boolean mayReport(Flow flow, Caller caller) {
    Place own = flow.reporter() == Flow.Reporter.SOURCE ? flow.source() : flow.destination();
    return own.cluster().equals(caller.cluster().value())
        && own.namespace().equals(caller.identity().namespace());
  }
}
