package dev.weft.server.http;

import dev.weft.codec.KnownHeader;
import dev.weft.codec.ResponseHead;
import dev.weft.exchange.DownstreamConnection;
import dev.weft.exchange.RequestHash;
import dev.weft.exchange.ResponseFlag;
import dev.weft.exchange.Step;
import dev.weft.routing.Balancer;
import dev.weft.routing.RetryDecision;
import dev.weft.routing.RetryDecision.Outcome;
import dev.weft.routing.RetryPolicy;
import dev.weft.routing.RouteAction;
import dev.weft.server.worker.ClusterState;
import dev.weft.server.worker.ConnectionPool;
import dev.weft.server.worker.UpstreamEndpoint;
import dev.weft.server.worker.UpstreamFailure;
import dev.weft.server.worker.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one request: which endpoint, over which connection, and whether to retry.
 * Confined to its exchange.
 */
final class Attempts {
  // To a client's proxy: it may try another endpoint, whatever the method (ADR 38).
  private static final List<String> UNDELIVERED =
      List.of(KnownHeader.X_WEFT_UNDELIVERED.text() + ": true");
  private static final String RESET = "upstream connect error or disconnect/reset before headers. ";
  private static final int MAX_REPLAYS = 2;

  private final Received in;
  private final Declared declared;
  private final ReplayBuffer body;
  private final ExchangeLog log;
  private final Next next;
  private final List<UpstreamEndpoint> tried = new ArrayList<>(2);
  private @Nullable ClusterState cluster;
  private Step.@Nullable Forward forward;
  private @Nullable UpstreamEndpoint endpoint;
  private @Nullable Connecting connecting;
  private boolean upgrade;
  private boolean begun;
  private boolean retrying;
  private int retries;
  private int replays;
  private @Nullable String madeCookie;
  private @Nullable String setCookie;
  private @Nullable ScheduledFuture<?> tryTimer;
  private @Nullable ScheduledFuture<?> backoffTimer;

  /** Whose request it is. */
  interface Next {
    /** No endpoint has the request (any more). */
    void waiting();

    /** A connection is ready. */
    void send(UpstreamLeg to);

    /** The answer to this try did not begin in time. */
    void tryTimeout();

    /** There is nothing left to try. */
    void answer(Step.Reply reply);
  }

  /**
   * @param body what can be sent again
   */
  Attempts(Received in, Declared declared, ReplayBuffer body, ExchangeLog log, Next next) {
    this.in = in;
    this.declared = declared;
    this.body = body;
    this.log = log;
    this.next = next;
  }

  void reset() {
    cluster = null;
    forward = null;
    upgrade = false;
    endpoint = null;
    retries = 0;
    replays = 0;
    madeCookie = null;
    setCookie = null;
    tried.clear();
  }

  /** What the route said, or null where it leads to no cluster. */
  Step.@Nullable Forward forward() {
    return forward;
  }

  /** Whether the endpoint is asked for an upgrade. */
  boolean upgrade() {
    return upgrade;
  }

  /** The endpoint of the last try, or null. */
  @Nullable UpstreamEndpoint endpoint() {
    return endpoint;
  }

  /** How many tries were begun. */
  int count() {
    return retries + 1;
  }

  /**
   * Tries the first endpoint.
   *
   * @param switches whether an upgrade is asked for
   */
  void start(ClusterState state, Step.Forward to, boolean switches) {
    cluster = state;
    forward = to;
    upgrade = switches;
    attempt(false);
  }

