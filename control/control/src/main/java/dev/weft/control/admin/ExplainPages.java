package dev.weft.control.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.control.ingest.Ingest;
import dev.weft.explain.Explainer;
import dev.weft.explain.Loss;
import dev.weft.explain.Predictor;
import dev.weft.explain.RequestQuestion;
import dev.weft.explain.Stories;
import dev.weft.explain.UnclearException;
import dev.weft.topology.TrafficSource;
import io.helidon.http.BadRequestException;
import io.helidon.webserver.http.ServerRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** What {@code /debug/explain…} and {@code /debug/whatif} answer. */
record ExplainPages(Ingest ingest, TrafficSource traffic, InstantSource clock) {

  Object explain(ServerRequest request) throws UnclearException {
    String service = text(request, "service");
    String from = text(request, "from");
    if (service.isEmpty() || from.isEmpty()) {
      throw new BadRequestException(
          "service and from are needed: ?service=NAME[.NAMESPACE][:PORT]&from=POD[.NAMESPACE]");
    }
    return Explainer.of(
        ingest.current(), service, from, text(request, "cluster"), text(request, "subset"));
  }

  Object request(ServerRequest request) throws UnclearException {
    try {
      RequestQuestion question =
          new ObjectMapper().readValue(text(request, "question"), RequestQuestion.class);
      return Stories.tell(ingest.current(), question);
    } catch (JsonProcessingException e) {
      throw new BadRequestException(
          "question is needed: ?question={\"from\": \"POD.NAMESPACE\", \"host\": \"HOST:PORT\","
              + " \"path\": \"/\"} or {\"log\": \"LINE\"}; it is not JSON of this form: "
              + e.getOriginalMessage());
    }
  }

  Object whatIf(ServerRequest request, Duration window) throws UnclearException {
    Loss loss =
        new Loss(
            Loss.Kind.of(text(request, "kind")), text(request, "cluster"), text(request, "name"));
    Instant now = clock.instant();
    return Predictor.of(
        ingest.current(), loss, window, traffic.between(now.minus(window), now).flows());
  }

  private static String text(ServerRequest request, String name) {
    return request.query().first(name).orElse("");
  }
}
