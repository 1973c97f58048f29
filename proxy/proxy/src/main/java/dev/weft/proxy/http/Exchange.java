package dev.weft.proxy.http;

import dev.weft.codec.RequestHead;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
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
 * of time. The same object serves one request after the other. Confined to its event loop.
 */
final class Exchange implements Caller {
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

  final DownstreamLeg downstream;
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
  private @Nullable UpstreamLeg upstream;

  Exchange(
      DownstreamLeg downstream, DownstreamConnection connection, HttpPlan plan, RequestHead head) {
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

  /** What has the request, or null. */
  @Nullable UpstreamLeg upstream() {
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
  }

  /** The head of the request is complete. */
  void begin() {
    log.headComplete();
    requestEdits.prepare();
    if (plan.pipeline.heads().underscores() == Underscores.REJECT_REQUEST
        && head.nameHas((byte) '_')) {
      reply(400, 0, codec(".unexpected_underscore"), "a header name has an underscore");
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

  /** Whether the endpoint is spoken to in HTTP/2; an upgrade needs HTTP/1.1. */
  boolean overHttp2(ClusterState cluster) {
    return !tunnel.wanted()
        && switch (cluster.cluster().http().protocol()) {
          case HTTP2 -> true;
          case DOWNSTREAM -> head.isHttp2();
          case HTTP1, ALPN -> false;
        };
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
  void send(UpstreamLeg to) {
    phase = Phase.SENT;
    upstream = to;
    to.attach(this);
    log.sent(to);
    request.begin(to);
    if (!downstream.handingOver()) {
      flushUpstream();
      downstream.resume();
    }
  }

  /** Whether more of the request's body can be taken now. */
  boolean wantsBody() {
    return switch (phase) {
      case IDLE, TUNNEL -> true;
      case CONNECTING -> !body.full();
      case SENT, ANSWERING -> {
        UpstreamLeg to = upstream;
        yield to == null ? !body.full() : to.closed() || to.writable();
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
      log.requestBody(part);
      request.body(part, last, upstream);
    }
  }

  /** What follows the request's body, where it came over HTTP/2. */
  void requestTrailers(Trailers trailers) {
    limits.touch();
    log.requestComplete();
    if (phase != Phase.IDLE) {
      request.trailers(trailers, upstream);
    }
  }

  void flushUpstream() {
    request.flush(upstream);
  }

  @Override
  public void upstreamWritable() {
    downstream.resume();
    flushUpstream();
  }

  void downstreamWritable() {
    UpstreamLeg from = upstream;
    if (from != null) {
      from.resume();
    }
  }

  @Override
  public boolean answersHead() {
    return head.isMethod("HEAD");
  }

  @Override
  public boolean upgrades() {
    return tunnel.wanted();
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
    UpstreamLeg from = upstream;
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
  @Override
  public void shed() {
    if (phase == Phase.IDLE) {
      downstream.abort();
    } else {
      downstream.drain();
      giveUp(ResponseFlag.OM, 503, OVERLOAD, OVERLOADED);
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
  void brokenBody(Violation violation) {
    dropUpstream();
    if (phase == Phase.ANSWERING || phase == Phase.IDLE) {
      log.flag(ResponseFlag.DPE);
      abortDownstream();
    } else {
      reply(violation.status(), ResponseFlag.DPE.bit(), codec(".codec_error"), violation.text());
    }
  }

  /** Envoy's name for something that a codec found. */
  private String codec(String what) {
    return (head.isHttp2() ? "http2" : "http1") + what;
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

  /** A request whose head is broken, and whose stream is reset instead of answered. */
  void refuse(ResponseFlag flag, String details) {
    log.headBroken();
    log.flag(flag);
    log.details(details);
    complete();
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
    answer.local(status, text, headers);
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

  @Override
  public void upgraded(UpstreamLeg to) {
    phase = Phase.TUNNEL;
    to.becomeTunnel();
    flushDownstream();
    downstream.becomeTunnel();
  }

  @Override
  public void tunnelled(ByteBuf part) {
    tunnel.toDownstream(part);
  }

  @Override
  public void serverEnds() {
    tunnel.serverEnds();
  }

  boolean tunnelling() {
    return phase == Phase.TUNNEL;
  }

  /** Both sides of the tunnel sent all they had. */
  void tunnelEnded(UpstreamLeg to) {
    upstream = null;
    to.release(false);
    finish(false);
  }
}
