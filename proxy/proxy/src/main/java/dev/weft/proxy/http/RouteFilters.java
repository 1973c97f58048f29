package dev.weft.proxy.http;

import dev.weft.proxy.loop.ResponseFlag;
import dev.weft.routing.CorsPolicy;
import dev.weft.routing.FaultPolicy;
import dev.weft.routing.Route;
import java.util.ArrayList;
import java.util.List;

/** Steps of the pipeline that a route configures: cross-origin rules, injected faults. */
final class RouteFilters {
  private RouteFilters() {}

  /** What the steps say about a request. */
  sealed interface Verdict {
    /** Go on. */
    record Continue() implements Verdict {}

    /** Answer at once. */
    record Answer(int status, int flags, String details, String body, List<String> headers)
        implements Verdict {}

    /** Wait, then do what follows. */
    record Delay(long nanos, Verdict then) implements Verdict {}
  }

  private static final Verdict CONTINUE = new Verdict.Continue();

  static Verdict judge(Exchange exchange, Route route) {
    CorsPolicy cors = exchange.plan.cors ? route.cors() : null;
    if (cors != null && cors.answers(exchange.view)) {
      return preflight(exchange, cors);
    }
    FaultPolicy fault = exchange.plan.faults ? route.fault() : null;
    return fault == null ? CONTINUE : fault(exchange, fault);
  }

  private static Verdict fault(Exchange exchange, FaultPolicy fault) {
    Verdict then = CONTINUE;
    FaultPolicy.Abort abort = fault.abort();
    if (abort != null && abort.fraction().selects(exchange.worker.random().nextLong())) {
      Integer grpc = abort.grpcStatus();
      then =
          new Verdict.Answer(
              abort.httpStatus(),
              ResponseFlag.FI.bit(),
              "fault_filter_abort",
              "fault filter abort",
              grpc == null ? List.of() : List.of("grpc-status: " + grpc));
    }
    FaultPolicy.Delay delay = fault.delay();
    if (delay != null && delay.fraction().selects(exchange.worker.random().nextLong())) {
      return new Verdict.Delay(delay.duration().toNanos(), then);
    }
    return then;
  }

  private static Verdict preflight(Exchange exchange, CorsPolicy cors) {
    String origin = String.valueOf(exchange.view.header("origin"));
    if (!cors.allows(origin)) {
      return new Verdict.Answer(200, 0, "cors_response", "", List.of());
    }
    List<String> headers = new ArrayList<>(actual(cors, origin));
    if (!cors.allowMethods().isEmpty()) {
      headers.add("access-control-allow-methods: " + cors.allowMethods());
    }
    if (!cors.allowHeaders().isEmpty()) {
      headers.add("access-control-allow-headers: " + cors.allowHeaders());
    }
    if (!cors.maxAge().isEmpty()) {
      headers.add("access-control-max-age: " + cors.maxAge());
    }
    return new Verdict.Answer(200, 0, "cors_response", "", headers);
  }

  /** Header lines of an answer to a cross-origin request. */
  static List<String> actual(CorsPolicy cors, String origin) {
    List<String> headers = new ArrayList<>(3);
    headers.add("access-control-allow-origin: " + origin);
    if (Boolean.TRUE.equals(cors.allowCredentials())) {
      headers.add("access-control-allow-credentials: true");
    }
    if (!cors.exposeHeaders().isEmpty()) {
      headers.add("access-control-expose-headers: " + cors.exposeHeaders());
    }
    return headers;
  }
}
