package dev.weft.server.http;

import dev.weft.codec.KnownHeader;
import dev.weft.codec.RequestHead;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import dev.weft.codec.Violation;
import dev.weft.exchange.DownstreamConnection;
import dev.weft.exchange.HeadView;
import dev.weft.exchange.ResponseFlag;
import dev.weft.exchange.Step;
import dev.weft.routing.GrpcTimeout;
import dev.weft.runtime.HttpPipeline.Underscores;
import dev.weft.server.worker.ClusterState;
import dev.weft.server.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * One request from its first byte to the last byte of its answer: in which phase it is, and what of
 * its parts comes next. They know each other as little as they know it: what they have to say they
 * return, or tell an interface of their own. The same object serves one request after the other.
 * Confined to its event loop.
 */
public final class Exchange implements Caller {
  private enum Phase {
    IDLE,
    /** Waiting for a connection, for a retry, or for an injected delay. */
    CONNECTING,
    /** The request goes to an endpoint; no answer yet. */
    SENT,
    /** The answer's head went to the client. */
    ANSWERING,
    TUNNEL
  }

  private static final String CONTINUE = "100-continue";

  private final Received in;
  private final DownstreamLeg downstream;
  private final Declared declared;
  private final RouteChoice routing;
  private final ExchangeTrace trace;
  private final ExchangeLog log;
  private final FilterRun filters;
  private final ReplayBuffer body = new ReplayBuffer();
  private final Attempts attempts;
  private final TimeLimits limits;
  private final UpgradeTunnel tunnel = new UpgradeTunnel();
  private final RequestWriter request;
  private final ResponseWriter answer;

  private Phase phase = Phase.IDLE;
  private @Nullable UpstreamLeg upstream;

  /**
   * An exchange over a client's connection, or a stream of it.
   *
   * @param head of the request, which the leg reads
   */
  public Exchange(
      Worker worker,
      DownstreamLeg downstream,
      DownstreamConnection connection,
      HttpPlan plan,
      RequestHead head) {
    HeadView view =
        new HeadView(
            head,
            connection,
            plan.pipeline.forwarded().useRemoteAddress(),
            plan.pipeline.heads().underscores() == Underscores.DROP_HEADER);
    Turns turns = new Turns();
    this.in = new Received(worker, connection, plan, head, view);
    this.downstream = downstream;
    this.declared = new Declared(in);
    this.routing = new RouteChoice(in);
    this.trace = new ExchangeTrace(in, declared, routing);
    this.log = new ExchangeLog(in, downstream, declared, routing, trace);
    this.filters = new FilterRun(in, downstream, declared, routing, log, turns);
    this.attempts = new Attempts(in, declared, body, log, turns);
    this.limits = new TimeLimits(worker, plan.pipeline.timeouts(), downstream, turns);
    RequestEdits edits = new RequestEdits(in, declared, routing, filters, attempts, log, trace);
    this.request = new RequestWriter(in, downstream, edits, body);
    this.answer =
        new ResponseWriter(
            in, downstream, new ResponseEdits(in, declared, routing, filters, attempts, log), log);
  }

  /** What the parts have to say that came of a timer, of a connection, or of another's answer. */
  private final class Turns implements FilterRun.Next, Attempts.Next, TimeLimits.Over {
    @Override
    public void delayed() {
      log.flag(ResponseFlag.DI);
    }

    @Override
    public void forward(Step.Forward to) {
      ClusterState state = in.worker().cluster(to.cluster());
      log.upstream().cluster(to.cluster(), state);
      if (state == null) {
        reply(Failures.NO_CLUSTER);
        return;
      }
      request.start(to.action());
      GrpcTimeout said = to.action().grpcTimeout();
      limits.start(to.action(), said == null ? null : said.of(in.view()));
      attempts.start(state, to, UpgradeTunnel.wanted(in, to.action()));
      mirror();
    }

    @Override
    public void answer(Step.Reply reply) {
      reply(reply);
    }

    @Override
    public ByteBuf body() {
      return body.copy(UnpooledByteBufAllocator.DEFAULT);
    }

    @Override
    public void wantBody() {
      if (CONTINUE.equalsIgnoreCase(in.head().value(KnownHeader.EXPECT))) {
        answer.interim(LocalReply.goOn());
        flushDownstream();
      }
    }

    @Override
    public void waiting() {
      phase = Phase.CONNECTING;
    }

    @Override
    public void send(UpstreamLeg to) {
      Exchange.this.send(to);
    }

    @Override
    public void tryTimeout() {
      UpstreamLeg from = upstream;
      if (from != null && phase == Phase.SENT) {
        log.captureResponse(from);
        upstream = null;
        from.abort();
        attempts.timedOut();
      }
    }

    @Override
    public void timeout(Step.Reply reply) {
      if (upstream != null) {
        attempts.endpointFailed();
      }
      giveUp(reply);
    }
  }

  /** How many bytes are held of the request's body. */
  public long held() {
    UpstreamLeg to = upstream;
    return body.size() + filters.held() + (to == null || to.closed() ? 0 : to.unsent());
  }

