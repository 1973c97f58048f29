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
import dev.weft.snapshot.WorkloadKey;
import dev.weft.topology.TrafficSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Predicate;

/**
 * What {@code /debug/explain…} and {@code /debug/whatif} answer.
 *
 * @param onDemand pods whose proxies, of those served here, ask for what they call
 */
record ExplainPages(
    Ingest ingest, Predicate<WorkloadKey> onDemand, TrafficSource traffic, InstantSource clock) {

  Object explain(DebugQuery query) throws UnclearException, NoAnswerException {
    String service = query.text("service");
    String from = query.text("from");
    if (service.isEmpty() || from.isEmpty()) {
      throw new NoAnswerException(
          400,
          "service and from are needed: ?service=NAME[.NAMESPACE][:PORT]&from=POD[.NAMESPACE]");
    }
    return Explainer.of(
        ingest.current(), service, from, query.text("cluster"), query.text("subset"));
  }

  Object request(DebugQuery query) throws UnclearException, NoAnswerException {
    try {
      RequestQuestion question =
          new ObjectMapper().readValue(query.text("question"), RequestQuestion.class);
      return Stories.tell(ingest.current(), question, onDemand);
    } catch (JsonProcessingException e) {
      throw new NoAnswerException(
          400,
          "question is needed: ?question={\"from\": \"POD.NAMESPACE\", \"host\": \"HOST:PORT\","
              + " \"path\": \"/\"} or {\"log\": \"LINE\"}; it is not JSON of this form: "
              + e.getOriginalMessage());
    }
  }

  Object whatIf(DebugQuery query) throws UnclearException, NoAnswerException {
    Duration window = query.window();
    Loss loss =
        new Loss(Loss.Kind.of(query.text("kind")), query.text("cluster"), query.text("name"));
    Instant now = clock.instant();
    return Predictor.of(
        ingest.current(), loss, window, traffic.between(now.minus(window), now).flows());
  }
}
