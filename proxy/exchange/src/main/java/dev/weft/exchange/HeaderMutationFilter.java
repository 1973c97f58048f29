package dev.weft.exchange;

import dev.weft.routing.HeaderEdits;
import dev.weft.routing.HeaderMutations;
import dev.weft.routing.HeaderMutations.Level;
import dev.weft.routing.Route;
import dev.weft.runtime.HttpFilter.HeaderMutation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Heads are changed, by the listener and by the route. */
record HeaderMutationFilter(HeaderMutation rules) implements Filter {
  @Override
  public boolean readsRoute() {
    return true;
  }

  @Override
  public boolean readsAnswers() {
    return true;
  }

  @Override
  public Step head(Asked request) {
    List<HeaderEdits> edits = edits(request, Level::request);
    return edits.isEmpty()
        ? Step.GO_ON
        : new Step.Edit(HeadChange.of(edits, request), false, List.of());
  }

  @Override
  public Answering answer(Answered answer) {
    return Answering.edited(edits(answer.request(), Level::response));
  }

  private List<HeaderEdits> edits(Asked request, Function<Level, List<HeaderEdits>> of) {
    Route route = request.route();
    HeaderMutations here = route == null ? null : route.policy(HeaderMutations.class);
    if (here == null) {
      return of.apply(rules.own());
    }
    List<HeaderEdits> edits = new ArrayList<>(of.apply(rules.own()));
    for (Level level : rules.specificLast() ? here.levels().reversed() : here.levels()) {
      edits.addAll(of.apply(level));
    }
    return edits;
  }
}
