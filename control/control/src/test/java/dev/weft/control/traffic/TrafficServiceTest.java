package dev.weft.control.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ca.Caller;
import dev.weft.topology.Flow;
import dev.weft.topology.Volume;
import dev.weft.types.ClusterId;
import dev.weft.types.SpiffeId;
import dev.weft.types.TrustDomain;
import io.envoyproxy.envoy.service.metrics.v3.StreamMetricsMessage;
import io.envoyproxy.envoy.service.metrics.v3.StreamMetricsResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.prometheus.client.Metrics.Counter;
import io.prometheus.client.Metrics.Histogram;
import io.prometheus.client.Metrics.LabelPair;
import io.prometheus.client.Metrics.Metric;
import io.prometheus.client.Metrics.MetricFamily;
import io.prometheus.client.Metrics.MetricType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrafficServiceTest {
  private static final Map<String, String> OWN =
      Map.of(
          "reporter", "source",
          "source_cluster", "c1",
          "source_workload_namespace", "demo",
          "source_workload", "productpage",
          "destination_workload", "reviews",
          "request_protocol", "http",
          "response_code", "200");

  private final TrafficStore store = new TrafficStore(InstantSource.system());
  private final List<Throwable> errors = new ArrayList<>();
  private boolean ended;

  @Test
  void counters_and_durations_of_a_series_come_together() {
    report(
        caller("c1", "demo"),
        family("istio_requests_total", OWN, 3),
        durations(OWN, 42.0),
        family("some_other_metric", OWN, 99));

    assertThat(flowed()).isEqualTo(Map.of(Flow.of(OWN), new Volume(3, 42, 0, 0)));
    assertThat(ended).isTrue();
  }

  @Test
  void nobody_speaks_for_another_namespace_or_cluster() {
    report(caller("c1", "other"), family("istio_requests_total", OWN, 3));
    report(caller("c2", "demo"), family("istio_requests_total", OWN, 3));

    assertThat(flowed()).isEmpty();
  }

  @Test
  void a_destination_speaks_of_what_it_received() {
    Map<String, String> received = new java.util.HashMap<>(OWN);
    received.put("reporter", "destination");
    received.put("destination_cluster", "c2");
    received.put("destination_workload_namespace", "shop");

    report(caller("c2", "shop"), family("istio_requests_total", received, 3));

    assertThat(flowed()).isEqualTo(Map.of(Flow.of(received), new Volume(3, 0, 0, 0)));
  }

  @Test
  void nobody_reports_without_a_name() {
    report(Optional.empty(), family("istio_requests_total", OWN, 3));

    assertThat(flowed()).isEmpty();
    assertThat(errors)
        .singleElement()
        .extracting(e -> Status.fromThrowable(e).getCode())
        .isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @Test
  void less_than_nothing_counts_as_nothing() {
    report(caller("c1", "demo"), family("istio_requests_total", OWN, -7));

    assertThat(flowed()).isEmpty();
  }

  private Map<Flow, Volume> flowed() {
    Instant now = Instant.now();
    return store.between(now.minus(Duration.ofMinutes(1)), now.plusSeconds(1)).flows();
  }

  private static Optional<Caller> caller(String cluster, String namespace) {
    return Optional.of(
        new Caller(
            new SpiffeId(new TrustDomain("cluster.local"), namespace, "default"),
            new ClusterId(cluster)));
  }

  private void report(Optional<Caller> caller, MetricFamily... families) {
    StreamObserver<StreamMetricsMessage> stream =
        new TrafficService(store, () -> caller)
            .streamMetrics(
                new StreamObserver<>() {
                  @Override
                  public void onNext(StreamMetricsResponse response) {}

                  @Override
                  public void onError(Throwable error) {
                    errors.add(error);
                  }

                  @Override
                  public void onCompleted() {
                    ended = true;
                  }
                });
    stream.onNext(StreamMetricsMessage.newBuilder().addAllEnvoyMetrics(List.of(families)).build());
    stream.onCompleted();
  }

  private static MetricFamily family(String name, Map<String, String> labels, double value) {
    return MetricFamily.newBuilder()
        .setName(name)
        .setType(MetricType.COUNTER)
        .addMetric(labelled(labels).setCounter(Counter.newBuilder().setValue(value)))
        .build();
  }

  private static MetricFamily durations(Map<String, String> labels, double sum) {
    return MetricFamily.newBuilder()
        .setName("istio_request_duration_milliseconds")
        .setType(MetricType.HISTOGRAM)
        .addMetric(labelled(labels).setHistogram(Histogram.newBuilder().setSampleSum(sum)))
        .build();
  }

  private static Metric.Builder labelled(Map<String, String> labels) {
    Metric.Builder metric = Metric.newBuilder();
    labels.forEach((k, v) -> metric.addLabel(LabelPair.newBuilder().setName(k).setValue(v)));
    return metric;
  }
}
