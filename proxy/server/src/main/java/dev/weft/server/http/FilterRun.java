package dev.weft.server.http;

import dev.weft.codec.HeadOverlay;
import dev.weft.codec.ResponseHead;
import dev.weft.exchange.Answering;
import dev.weft.exchange.BodyCoder;
import dev.weft.exchange.BodyWatch;
import dev.weft.exchange.Call;
import dev.weft.exchange.Filter;
import dev.weft.exchange.HeadChange;
import dev.weft.exchange.Step;
import dev.weft.server.worker.Worker;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
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

    /** A copy of what is here of the request's body, which is the caller's. */
    ByteBuf body();

    /** The client is to send the request's body, where it waits to be told. */
    void wantBody();
  }

  private final Received in;
  private final List<Filter> filters;
  private final DownstreamLeg downstream;
  private final RouteChoice routing;
  private final EditWriter.Operators operators;
  private final AskedHere asked;
  private final AnsweredHere answered;
  private final Next next;
  private final Runnable again = this::go;
  private final List<String> responseLines = new ArrayList<>(0);
  private int at;
  private @Nullable ScheduledFuture<?> timer;
  private @Nullable OwnCall call;
  private @Nullable Holding holding;

  FilterRun(
      Received in,
      DownstreamLeg downstream,
      Declared declared,
      RouteChoice routing,
      EditWriter.Operators operators,
      Next next) {
    this.in = in;
    this.filters = in.plan().filters;
    this.downstream = downstream;
    this.routing = routing;
    this.operators = operators;
    this.asked = new AskedHere(in, declared, routing, operators);
    this.answered = new AnsweredHere(in, asked);
    this.next = next;
  }

  /** A request begins. */
  void reset() {
    at = 0;
    responseLines.clear();
    asked.reset();
  }

  /** Who looks at the content of the request and of its answer, or null. */
  @Nullable BodyWatch watch() {
    List<Filter> watching = in.plan().watching;
    BodyWatch all = null;
    for (int i = 0; i < watching.size(); i++) {
      BodyWatch one = watching.get(i).watch(asked);
      if (one != null) {
        all = all == null ? one : all.with(one);
      }
    }
    return all;
  }

  /** Asks one filter after the other, from the one that is next. */
  void go() {
    Step step = Step.GO_ON;
    while (step instanceof Step.GoOn) {
      Filter filter = filters.get(at);
      if (filter.readsRoute() && !routing.find(again)) {
        return;
      }
      at++;
      step = changed(filter.head(asked));
    }
    take(step);
  }

  private Step changed(Step step) {
    if (!(step instanceof Step.Edit edit)) {
      return step;
    }
    in.view().changed(edit.change());
    if (edit.reroute()) {
      routing.forget();
    }
    responseLines.addAll(edit.responseLines());
    return Step.GO_ON;
  }

  private void take(Step step) {
    switch (step) {
      case Step.GoOn on -> go();
      case Step.Edit edit -> take(changed(edit));
      case Step.Delay delay -> {
        next.delayed();
        timer = in.worker().schedule(() -> take(delay.then()), delay.nanos());
      }
      case Step.Ask ask -> ask(ask);
      case Step.Hold hold -> hold(hold);
      case Step.Forward forward -> next.forward(forward);
      case Step.Reply reply -> next.answer(reply);
    }
  }

  private void hold(Step.Hold hold) {
    Holding here = new Holding(hold, in.head());
    holding = here;
    here.take(next.body());
    held(downstream.requestComplete());
    if (holding == here) {
      next.wantBody();
      downstream.resume();
    }
  }

  /** Whether a filter waits for the request's body. */
  boolean holds() {
    return holding != null;
  }

  /** How many bytes are held for it. */
  int held() {
    return holding == null ? 0 : holding.size();
  }

  /** A part of the request's body, of which there may be no more. Takes ownership. */
  void body(ByteBuf part, boolean last) {
    Holding here = holding;
    if (here == null) {
      part.release();
    } else {
      here.take(part);
      held(last);
    }
  }

  private void held(boolean complete) {
    Holding here = holding;
    Step step = here == null ? null : here.next(complete);
    if (step != null) {
      holding = null;
      take(step);
    }
  }

  private void ask(Step.Ask ask) {
    OwnCall begun = new OwnCall(in.worker(), in.plan(), ask.call(), a -> answered(ask, a));
    call = begun;
    begun.start();
  }

  private void answered(Step.Ask ask, Call.Answer answer) {
    call = null;
    take(ask.next().apply(answer));
  }

  /** Further lines of the answer's head. */
  List<String> responseLines() {
    return responseLines;
  }

  /**
   * Makes of the head of an answer what the filters demand, with the overlay of the loop.
   *
   * @param hasContent whether content may follow
   * @return what codes the content, or null
   */
  @Nullable BodyCoder answer(ResponseHead head, boolean hasContent) {
    List<Filter> answering = in.plan().answering;
    if (answering.isEmpty() || at == 0) {
      return null;
    }
    HeadOverlay overlay = in.worker().overlay();
    answered.is(head, hasContent);
    BodyCoder coder = null;
    for (int i = 0; i < answering.size(); i++) {
      Answering wanted = answering.get(i).answer(answered);
      for (int j = 0; j < wanted.edits().size(); j++) {
        String unused = EditWriter.apply(wanted.edits().get(j), head, overlay, operators);
      }
      for (int j = 0; j < wanted.lines().size(); j++) {
        overlay.addLine(HttpPlan.ascii(wanted.lines().get(j)));
      }
      if (wanted.coder() != null) {
        coder = coder == null ? wanted.coder() : coder.then(wanted.coder());
      }
    }
    return coder;
  }

  /** Makes of the head that goes on what the filters demand. */
  void edit(HeadOverlay overlay) {
    HeadChange change = in.view().change();
    if (change != null) {
      for (String name : change.removed()) {
        overlay.drop(in.head(), HttpPlan.ascii(name));
      }
      change.added().forEach(overlay::add);
    }
  }

  /** The request is over. */
  void cancel() {
    routing.cancel();
    holding = null;
    Worker.cancel(timer);
    timer = null;
    OwnCall asking = call;
    if (asking != null) {
      call = null;
      asking.cancel();
    }
  }
}