  /** Whether there is a head that could be understood. */
  public boolean headKnown() {
    return log.headKnown();
  }

  /** The first byte of a request arrived. */
  public void firstByte() {
    log.start();
    in.view().reset();
    trace.reset();
    phase = Phase.CONNECTING;
    routing.forget();
    filters.reset();
    attempts.reset();
    tunnel.reset();
    request.reset();
  }

  /** The head of the request is complete. */
  public void begin() {
    log.headComplete();
    log.watched(filters.watch());
    declared.look();
    trace.begin(log.startNanos());
    Step.Reply told = HeadRules.apply(in, log);
    if (told == null) {
      filters.go();
    } else {
      reply(told);
    }
  }

  /** Whether a request is under way. */
  public boolean busy() {
    return phase != Phase.IDLE;
  }

  /** Whether the answer has begun. */
  public boolean answering() {
    return phase == Phase.ANSWERING || phase == Phase.TUNNEL;
  }

  /** Sends what is there of the request over a connection that is ready. */
  private void send(UpstreamLeg to) {
    phase = Phase.SENT;
    upstream = to;
    to.attach(this);
    log.upstream().sent(to);
    request.begin(to);
    if (!downstream.handingOver()) {
      flushUpstream();
      downstream.resume();
    }
  }

  /** Whether more of the request's body can be taken now. */
  public boolean wantsBody() {
    return switch (phase) {
      case IDLE, TUNNEL -> true;
      case CONNECTING -> !body.full() || filters.holds();
      case SENT, ANSWERING -> {
        UpstreamLeg to = upstream;
        yield to == null ? !body.full() : to.closed() || to.writable();
      }
    };
  }

  /** A part of the request's body; may be empty. Takes ownership. */
  public void requestBody(ByteBuf part, boolean last) {
    limits.touch();
    if (last) {
      log.requestComplete();
    }
    if (phase == Phase.IDLE) {
      part.release();
    } else {
      log.requestBody(part);
      ByteBuf copy = filters.holds() ? part.retainedDuplicate() : null;
      request.body(part, last, upstream);
      mirror();
      if (copy != null) {
        filters.body(copy, last);
      }
    }
  }

  /** What follows the request's body, where it came over HTTP/2. */
  public void requestTrailers(Trailers trailers) {
    limits.touch();
    log.requestComplete();
    if (phase != Phase.IDLE) {
      request.trailers(trailers, upstream);
      mirror();
      filters.body(Unpooled.EMPTY_BUFFER, true);
    }
  }

  private void mirror() {
    if (busy()) {
      request.mirrorIfComplete();
    }
  }

  /** Sends what was written to the endpoint. */
  public void flushUpstream() {
    request.flush(upstream);
  }

  @Override
  public void upstreamWritable() {
    downstream.resume();
    flushUpstream();
  }

  /** The client takes more again. */
  public void downstreamWritable() {
    UpstreamLeg from = upstream;
    if (from != null) {
      from.resume();
    }
  }

  @Override
  public boolean answersHead() {
    return in.head().isMethod("HEAD");
  }

  @Override
  public boolean upgrades() {
    return attempts.upgrade();
  }

  @Override
  public void interim(ResponseHead response) {
    answer.interim(response);
  }

  @Override
  public boolean responseHead(UpstreamLeg from, ResponseHead response, boolean last) {
    limits.touch();
    log.response(response);
    if (attempts.answered(response, log.grpcStatus())) {
      from.abort();
      upstream = null;
      attempts.again();
      return false;
    }
    attempts.cancelTry();
    phase = Phase.ANSWERING;
    body.replayable(false);
    answer.head(response, from, last);
    return true;
  }

  @Override
  public void responseBody(ByteBuf part, boolean last) {
    limits.touch();
    UpstreamLeg from = upstream;
    if (from == null) {
      part.release();
    } else {
      log.responseBody(part);
      answer.body(part, last, from);
    }
  }

  @Override
  public void responseTrailers(Trailers trailers) {
    limits.touch();
    log.response(trailers);
    answer.trailers(trailers);
  }

  @Override
  public void flushDownstream() {
    answer.flush();
  }

  @Override
  public void responseEnd(UpstreamLeg from, boolean reusable) {
    if (upstream != from) {
      return;
    }
    boolean complete = downstream.requestComplete();
    log.captureResponse(from);
    upstream = null;
    answer.end();
    from.release(reusable && complete);
    finish(true);
  }

  @Override
  public void upstreamLost(UpstreamLeg from, Loss loss) {
    if (upstream != from) {
      return;
    }
    upstream = null;
    log.captureResponse(from);
    switch (phase) {
      case SENT -> attempts.lost(from, loss);
      case ANSWERING -> {
        log.flag(ResponseFlag.UC);
        log.details("upstream_reset_after_response_started{connection_termination}");
        abortDownstream();
      }
      case TUNNEL -> {
        flushDownstream();
        finish(false);
      }
      case IDLE, CONNECTING -> {}
    }
  }

