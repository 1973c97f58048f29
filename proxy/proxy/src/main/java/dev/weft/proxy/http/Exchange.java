package dev.weft.proxy.http;

import dev.weft.codec.RequestHead;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Violation;
import dev.weft.proxy.loop.ClusterState;
import dev.weft.proxy.loop.DownstreamConnection;
import dev.weft.proxy.loop.ResponseFlag;
import dev.weft.proxy.loop.Worker;
import dev.weft.routing.RouteAction;
import dev.weft.runtime.CleanPath;
import dev.weft.runtime.HttpPipeline.Underscores;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request from its first byte to the last byte of its answer: route, attempts, retries, limits
 * of time. A connection uses one object for all its requests. Confined to its event loop.
 */
final class Exchange {
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

  /** Envoy's name for it. */
  static final String OVERLOAD = "overload";

  static final String OVERLOADED = "overloaded";

  final DownstreamHttp downstream;
  final DownstreamConnection connection;
  final Worker worker;
  final HttpPlan plan;
  final RequestHead head;
  final HeadView view;
  final ExchangeLog log = new ExchangeLog(this);
  final RequestEdits requestEdits = new RequestEdits(this);
  final AccessFilters access;
  final RouteChoice routing = new RouteChoice(this);
  final Attempts attempts = new Attempts(this);
  final ReplayBuffer body = new ReplayBuffer();
  final UpgradeTunnel tunnel = new UpgradeTunnel(this);
  final RequestWriter request = new RequestWriter(this);
  final ResponseWriter answer = new ResponseWriter(this);
  private final TimeLimits limits = new TimeLimits(this);

  private Phase phase = Phase.IDLE;
  private @Nullable UpstreamHttp upstream;

  Exchange(
      DownstreamHttp downstream, DownstreamConnection connection, HttpPlan plan, RequestHead head) {
    this.downstream = downstream;
    this.connection = connection;
    this.worker = connection.worker();
    this.plan = plan;
    this.head = head;
    this.view =
        new HeadView(
            head,
            connection,
            plan.pipeline.forwarded().useRemoteAddress(),
            plan.pipeline.heads().underscores() == Underscores.DROP_HEADER);
    this.access = new AccessFilters(this);
  }

  /** The connection that has the request, or null. */
  @Nullable UpstreamHttp upstream() {
    return upstream;
  }

  /** The first byte of a request arrived. */
  void firstByte() {
    log.start();
    view.reset();
    phase = Phase.CONNECTING;
    routing.reset();
    attempts.reset();
    tunnel.reset();
    request.reset();
    answer.reset();
  }

  /** The head of the request is complete. */
  void begin() {
    log.headComplete();
    requestEdits.prepare();
    if (plan.pipeline.heads().underscores() == Underscores.REJECT_REQUEST
        && head.nameHas((byte) '_')) {
      reply(400, 0, "http1.unexpected_underscore", "a header name has an underscore");
      return;
    }
    if (head.isMethod("CONNECT")) {
      reply(405, 0, "connect_not_supported", "CONNECT is not supported");
      return;
    }
    switch (CleanPath.of(view.path(), plan.pipeline.paths())) {
      case CleanPath.Same same -> follow();
      case CleanPath.Changed changed -> {
        view.normalized(changed.target());
        follow();
      }
      case CleanPath.Refused refused ->
          reply(400, 0, "path_normalization_failed", refused.reason());
    }
  }

  private void follow() {
    if (access.admit()) {
      routing.follow();
    }
  }

  /** The route leads to a cluster. */
  void forward(ClusterState state, RouteAction.Forward to) {
    tunnel.look(to);
    request.start(to);
    limits.start(to);
    attempts.start(state, to);
    request.mirrorIfComplete();
  }

  /** Whether a request is under way. */
  boolean busy() {
    return phase != Phase.IDLE;
  }

  /** Whether the answer has begun. */
  boolean answering() {
    return phase == Phase.ANSWERING || phase == Phase.TUNNEL;
  }

  /** No endpoint has the request (any more). */
  void waitForConnection() {
    phase = Phase.CONNECTING;
  }

  /** Sends what is there of the request over a connection that is ready. */
  void send(UpstreamHttp to) {
    phase = Phase.SENT;
    upstream = to;
    to.attach(this);
    log.sent(to);
    request.begin(to);
    if (!downstream.processing()) {
      flushUpstream();
      downstream.process();
    }
  }

  /** Whether more of the request's body can be taken now. */
  boolean wantsBody() {
    return switch (phase) {
      case IDLE, TUNNEL -> true;
      case CONNECTING -> !body.full();
      case SENT, ANSWERING -> {
        UpstreamHttp to = upstream;
        yield to == null ? !body.full() : to.closed() || to.channel().isWritable();
      }
    };
  }

  /** A part of the request's body; may be empty. Takes ownership. */
  void requestBody(ByteBuf part, boolean last) {
    limits.touch();
    if (last) {
      log.requestComplete();
    }
    if (phase == Phase.IDLE) {
      part.release();
    } else {
      request.body(part, upstream);
    }
  }

  void flushUpstream() {
    request.flush(upstream);
  }

  void upstreamWritable() {
    downstream.process();
    flushUpstream();
  }

  void downstreamWritable() {
    UpstreamHttp from = upstream;
    if (from != null) {
      from.channel().config().setAutoRead(true);
    }
  }

  boolean answersHead() {
    return head.isMethod("HEAD");
  }

