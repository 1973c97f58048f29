package dev.weft.server.http;

import dev.weft.codec.KnownHeader;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import dev.weft.exchange.BodyWatch;
import dev.weft.exchange.Ended;
import dev.weft.exchange.ResponseFlag;
import dev.weft.routing.Endpoint;
import dev.weft.routing.Route;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.Listener;
import dev.weft.server.log.AccessLogs;
import dev.weft.server.log.GrpcStatusText;
import dev.weft.server.log.LineText;
import dev.weft.server.log.LogField;
import dev.weft.server.log.LogText;
import dev.weft.server.log.LogValues;
import dev.weft.server.worker.ClusterState;
import dev.weft.server.worker.ConnectionLog;
import dev.weft.server.worker.RequestRecord;
import dev.weft.server.worker.UpstreamEndpoint;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of a request for logs and metrics. Confined to its exchange. */
final class ExchangeLog implements LogValues, RequestRecord, EditWriter.Operators, Ended {
  private final Received in;
  private final DownstreamLeg downstream;
  private final Declared declared;
  private final RouteChoice routing;
  private final ExchangeTrace trace;
  private final LoggedHeaders headers;
  private final ExchangeTimes times;
  private final UpstreamLog upstream = new UpstreamLog();
  private boolean headKnown;
  private int status;
  private int flags;
  private String details = "";
  private long received;
  private long sent;
  private long coded;
  private int grpcStatus = GrpcStatus.UNKNOWN;
  private @Nullable BodyWatch watch;
  private long requestMessages;
  private long responseMessages;

  ExchangeLog(
      Received in,
      DownstreamLeg downstream,
      Declared declared,
      RouteChoice routing,
      ExchangeTrace trace) {
    this.in = in;
    this.downstream = downstream;
    this.declared = declared;
    this.routing = routing;
    this.trace = trace;
    this.headers = new LoggedHeaders(in, declared, trace);
    this.times = new ExchangeTimes(in.worker());
  }

  void start() {
    times.start();
    upstream.reset();
    headKnown = false;
    status = 0;
    flags = 0;
    details = "";
    received = 0;
    sent = 0;
    coded = -1;
    grpcStatus = GrpcStatus.UNKNOWN;
    watch = null;
    requestMessages = 0;
    responseMessages = 0;
    headers.reset();
  }

  /** When the first byte of the request came, by the clock of the loop. */
  long startNanos() {
    return times.startNanos();
  }

  /** Where it goes. */
  UpstreamLog upstream() {
    return upstream;
  }

  /** Headers as they are logged. */
  LoggedHeaders headers() {
    return headers;
  }

  void headComplete() {
    headKnown = true;
    if (downstream.requestComplete()) {
      requestComplete();
    }
  }

  /** From now on somebody looks at content, or nobody does. */
  void watched(@Nullable BodyWatch by) {
    watch = by;
  }

  /** A part of the request's body. */
  void requestBody(ByteBuf part) {
    BodyWatch looking = watch;
    if (looking != null) {
      looking.request(part.nioBuffer());
    }
  }

  /** A part of the response's body. */
  void responseBody(ByteBuf part) {
    BodyWatch looking = watch;
    if (looking != null) {
      looking.response(part.nioBuffer());
    }
  }

  @Override
  public void messages(long request, long response) {
    requestMessages = request;
    responseMessages = response;
  }

  void headBroken() {
    headKnown = false;
  }

  boolean headKnown() {
    return headKnown;
  }

  void requestComplete() {
    times.requestComplete();
  }

  void flag(ResponseFlag flag) {
    flags |= flag.bit();
  }

  void flags(int more) {
    flags |= more;
  }

  void clearFlags() {
    flags = 0;
    upstream.failure("");
  }

  void details(String text) {
    details = text;
  }

  /** Notes an answer, our own or an endpoint's. */
  void response(ResponseHead head) {
    status = head.status();
    times.answered();
    headers.capture(head);
    grpcStatus = GrpcStatus.of(head);
  }

  /** Notes what an endpoint said after its answer. */
  void response(Trailers trailers) {
    int said = GrpcStatus.of(trailers);
    if (said != GrpcStatus.UNKNOWN) {
      grpcStatus = said;
    }
  }

  /** Milliseconds from the end of the request to the head of the response. */
  long serviceMillis() {
    return times.serviceMillis();
  }

  void captureResponse(UpstreamLeg from) {
    sent = Math.max(sent, from.received());
  }

  /** So many bytes were made of the body, and sent instead of it. */
  void coded(long bytes) {
    coded = bytes;
  }

  void localBody(int bytes) {
    sent = bytes;
    details = details.isEmpty() ? "direct_response" : details;
  }

  void tunnelled(int up, int down) {
    received += up;
    sent += down;
  }

