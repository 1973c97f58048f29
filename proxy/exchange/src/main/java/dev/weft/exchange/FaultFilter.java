package dev.weft.exchange;

import dev.weft.routing.FaultPolicy;
import dev.weft.routing.Route;
import java.util.List;

/** Faults that the route injects. */
record FaultFilter() implements Filter {
  @Override
  public boolean readsRoute() {
    return true;
  }

  @Override
  public Step head(Asked request) {
    Route route = request.route();
    FaultPolicy fault = route == null ? null : route.policy(FaultPolicy.class);
    return fault == null ? Step.GO_ON : delay(fault, request, abort(fault, request));
  }

  private static Step abort(FaultPolicy fault, Asked request) {
    FaultPolicy.Abort abort = fault.abort();
    if (abort == null || !abort.fraction().selects(request.random())) {
      return Step.GO_ON;
    }
    Integer grpc = abort.grpcStatus();
    return new Step.Reply(
        abort.httpStatus(),
        ResponseFlag.FI.bit(),
        "fault_filter_abort",
        "fault filter abort",
        grpc == null ? List.of() : List.of("grpc-status: " + grpc));
  }

  private static Step delay(FaultPolicy fault, Asked request, Step then) {
    FaultPolicy.Delay delay = fault.delay();
    return delay != null && delay.fraction().selects(request.random())
        ? new Step.Delay(delay.duration().toNanos(), then)
        : then;
  }
}
