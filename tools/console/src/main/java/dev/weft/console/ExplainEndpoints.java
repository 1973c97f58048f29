package dev.weft.console;

import dev.weft.explain.Explainer;
import dev.weft.explain.Loss;
import dev.weft.explain.Prediction;
import dev.weft.explain.Predictor;
import dev.weft.explain.RequestQuestion;
import dev.weft.explain.RequestStory;
import dev.weft.explain.Stories;
import dev.weft.explain.UnclearException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Why traffic goes where it goes, and where it would go. */
final class ExplainEndpoints {
  /** Over which a prediction takes rates. */
  private static final Duration WINDOW = Duration.ofSeconds(60);

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ConsoleParts parts;

  /** A prediction translates the mesh twice: one at a time. */
  private final Semaphore predicting = new Semaphore(1);

  ExplainEndpoints(ConsoleParts parts) {
    this.parts = parts;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/explain", this::explain),
        Route.ask("/explain/request", this::request),
        Route.ask("/whatif", this::whatIf));
  }

  private Object explain(Call call) throws ProblemException {
    if (call.parameter("service").isEmpty() || call.parameter("from").isEmpty()) {
      throw ProblemException.badRequest(
          "service and from are needed: ?service=NAME[.NAMESPACE][:PORT]&from=POD[.NAMESPACE]");
    }
    try {
      return Explainer.of(
          parts.mesh().get().snapshot(),
          call.parameter("service"),
          call.parameter("from"),
          call.parameter("cluster"),
          call.parameter("subset"));
    } catch (UnclearException e) {
      throw ProblemException.notFound(String.valueOf(e.getMessage()));
    }
  }

  private RequestStory request(Call call) throws ProblemException {
    RequestQuestion question =
        Json.read(
            call.body(),
            RequestQuestion.class,
            "a question {log, from, cluster, method, host, path, headers}");
    try {
      return Stories.tell(parts.mesh().get().snapshot(), question, parts.proxies()::onDemand);
    } catch (UnclearException e) {
      throw ProblemException.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private Prediction whatIf(Call call) throws ProblemException {
    Loss loss = Json.read(call.body(), Loss.class, "a loss {kind, cluster, name}");
    Instant now = parts.clock().instant();
    boolean mine = false;
    try {
      mine = predicting.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (!mine) {
        throw ProblemException.unavailable("others ask for predictions: ask again in a minute");
      }
      return Predictor.of(
          parts.mesh().get().snapshot(),
          loss,
          WINDOW,
          parts.traffic().between(now.minus(WINDOW), now).flows());
    } catch (UnclearException e) {
      throw ProblemException.badRequest(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ProblemException.unavailable("the control plane is stopping");
    } finally {
      if (mine) {
        predicting.release();
      }
    }
  }
}
