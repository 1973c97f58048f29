package dev.weft.proxy.http;

import dev.weft.codec.MessageHead.Framing;
import dev.weft.codec.RequestHead;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Violation;
import dev.weft.proxy.loop.ClusterState;
import dev.weft.proxy.loop.DownstreamConnection;
import dev.weft.proxy.loop.ResponseFlag;
import dev.weft.proxy.loop.UpstreamEndpoint;
import dev.weft.proxy.loop.Worker;
import dev.weft.routing.ClusterChoice;
import dev.weft.routing.HeaderEdits;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.RouteTable;
import dev.weft.routing.VirtualHost;
import dev.weft.runtime.RuntimeConfig;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
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

  final DownstreamHttp downstream;
  final DownstreamConnection connection;
  final Worker worker;
  final HttpPlan plan;
  final RequestHead head;
  final HeadView view;
  final ExchangeLog log;
  private final RequestEdits requestEdits;
  private final ResponseEdits responseEdits;
  private final ReplayBuffer body = new ReplayBuffer();
  private final Attempts attempts = new Attempts(this);
  private final UpgradeTunnel tunnel = new UpgradeTunnel(this);
  private final TimeLimits limits = new TimeLimits(this);
  private final Map<String, String> captured = new HashMap<>(0);

  private Phase phase = Phase.IDLE;
  private @Nullable Route route;
  private @Nullable VirtualHost virtualHost;
  private @Nullable UpstreamHttp upstream;
  private HeaderEdits weightedRequest = HeaderEdits.NONE;
  private HeaderEdits weightedResponse = HeaderEdits.NONE;
  private RouteAction.@Nullable Forward mirror;
  private boolean upgradeWanted;
  private boolean upstreamDirty;
  private boolean downstreamDirty;
  private boolean keepAlive;
  private @Nullable ScheduledFuture<?> delayTimer;

  Exchange(
      DownstreamHttp downstream, DownstreamConnection connection, HttpPlan plan, RequestHead head) {
    this.downstream = downstream;
    this.connection = connection;
    this.worker = connection.worker();
    this.plan = plan;
    this.head = head;
    this.view = new HeadView(head);
    this.log = new ExchangeLog(this);
    this.requestEdits = new RequestEdits(this);
    this.responseEdits = new ResponseEdits(this);
  }

  @Nullable Route route() {
    return route;
  }

  @Nullable VirtualHost virtualHost() {
    return virtualHost;
  }

  @Nullable ClusterState cluster() {
    return attempts.cluster();
  }

  @Nullable UpstreamEndpoint endpoint() {
    return attempts.endpoint();
  }

  RouteAction.@Nullable Forward forward() {
    return attempts.forward();
  }

  HeaderEdits weightedRequest() {
    return weightedRequest;
  }

  HeaderEdits weightedResponse() {
    return weightedResponse;
  }

  boolean upgradeWanted() {
    return upgradeWanted;
  }

  RequestEdits requestEdits() {
    return requestEdits;
  }

  /** The value of a header of the last response that logs ask for, or null. */
  @Nullable String capturedResponseHeader(String name) {
    return captured.get(name);
  }

  int attempts() {
    return attempts.count();
  }

  /** The first byte of a request arrived. */
  void firstByte() {
    log.start();
    view.reset(connection.tls());
    phase = Phase.CONNECTING;
    route = null;
    virtualHost = null;
    attempts.reset();
    mirror = null;
    tunnel.reset();
    weightedRequest = HeaderEdits.NONE;
    weightedResponse = HeaderEdits.NONE;
    upgradeWanted = false;
    keepAlive = false;
    body.reset();
  }

  /** The head of the request is complete. */
  void begin() {
    log.headComplete();
    requestEdits.prepare();
    if (head.isMethod("CONNECT")) {
      reply(405, 0, "connect_not_supported", "CONNECT is not supported");
      return;
    }
    String refused = PathCleaner.clean(view, plan.pipeline.paths());
    if (refused != null) {
      reply(400, 0, "path_normalization_failed", refused);
      return;
    }
    RuntimeConfig config = worker.config();
    RouteTable table = config.routesOf(plan.pipeline);
    VirtualHost host = table == null ? null : table.virtualHost(view);
    Route found = table == null || host == null ? null : table.match(host, view);
    if (host == null || found == null) {
      reply(404, ResponseFlag.NR.bit(), "route_not_found", "");
      return;
    }
    virtualHost = host;
    route = found;
    if (host.requireTls() && !connection.tls()) {
      redirect(301, "https://" + view.authority() + view.path());
      return;
    }
    RouteFilters.Verdict verdict = RouteFilters.judge(this, found);
    switch (verdict) {
      case RouteFilters.Verdict.Continue go -> act(found);
      case RouteFilters.Verdict.Answer answer ->
          reply(answer.status(), answer.flags(), answer.details(), answer.body(), answer.headers());
      case RouteFilters.Verdict.Delay delay -> {
        log.flag(ResponseFlag.DI);
        delayTimer =
            downstream.schedule(
                () -> {
                  if (delay.then() instanceof RouteFilters.Verdict.Answer answer) {
                    reply(
                        answer.status(),
                        answer.flags(),
                        answer.details(),
                        answer.body(),
                        answer.headers());
                  } else {
                    act(found);
                  }
                },
                delay.nanos());
      }
    }
  }

  private void act(Route found) {
    switch (found.action()) {
      case RouteAction.DirectResponse direct ->
          reply(direct.status(), 0, "direct_response", direct.body());
      case RouteAction.Redirect redirect ->
          redirect(redirect.status(), Redirects.location(redirect, view));
      case RouteAction.Forward to -> forward(to);
    }
  }

  private void redirect(int status, String location) {
    reply(status, 0, "direct_response", "", List.of("location: " + location));
  }

  private void forward(RouteAction.Forward to) {
    String name = choose(to.clusters());
    ClusterState state = worker.cluster(name);
    log.clusterName(name);
    if (state == null) {
      reply(503, ResponseFlag.NC.bit(), "cluster_not_found", "");
      return;
    }
    upgradeWanted = tunnel.wanted(to);
    body.replayable(true);
    limits.start(to);
    mirror = to.mirrors().isEmpty() ? null : to;
    attempts.start(state, to);
    mirrorIfComplete();
  }

  private String choose(ClusterChoice choice) {
    return switch (choice) {
      case ClusterChoice.Single single -> single.cluster();
      case ClusterChoice.Weighted weighted -> {
        if (weighted.total() <= 0) {
          yield "";
        }
        ClusterChoice.WeightedCluster picked = weighted.pick(worker.random().nextLong() >>> 1);
        weightedRequest = picked.request();
        weightedResponse = picked.response();
        yield picked.cluster();
      }
      case ClusterChoice.ByHeader byHeader ->
          String.valueOf(
              head.value(byHeader.header()) == null ? "" : head.value(byHeader.header()));
    };
  }

  private void mirrorIfComplete() {
    RouteAction.Forward to = mirror;
    if (to != null && downstream.requestComplete() && phase != Phase.IDLE) {
      mirror = null;
      Mirrors.send(this, to);
    }
  }

  /** No endpoint has the request (any more). */
  void waitForConnection() {
    phase = Phase.CONNECTING;
  }

  ReplayBuffer body() {
    return body;
  }

  /** Sends what is there of the request over a connection that is ready. */
  void send(UpstreamHttp to) {
    phase = Phase.SENT;
    upstream = to;
    to.attach(this);
    log.sent(to);
    Channel channel = to.channel();
    channel.write(requestEdits.head(channel.alloc()), channel.voidPromise());
    body.writeTo(channel);
    upstreamDirty = true;
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
      return;
    }
    UpstreamHttp to = upstream;
    if (to == null) {
      body.keep(part);
    } else {
      body.pass(part);
      to.channel().write(part, to.channel().voidPromise());
      upstreamDirty = true;
    }
    mirrorIfComplete();
  }

  void flushUpstream() {
    UpstreamHttp to = upstream;
    if (upstreamDirty && to != null) {
      upstreamDirty = false;
      to.channel().flush();
    }
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

  /** A response that is not the final one. */
  void interim(ResponseHead interim) {
    if (head.minorVersion() == 0) {
      return;
    }
    ByteBuf out = responseEdits.interim(interim);
    downstream.context().write(out, downstream.context().voidPromise());
    downstreamDirty = true;
  }

  /**
   * The head of the final response.
   *
   * @return false where the request is tried again and the connection is not read any more
   */
  boolean responseHead(UpstreamHttp from, ResponseHead response) {
    limits.touch();
    log.responseHead(response.status());
    log.captured(response);
    capture(response);
    if (attempts.answered(response, log.grpcStatus())) {
      from.abort();
      upstream = null;
      attempts.again();
      return false;
    }
    attempts.cancelTry();
    phase = Phase.ANSWERING;
    body.replayable(false);
    Framing framing = response.framingOf(answersHead());
    // An early success may stream beside the request's body; an early refusal ends it.
    keepAlive =
        head.persistent()
            && (downstream.requestComplete() || response.status() < 400)
            && framing != Framing.UNTIL_CLOSE
            && !downstream.draining();
    ByteBuf out = responseEdits.head(response, from, keepAlive, downstream.context().alloc());
    downstream.context().write(out, downstream.context().voidPromise());
    downstreamDirty = true;
    return true;
  }

  private void capture(ResponseHead response) {
    if (!captured.isEmpty()) {
      captured.clear();
    }
    for (int i = 0; i < plan.loggedResponseHeaders.size(); i++) {
      String name = plan.loggedResponseHeaders.get(i);
      String value = response.value(name);
      if (value != null) {
        captured.put(name, value);
      }
    }
  }

  /** A part of the response's body. Takes ownership. */
  void responseBody(ByteBuf part) {
    limits.touch();
    Channel to = downstream.context().channel();
    UpstreamHttp from = upstream;
    if (from == null) {
      part.release();
      return;
    }
    downstream.context().write(part, downstream.context().voidPromise());
    downstreamDirty = true;
    // A closed channel is never writable; its upstream must not be paused for it.
    if (!to.isWritable() && to.isActive()) {
      flushDownstream();
      if (!to.isWritable()) {
        from.channel().config().setAutoRead(false);
      }
    }
  }

  void flushDownstream() {
    if (downstreamDirty) {
      downstreamDirty = false;
      downstream.context().flush();
    }
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
    finish(keepAlive);
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
    boolean answering = phase == Phase.ANSWERING;
    log.captureResponse(from);
    upstream = null;
    from.abort();
    log.flag(ResponseFlag.UPE);
    if (answering) {
      log.details("upstream_reset_after_response_started{protocol_error}");
      abortDownstream();
    } else {
      reply(
          502,
          ResponseFlag.UPE.bit(),
          "upstream_reset_before_response_started{protocol_error}",
          "upstream connect error or disconnect/reset before headers. reset reason: protocol error: "
              + violation.text());
    }
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
    dropUpstream();
    log.flag(flag);
    if (phase == Phase.ANSWERING || phase == Phase.TUNNEL) {
      log.details(details);
      abortDownstream();
    } else {
      reply(status, flag.bit(), details, text);
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
    boolean known = log.headKnown();
    keepAlive =
        known && head.persistent() && downstream.requestComplete() && !downstream.draining();
    boolean toHead = known && answersHead();
    ByteBuf out = responseEdits.local(status, text, headers, keepAlive, toHead);
    log.localBody(toHead ? 0 : text.length());
    downstream.context().write(out, downstream.context().voidPromise());
    downstreamDirty = true;
    phase = Phase.ANSWERING;
    dropUpstream();
    finish(keepAlive);
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
    DownstreamHttp.cancel(delayTimer);
    delayTimer = null;
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

  boolean tunnelWritable() {
    UpstreamHttp to = upstream;
    return to == null || to.closed() || to.channel().isWritable();
  }

  void tunnelToUpstream(ByteBuf part) {
    UpstreamHttp to = upstream;
    if (to == null) {
      part.release();
      return;
    }
    log.tunnelled(part.readableBytes(), 0);
    to.channel().write(part, to.channel().voidPromise());
    upstreamDirty = true;
  }

  void tunnelToDownstream(ByteBuf part) {
    log.tunnelled(0, part.readableBytes());
    responseBody(part);
  }

  void upstreamHalfClosed() {
    flushDownstream();
    UpstreamHttp from = upstream;
    if (phase != Phase.TUNNEL || from == null) {
      return;
    }
    if (tunnel.serverEnded()) {
      endTunnel(from);
    }
  }

  void downstreamHalfClosed() {
    flushUpstream();
    UpstreamHttp to = upstream;
    if (to == null) {
      return;
    }
    if (tunnel.clientEnded(to)) {
      endTunnel(to);
    }
  }

  private void endTunnel(UpstreamHttp to) {
    upstream = null;
    to.release(false);
    finish(false);
  }
}
