package dev.weft.topology.picture;

import dev.weft.topology.Flow;
import dev.weft.topology.Flow.Reporter;
import dev.weft.topology.Volume;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** From flows to edges, each with what either end counted. In no order: sums have none. */
final class Calls {
  private Calls() {}

  /** Somebody who was called by a name; who called does not matter. */
  private record Called(Spot target, String service, Flow.Protocol protocol) {}

  static Map<Call, Ends> of(Map<Flow, Volume> flows, Spots spots) {
    Map<Call, Ends> calls = new HashMap<>();
    Set<Called> calledByKnown = new HashSet<>();
    flows.forEach(
        (flow, volume) -> {
          if (flow.reporter() == Reporter.SOURCE && !passing(flow, spots)) {
            Call call = call(flow, spots);
            calls.computeIfAbsent(call, c -> new Ends()).client.add(flow, volume);
            calledByKnown.add(new Called(call.target(), call.service(), call.protocol()));
          }
        });
    flows.forEach(
        (flow, volume) -> {
          if (flow.reporter() == Reporter.DESTINATION && !passing(flow, spots)) {
            Call call = call(flow, spots);
            Called called = new Called(call.target(), call.service(), call.protocol());
            // Whoever has a certificate of the mesh is not outside: the source counted it itself.
            boolean told =
                call.source().equals(Spot.OUTSIDE)
                    && flow.mutualTls()
                    && calledByKnown.contains(called);
            if (!told) {
              calls.computeIfAbsent(call, c -> new Ends()).server.add(flow, volume);
            }
          }
        });
    calls.values().forEach(Ends::decide);
    calls.values().removeIf(ends -> ends.counted.isNone());
    return calls;
  }

  /** With host names as stops: from the source to the name, and from there to who answers. */
  static Map<Call, Ends> byServices(Map<Call, Ends> calls, Spots spots) {
    Map<Call, Ends> stopping = new HashMap<>();
    calls.forEach(
        (call, ends) -> {
          if (call.target().kind() == NodeKind.SERVICE) {
            merge(stopping, call, ends);
            return;
          }
          Spot stop = spots.stop(call);
          merge(stopping, new Call(call.source(), stop, call.service(), call.protocol()), ends);
          merge(stopping, new Call(stop, call.target(), call.service(), call.protocol()), ends);
        });
    return stopping;
  }

  /** On a coarser level, without what stays within one card. */
  static Map<Call, Ends> on(Level level, Map<Call, Ends> calls) {
    if (level == Level.WORKLOAD) {
      return calls;
    }
    Map<Call, Ends> coarse = new HashMap<>();
    calls.forEach(
        (call, ends) -> {
          Call on = call.on(level);
          if (!on.source().equals(on.target())) {
            merge(coarse, on, ends);
          }
        });
    return coarse;
  }

  private static void merge(Map<Call, Ends> into, Call call, Ends ends) {
    into.computeIfAbsent(call, c -> new Ends()).add(ends);
  }

  private static Call call(Flow flow, Spots spots) {
    Spot source = spots.of(flow.source()).orElse(Spot.OUTSIDE);
    return new Call(source, spots.target(flow), flow.service(), flow.protocol());
  }

  /**
   * Whether it is what a cross-cluster proxy counts of bytes that it passes: both real ends count
   * the same traffic themselves.
   */
  private static boolean passing(Flow flow, Spots spots) {
    return flow.protocol() == Flow.Protocol.TCP
        && (spots.crossClusterProxy(flow.source()) || spots.crossClusterProxy(flow.destination()));
  }
}