  /**
   * Tries an endpoint.
   *
   * @param fresh true: over a new connection, whatever the pool has
   */
  private void attempt(boolean fresh) {
    next.waiting();
    ClusterState state = Objects.requireNonNull(cluster);
    UpstreamEndpoint picked = pick(state);
    if (picked == null) {
      next.answer(
          Step.Reply.of(503, ResponseFlag.UH, "no_healthy_upstream", "no healthy upstream"));
      return;
    }
    if (!state.begin(picked)) {
      overflow();
      return;
    }
    begun = true;
    endpoint = picked;
    tried.add(picked);
    log.upstream().tries(picked, count());
    boolean http2 = Upstreams.http2(state.cluster(), in.head(), upgrade);
    ConnectionPool pool = picked.pool(in.plan().transport(picked.transport(), http2));
    UpstreamLeg ready = fresh ? null : in.plan().upstreams.ready(pool, http2);
    if (ready != null) {
      send(ready);
      return;
    }
    Connecting wanted = new Connecting();
    connecting = wanted;
    in.plan().upstreams.connect(in.worker(), pool, http2, in.head().authority(), wanted);
  }

  /** One try to get a connection. */
  private final class Connecting implements Taker {
    @Override
    public boolean gone() {
      return connecting != this;
    }

    @Override
    public void taken(UpstreamLeg leg) {
      connecting = null;
      send(leg);
    }

    @Override
    public void full() {
      connecting = null;
      end();
      overflow();
    }

    @Override
    public void failed(UpstreamFailure failure) {
      connecting = null;
      connectFailed(failure);
    }
  }

  private @Nullable UpstreamEndpoint pick(ClusterState state) {
    DownstreamConnection connection = in.connection();
    if (state.originalDst()) {
      return state.towards(connection);
    }
    RouteAction.Forward to = Objects.requireNonNull(forward).action();
    Long hash = to.hash().isEmpty() ? null : hash(to.hash());
    if (tried.isEmpty()) {
      return state.pick(hash == null ? Balancer.Wish.PLAIN : Balancer.Wish.of(hash));
    }
    return state.pick(Balancer.Wish.retry(to.retry(), hash, state.places(tried)));
  }

  private @Nullable Long hash(List<RouteAction.HashSource> sources) {
    if (madeCookie == null) {
      RouteAction.HashSource.Cookie missing = RequestHash.missing(sources, in.view());
      if (missing != null) {
        madeCookie = Long.toHexString(in.worker().random().nextLong());
        setCookie = RequestHash.setCookie(missing, madeCookie);
      }
    }
    return RequestHash.of(sources, in.view(), in.connection(), madeCookie);
  }

  /** The cookie that the client is given, as the value of the header; null for none. */
  @Nullable String setCookie() {
    return setCookie;
  }

  private void overflow() {
    next.answer(
        new Step.Reply(
            503,
            ResponseFlag.UO.bit(),
            "upstream_reset_before_response_started{overflow}",
            RESET + "reset reason: overflow",
            List.of("x-envoy-overloaded: true")));
  }

  private void send(UpstreamLeg to) {
    RetryPolicy retry = policy();
    if (!retry.perTryTimeout().isZero()) {
      tryTimer = in.worker().schedule(next::tryTimeout, retry.perTryTimeout().toNanos());
    }
    next.send(to);
  }

  private void connectFailed(UpstreamFailure failure) {
    log.upstream().failure(failure.reason());
    log.flag(ResponseFlag.UF);
    String reason =
        failure.kind() == UpstreamFailure.Kind.TIMEOUT
            ? "connection timeout"
            : "remote connection failure, transport failure reason: " + failure.reason();
    failed(new Outcome.ConnectFailure(), "remote_connection_failure", reason);
  }

  private RetryPolicy policy() {
    return forward == null ? RetryPolicy.NONE : forward.action().retry();
  }

  /** An endpoint answered. Whether the request is tried again instead of passing the answer on. */
  boolean answered(ResponseHead response, int grpcStatus) {
    if (cluster != null && endpoint != null) {
      cluster.answered(endpoint, response.status());
    }
    RetryPolicy policy = policy();
    if (policy.retries() == 0 || !wanted(outcome(response, grpcStatus))) {
      return false;
    }
    if (left()) {
      return true;
    }
    log.flag(ResponseFlag.URX);
    return false;
  }