  @Override
  public void badResponse(UpstreamLeg from, Violation violation) {
    if (upstream != from) {
      from.abort();
      return;
    }
    giveUp(Failures.badResponse(violation, phase == Phase.ANSWERING));
  }

  /**
   * Ends a request that cannot be completed: with an answer, or by breaking the one off. A gRPC
   * call has a status whenever it ends.
   */
  private void giveUp(Step.Reply reply) {
    dropUpstream();
    log.flags(reply.flags());
    if (phase == Phase.ANSWERING && in.head().isHttp2() && log.grpc()) {
      log.details(reply.details());
      Trailers end = LocalReply.grpcEnd(reply);
      log.response(end);
      answer.trailers(end);
      finish(true);
    } else if (phase == Phase.ANSWERING || phase == Phase.TUNNEL) {
      log.details(reply.details());
      abortDownstream();
    } else {
      reply(reply);
    }
  }

  /** Peers make the loop hold too much, and nothing of this has moved for long. */
  @Override
  public void shed() {
    if (phase == Phase.IDLE) {
      downstream.abort();
    } else {
      downstream.drain();
      giveUp(Failures.OVERLOADED);
    }
  }

  private void dropUpstream() {
    UpstreamLeg from = upstream;
    attempts.stopConnecting();
    if (from != null) {
      log.captureResponse(from);
      upstream = null;
      from.abort();
    }
  }

  /** A body that breaks the protocol. */
  public void brokenBody(Violation violation) {
    dropUpstream();
    if (phase == Phase.ANSWERING || phase == Phase.IDLE) {
      log.flag(ResponseFlag.DPE);
      abortDownstream();
    } else {
      reply(Failures.badRequest(violation, in.head().isHttp2()));
    }
  }

  /** Forgets a request that turned out to be none. */
  public void forget() {
    phase = Phase.IDLE;
  }

  /** A request whose head breaks the protocol. */
  public void refuse(Violation violation) {
    log.headBroken();
    reply(Failures.badRequest(violation, in.head().isHttp2()));
  }

  /** A request whose head comes too late. */
  public void refuse(Step.Reply reply) {
    log.headBroken();
    reply(reply);
  }

  /** A request whose head is broken, and whose stream is reset instead of answered. */
  public void refuse(ResponseFlag flag, String details) {
    log.headBroken();
    log.flag(flag);
    log.details(details);
    complete();
  }

  /** Answers with a response of our own. */
  private void reply(Step.Reply reply) {
    if (phase == Phase.IDLE) {
      return;
    }
    log.flags(reply.flags());
    log.details(reply.details());
    answer.local(reply);
    phase = Phase.ANSWERING;
    dropUpstream();
    finish(true);
  }

  private void abortDownstream() {
    flushDownstream();
    complete();
    downstream.abort();
  }

  private void finish(boolean keep) {
    flushDownstream();
    complete();
    downstream.finished(keep);
  }

  /** Ends what began, writes the log, tells the observer. */
  private void complete() {
    if (phase == Phase.IDLE) {
      return;
    }
    limits.cancel();
    filters.cancel();
    attempts.finish();
    body.reset();
    answer.close();
    log.finish();
    phase = Phase.IDLE;
  }

  /** The client's connection is gone. */
  public void downstreamClosed() {
    if (phase == Phase.IDLE) {
      return;
    }
    if (phase != Phase.TUNNEL) {
      log.flag(ResponseFlag.DC);
      log.details("downstream_remote_disconnect");
    }
    dropUpstream();
    complete();
  }

  @Override
  public void upgraded(UpstreamLeg to) {
    phase = Phase.TUNNEL;
    to.becomeTunnel();
    flushDownstream();
    downstream.becomeTunnel();
  }

  /** Whether more of the client's bytes can be taken now, in a tunnel. */
  public boolean tunnelWritable() {
    UpstreamLeg to = upstream;
    return to == null || to.closed() || to.writable();
  }

  /** Bytes of the client, in a tunnel. Takes ownership. */
  public void fromClient(ByteBuf part) {
    UpstreamLeg to = upstream;
    if (to == null) {
      part.release();
      return;
    }
    log.tunnelled(part.readableBytes(), 0);
    request.write(part, false, to);
  }

  @Override
  public void tunnelled(ByteBuf part) {
    log.tunnelled(0, part.readableBytes());
    responseBody(part, false);
  }

  @Override
  public void serverEnds() {
    flushDownstream();
    UpstreamLeg from = upstream;
    if (phase != Phase.TUNNEL || from == null) {
      return;
    }
    if (tunnel.serverEnds()) {
      tunnelEnded(from);
    } else {
      downstream.endOutput();
    }
  }

  /** In a tunnel: the client sends no more. */
  public void clientEnds() {
    flushUpstream();
    UpstreamLeg to = upstream;
    if (to == null) {
      return;
    }
    if (tunnel.clientEnds()) {
      tunnelEnded(to);
    } else {
      to.endOutput();
    }
  }

  private void tunnelEnded(UpstreamLeg to) {
    upstream = null;
    to.release(false);
    finish(false);
  }
}
