package dev.weft.proxy.http;

import dev.weft.access.JwtDecision;
import dev.weft.codec.HeadOverlay;
import dev.weft.exchange.Filter;
import dev.weft.exchange.Step;
import dev.weft.proxy.loop.Worker;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the filters: which is asked next, and what is waited for
 * meanwhile. Confined to its exchange.
 */
final class FilterRun {
  /** Whose request it is. */
  interface Next {
    /** The request is held back on purpose. */
    void delayed();

    /** No filter has anything against it. */
    void forward(Step.Forward to);

    void answer(Step.Reply reply);
  }

  private final Received in;
  private final List<Filter> filters;
  private final RouteChoice routing;
  private final AskedHere asked;
  private final Next next;
  private int at;
  private JwtDecision.@Nullable Passed passed;
  private @Nullable ScheduledFuture<?> timer;

  FilterRun(Received in, RouteChoice routing, Next next) {
    this.in = in;
    this.filters = in.plan().filters;
    this.routing = routing;
    this.asked = new AskedHere(in, routing);
    this.next = next;
  }

  /** A request begins. */
  void reset() {
    at = 0;
    passed = null;
    asked.reset();
  }

  /** Asks one filter after the other, from the one that is next. */
  void go() {
    Step step = Step.GO_ON;
    while (step instanceof Step.GoOn && at < filters.size()) {
      Filter filter = filters.get(at);
      if (filter.readsRoute() && !routing.find(this::go)) {
        return;
      }
      at++;
      step = filter.head(asked);
      if (step instanceof Step.Edit edit) {
        passed = edit.passed();
        in.view().edited(edit.passed());
        routing.forget();
        step = Step.GO_ON;
      }
    }
    if (step instanceof Step.GoOn) {
      throw new IllegalStateException("a pipeline ends with its router");
    }
    take(step);
  }

  private void take(Step step) {
    switch (step) {
      case Step.GoOn on -> go();
      case Step.Edit edit -> throw new IllegalStateException("a change is made at once");
      case Step.Delay delay -> {
        next.delayed();
        timer = in.worker().schedule(() -> take(delay.then()), delay.nanos());
      }
      case Step.Forward forward -> next.forward(forward);
      case Step.Reply reply -> next.answer(reply);
    }
  }

  /** Makes of the head that goes on what the filters demand. */
  void edit(HeadOverlay overlay) {
    JwtDecision.Passed edits = passed;
    if (edits != null) {
      for (String name : edits.removed()) {
        overlay.remove(in.head(), HttpPlan.ascii(name));
      }
      edits.added().forEach(overlay::add);
    }
  }

  /** The request is over. */
  void cancel() {
    routing.cancel();
    Worker.cancel(timer);
    timer = null;
  }
}
