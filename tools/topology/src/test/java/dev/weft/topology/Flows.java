package dev.weft.topology;

import dev.weft.topology.Flow.Protocol;
import dev.weft.topology.Flow.Reporter;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Traffic for tests, a line for each flow. */
public final class Flows {
  private final Map<Flow, Volume> flows = new HashMap<>();

  /** As both ends count it: 200, with mutual TLS, of ten milliseconds each. */
  public Flows http(Place source, Place destination, String service, long requests) {
    Volume volume = new Volume(requests, requests * 10, 0, 0);
    flows.put(flow(Reporter.SOURCE, source, destination, service, 200, "-"), volume);
    flows.put(flow(Reporter.DESTINATION, source, destination, service, 200, "-"), volume);
    return this;
  }

  /** As the source counts it alone. */
  public Flows failing(
      Place source, Place destination, String service, int code, String flags, long requests) {
    flows.put(
        flow(Reporter.SOURCE, source, destination, service, code, flags),
        new Volume(requests, requests, 0, 0));
    return this;
  }

  public Flows add(Flow flow, Volume volume) {
    flows.put(flow, volume);
    return this;
  }

  private static Flow flow(
      Reporter reporter, Place source, Place destination, String service, int code, String flags) {
    return new Flow(
        reporter,
        source,
        destination,
        Sketch.host(service),
        Protocol.HTTP,
        code,
        flags,
        "",
        source.known());
  }

  public Traffic traffic() {
    return new Traffic(
        flows,
        Map.of(),
        new SourceState(
            SourceState.Kind.EMBEDDED,
            flows.isEmpty() ? SourceState.Health.EMPTY : SourceState.Health.OK,
            "",
            Optional.of(Instant.parse("2026-01-01T10:00:00Z"))));
  }
}