  void finish() {
    times.end();
    received += downstream.received();
    sent = coded < 0 ? sent : coded;
    if (details.isEmpty()) {
      details = "via_upstream";
    }
    if (watch != null) {
      watch.end(this);
    }
    upstream.end();
    in.worker().observer().request(this);
    List<AccessLogs.Target> logs = in.plan().logs;
    for (int i = 0; i < logs.size(); i++) {
      logs.get(i).write(this);
    }
    trace.finish(this, times.durationNanos());
  }

  @Override
  public boolean write(LogField field, LogText out) {
    return switch (field.kind()) {
      case START_TIME, DURATION, REQUEST_DURATION, RESPONSE_DURATION, RESPONSE_TX_DURATION ->
          times.write(field.kind(), upstream.endpoint() != null, out);
      case REQUEST_HEADER ->
          headKnown
              && (headers.request(field.argument(), out)
                  || field.alternative() != null && headers.request(field.alternative(), out));
      case REQUEST_HEADER_WITHOUT_QUERY -> {
        int start = out.length();
        boolean there = write(field.as(LogField.Kind.REQUEST_HEADER), out);
        out.cutAt('?', start);
        yield there;
      }
      case RESPONSE_HEADER -> headers.response(field.argument(), out);
      case PROTOCOL -> {
        if (headKnown) {
          out.text(in.head().protocol());
        }
        yield headKnown;
      }
      case RESPONSE_CODE -> out.amount(status);
      case RESPONSE_CODE_DETAILS -> out.textIfAny(details);
      case RESPONSE_FLAGS -> out.textIfAny(flags == 0 ? "" : ResponseFlag.text(flags));
      case RESPONSE_FLAGS_LONG -> out.textIfAny(ResponseFlag.longText(flags));
      case GRPC_STATUS, GRPC_STATUS_NUMBER -> {
        boolean known = grpc() && grpcStatus >= 0;
        if (known) {
          boolean number = field.kind() == LogField.Kind.GRPC_STATUS_NUMBER;
          GrpcStatusText.write(grpcStatus, number ? "NUMBER" : field.argument(), out);
        }
        yield known;
      }
      case BYTES_RECEIVED -> out.amount(received);
      case BYTES_SENT -> out.amount(sent);
      case UPSTREAM_HOST,
          UPSTREAM_CLUSTER,
          UPSTREAM_LOCAL_ADDRESS,
          UPSTREAM_TRANSPORT_FAILURE_REASON,
          UPSTREAM_REQUEST_ATTEMPT_COUNT,
          UPSTREAM_PEER_URI_SAN ->
          upstream.write(field.kind(), out);
      case TRACE_ID -> out.textIfAny(trace.traceId());
      case ROUTE_NAME -> {
        Route route = routing.route();
        yield route != null && out.textIfAny(route.name());
      }
      case DOWNSTREAM_LOCAL_URI_SAN ->
          in.connection().tls() && out.textIfAny(in.worker().workload().localUri());
      default -> ConnectionLog.write(in.connection(), field, out);
    };
  }

  @Override
  public String expand(String template) {
    return LineText.expand(template, this);
  }

  @Override
  public int flags() {
    return flags;
  }

  @Override
  public int responseCode() {
    return status;
  }

  @Override
  public long durationMillis() {
    return times.durationNanos() / 1_000_000;
  }

  @Override
  public long requestBytes() {
    return received;
  }

  @Override
  public long responseBytes() {
    return sent;
  }

  @Override
  public boolean grpc() {
    if (!headKnown) {
      return false;
    }
    int type = in.head().find(KnownHeader.CONTENT_TYPE);
    return type >= 0 && in.head().value(type).startsWith("application/grpc");
  }

  @Override
  public int grpcStatus() {
    return grpcStatus;
  }

  @Override
  public long requestMessages() {
    return requestMessages;
  }

  @Override
  public long responseMessages() {
    return responseMessages;
  }

  @Override
  public Listener listener() {
    return in.connection().listener();
  }

  @Override
  public @Nullable Cluster cluster() {
    ClusterState state = upstream.cluster();
    return state == null ? null : state.cluster();
  }

  @Override
  public @Nullable Endpoint endpoint() {
    UpstreamEndpoint last = upstream.endpoint();
    return last == null ? null : last.endpoint();
  }

  @Override
  public boolean downstreamMutualTls() {
    return in.connection().peer() != null;
  }

  @Override
  public String downstreamPrincipal() {
    return in.connection().peer() == null ? "" : in.connection().peer().uri();
  }

  @Override
  public String upstreamPrincipal() {
    return upstream.principal();
  }

  @Override
  public @Nullable String downstreamPeerMetadata() {
    return declared.peerMetadata();
  }

  @Override
  public @Nullable String upstreamPeerMetadata() {
    return upstream.peer();
  }
}