  /** An answer, or word of another proxy of ours that the request never got to its application. */
  private static Outcome outcome(ResponseHead response, int grpcStatus) {
    return response.status() == 503 && response.find(KnownHeader.X_WEFT_UNDELIVERED) >= 0
        ? new Outcome.ConnectFailure()
        : new Outcome.Response(response.status(), grpcStatus);
  }

  /** The request was lost before an answer came. */
  void lost(UpstreamLeg from, Caller.Loss loss) {
    boolean refused = loss == Caller.Loss.REFUSED;
    // The peer closed an idle connection while our request was on its way.
    boolean unseen = refused || from.stale() && idempotent();
    if (unseen && replays < MAX_REPLAYS && body.complete()) {
      replays++;
      end();
      attempt(!refused);
      return;
    }
    log.flag(refused ? ResponseFlag.UR : ResponseFlag.UC);
    if (refused) {
      failed(new Outcome.RefusedStream(), "remote_reset", "remote reset");
    } else {
      failed(new Outcome.Reset(true), "connection_termination", "connection termination");
    }
  }

  private boolean idempotent() {
    return in.head().isMethod("GET")
        || in.head().isMethod("HEAD")
        || in.head().isMethod("OPTIONS")
        || in.head().isMethod("PUT")
        || in.head().isMethod("DELETE")
        || in.head().isMethod("TRACE");
  }

  private void failed(Outcome outcome, String details, String reason) {
    cancelTry();
    endpointFailed();
    boolean retriable = wanted(outcome);
    if (retriable && left()) {
      again();
      return;
    }
    if (retriable && retries > 0) {
      log.flag(ResponseFlag.URX);
    }
    end();
    next.answer(
        new Step.Reply(
            503,
            0,
            "upstream_reset_before_response_started{" + details + "}",
            RESET
                + (retries > 0 ? "retried and the latest reset reason: " : "reset reason: ")
                + reason,
            outcome instanceof Outcome.ConnectFailure && declared.fromPeer()
                ? UNDELIVERED
                : List.of()));
  }

  /** The try took too long. */
  void timedOut() {
    endpointFailed();
    if (wanted(new Outcome.PerTryTimeout()) && left()) {
      again();
      return;
    }
    end();
    next.answer(
        Step.Reply.of(
            504, ResponseFlag.UT, "upstream_per_try_timeout", "upstream request timeout"));
  }

  void endpointFailed() {
    if (cluster != null && endpoint != null) {
      cluster.failed(endpoint);
    }
  }

  private boolean wanted(Outcome outcome) {
    return RetryDecision.wanted(policy(), outcome, 1);
  }

  private boolean left() {
    ClusterState state = cluster;
    if (retries >= policy().retries() || !body.complete() || state == null) {
      return false;
    }
    if (!retrying) {
      if (!state.beginRetry()) {
        log.flag(ResponseFlag.UO);
        return false;
      }
      retrying = true;
    }
    return true;
  }

  /** Tries again after a while. */
  void again() {
    cancelTry();
    end();
    retries++;
    log.clearFlags();
    next.waiting();
    long delay = RetryDecision.delay(policy(), retries, in.worker().random()).toNanos();
    backoffTimer = in.worker().schedule(() -> attempt(false), delay);
  }

  private void end() {
    if (begun && cluster != null && endpoint != null) {
      begun = false;
      cluster.end(endpoint);
    }
  }

  void cancelTry() {
    Worker.cancel(tryTimer);
    tryTimer = null;
  }

  /** Nobody waits for a connection any more; one that comes goes to its pool. */
  void stopConnecting() {
    connecting = null;
  }

  /** The request is over. */
  void finish() {
    cancelTry();
    Worker.cancel(backoffTimer);
    backoffTimer = null;
    connecting = null;
    end();
    if (retrying && cluster != null) {
      retrying = false;
      cluster.endRetry();
    }
  }
}