  /**
   * The head of the final response.
   *
   * @return false where the request is tried again and the connection is not read any more
   */
  boolean responseHead(UpstreamHttp from, ResponseHead response) {
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
    answer.head(response, from);
    return true;
  }

  /** A part of the response's body. Takes ownership. */
  void responseBody(ByteBuf part) {
    limits.touch();
    UpstreamHttp from = upstream;
    if (from == null) {
      part.release();
    } else {
      answer.body(part, from);
    }
  }

  void flushDownstream() {
    answer.flush();
  }

  /** The response is complete. */
  void responseEnd(UpstreamHttp from, boolean clean) {
    if (upstream != from) {
      return;
    }
    boolean complete = downstream.requestComplete();
    log.captureResponse(from);
    upstream = null;
    from.release(clean && complete && from.head().persistent() && !from.framer().untilClose());
    finish(answer.keepAlive());
  }

  /** The upstream connection closed. */
  void upstreamClosed(UpstreamHttp from, boolean endsBody) {
    if (upstream != from) {
      return;
    }
    upstream = null;
    log.captureResponse(from);
    switch (phase) {
      case SENT -> attempts.broken(from);
      case ANSWERING -> {
        if (endsBody) {
          finish(false);
        } else {
          log.flag(ResponseFlag.UC);
          log.details("upstream_reset_after_response_started{connection_termination}");
          abortDownstream();
        }
      }
      case TUNNEL -> {
        flushDownstream();
        finish(false);
      }
      case IDLE, CONNECTING -> {}
    }
  }

  /** The upstream answered something that is not HTTP. */
  void badResponse(UpstreamHttp from, Violation violation) {
    if (upstream != from) {
      from.abort();
      return;
    }
    giveUp(
        ResponseFlag.UPE,
        502,
        phase == Phase.ANSWERING
            ? "upstream_reset_after_response_started{protocol_error}"
            : "upstream_reset_before_response_started{protocol_error}",
        "upstream connect error or disconnect/reset before headers. reset reason: protocol error: "
            + violation.text());
  }

  /** The answer to this try did not begin in time. */
  void tryTimeout() {
    UpstreamHttp from = upstream;
    if (from != null && phase == Phase.SENT) {
      log.captureResponse(from);
      upstream = null;
      from.abort();
      attempts.timedOut();
    }
  }

  /** A limit of time is over. */
  void timeout(ResponseFlag flag, int status, String details, String text) {
    if (upstream != null) {
      attempts.endpointFailed();
    }
    giveUp(flag, status, details, text);
  }

  /** Ends a request that cannot be completed: with an answer, or by breaking the one off. */
  private void giveUp(ResponseFlag flag, int status, String details, String text) {
    dropUpstream();
    log.flag(flag);
    if (phase == Phase.ANSWERING || phase == Phase.TUNNEL) {
      log.details(details);
      abortDownstream();
    } else {
      reply(status, flag.bit(), details, text);
    }
  }

  /** Peers make the loop hold too much, and nothing of this has moved for long. */
  void shed() {
    if (phase == Phase.IDLE) {
      downstream.reset();
    } else {
      downstream.drain();
      giveUp(ResponseFlag.OM, 503, OVERLOAD, OVERLOADED);
    }
  }

  private void dropUpstream() {
    UpstreamHttp from = upstream;
    attempts.stopConnecting();
    if (from != null) {
      log.captureResponse(from);
      upstream = null;
      from.abort();
    }
  }

  /** A body that breaks the protocol. */
  void brokenBody(Violation violation) {
    dropUpstream();
    if (phase == Phase.ANSWERING || phase == Phase.IDLE) {
      log.flag(ResponseFlag.DPE);
      abortDownstream();
    } else {
      reply(violation.status(), ResponseFlag.DPE.bit(), "http1.codec_error", violation.text());
    }
  }

  /** Forgets a request that turned out to be none. */
  void forget() {
    phase = Phase.IDLE;
  }

  /** A request whose head is broken or late. */
  void refuse(int status, int flags, String details, String text) {
    log.headBroken();
    reply(status, flags, details, text);
  }

  /** Answers with a response of our own. */
  void reply(int status, int flags, String details, String text) {
    reply(status, flags, details, text, List.of());
  }

  /** Answers with a response of our own, with more header lines. */
  void reply(int status, int flags, String details, String text, List<String> headers) {
    if (phase == Phase.IDLE) {
      return;
    }
    log.flags(flags);
    log.details(details);
    log.responseHead(status);
    answer.local(status, text, headers);
    phase = Phase.ANSWERING;
    dropUpstream();
    finish(answer.keepAlive());
  }

  private void abortDownstream() {
    flushDownstream();
    complete();
    downstream.reset();
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
    routing.cancel();
    attempts.finish();
    body.reset();
    log.finish();
    phase = Phase.IDLE;
  }

  /** The client's connection is gone. */
  void downstreamClosed() {
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

  /** The upstream took the upgrade. */
  void upgraded(UpstreamHttp to) {
    phase = Phase.TUNNEL;
    to.becomeTunnel();
    flushDownstream();
    downstream.becomeTunnel();
  }

  boolean tunnelling() {
    return phase == Phase.TUNNEL;
  }

  /** Both sides of the tunnel sent all they had. */
  void tunnelEnded(UpstreamHttp to) {
    upstream = null;
    to.release(false);
    finish(false);
  }
}
