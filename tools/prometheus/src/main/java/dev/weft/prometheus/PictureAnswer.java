package dev.weft.prometheus;

import dev.weft.topology.Flow;
import dev.weft.topology.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * What one server says of a window: five queries, asked at once.
 *
 * @param complaints of queries that it did not answer, or not in full; without the requests there
 *     is no answer at all
 */
record PictureAnswer(
    Map<Flow, Counts> flows,
    Map<Traffic.Relation, Traffic.Latency> latencies,
    Optional<Instant> newest,
    List<String> complaints) {

  static PictureAnswer of(HttpPrometheus server, Instant from, Instant to, Room room)
      throws PrometheusException, InterruptedException {
    PrometheusServer asked = server.server();
    Window window = Window.of(Duration.between(from, to), asked);
    Queries queries = new Queries(asked.scope(), window.asked());
    String cluster = asked.cluster();
    Newest newest = new Newest();
    FlowFold requests = new FlowFold(cluster, room, window.part());
    FlowFold tcp = new FlowFold(cluster, room, window.part());
    FlowFold millis = new FlowFold(cluster, room, window.part());
    LatencyFold latencies = new LatencyFold(cluster, room);
    List<Part> parts =
        List.of(
            new Part("requests", server, queries.requests(), to, requests, room),
            new Part("TCP", server, queries.tcp(), to, tcp, room),
            new Part("durations", server, queries.millis(), to, millis, room),
            new Part("quantiles", server, queries.quantiles(), to, latencies, room),
            new Part("the newest sample", server, queries.newest(), to, newest, room));
    List<String> complaints = new ArrayList<>();
    try {
      complaints.addAll(parts.getFirst().await());
      for (Part part : parts.subList(1, parts.size())) {
        complaints.addAll(part.complaints());
      }
    } finally {
      parts.forEach(Part::cancel);
    }
    Map<Flow, Counts> flows = new HashMap<>(requests.flows());
    for (FlowFold fold : List.of(tcp, millis)) {
      fold.flows().forEach((flow, counts) -> flows.merge(flow, counts, Counts::plus));
    }
    return new PictureAnswer(flows, latencies.latencies(), newest.at(), complaints);
  }

  /** One of the queries, under way. */
  private static final class Part {
    private final String name;
    private final FutureTask<List<String>> answer;

    private Part(
        String name, HttpPrometheus server, String query, Instant at, SampleSink sink, Room room) {
      this.name = name;
      this.answer =
          new FutureTask<>(
              () ->
                  server.ask(
                      "query", Map.of("query", query, "time", Moments.text(at)), sink, room));
      Thread.ofVirtual().name("prometheus-query").start(answer);
    }

    private List<String> await() throws PrometheusException, InterruptedException {
      try {
        return answer.get();
      } catch (ExecutionException e) {
        throw new PrometheusException(
            e.getCause() instanceof PrometheusException said
                ? String.valueOf(said.getMessage())
                : name + ": " + e.getCause());
      }
    }

    /** What it warns of, or why there is nothing. */
    private List<String> complaints() throws InterruptedException {
      try {
        return await();
      } catch (PrometheusException e) {
        return List.of("without " + name + ", since " + e.getMessage());
      }
    }

    private void cancel() {
      answer.cancel(true);
    }
  }

  /** A moment that the server names. Confined to its reader. */
  private static final class Newest implements SampleSink {
    private Optional<Instant> at = Optional.empty();

    @Override
    public void sample(Map<String, String> labels, double seconds, double value) {
      at = Optional.of(Moments.of(value));
    }

    private Optional<Instant> at() {
      return at;
    }
  }
}
