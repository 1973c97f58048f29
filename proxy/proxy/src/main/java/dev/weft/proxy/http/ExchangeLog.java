package dev.weft.proxy.http;

import dev.weft.codec.KnownHeader;
import dev.weft.codec.RequestHead;
import dev.weft.codec.ResponseHead;
import dev.weft.proxy.log.AccessLogs;
import dev.weft.proxy.log.LogField;
import dev.weft.proxy.log.LogText;
import dev.weft.proxy.log.LogValues;
import dev.weft.proxy.loop.ConnectionLog;
import dev.weft.proxy.loop.RequestRecord;
import dev.weft.proxy.loop.ResponseFlag;
import dev.weft.proxy.loop.UpstreamEndpoint;
import dev.weft.routing.Endpoint;
import dev.weft.routing.Route;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.Listener;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of a request for logs and metrics. Confined to its exchange. */
final class ExchangeLog implements LogValues, RequestRecord, EditWriter.Operators {
  private final Exchange exchange;
  private final byte[] serviceTime = new byte[20];
  private int serviceTimeLength;
  private long startMillis;
  private long startNanos;
  private long requestEndNanos;
  private long responseHeadNanos;
  private long endNanos;
  private boolean headKnown;
  private int status;
  private int flags;
  private String details = "";
  private String clusterName = "";
  private String transportFailure = "";
  private String upstreamHost = "";
  private String upstreamLocal = "";
  private String upstreamPrincipal = "";
  private @Nullable String upstreamPeer;
  private @Nullable String authority;
  private @Nullable String path;
  private long received;
  private long sent;

  ExchangeLog(Exchange exchange) {
    this.exchange = exchange;
  }

  void start() {
    startMillis = exchange.worker.workload().clock().millis();
    startNanos = System.nanoTime();
    requestEndNanos = 0;
    responseHeadNanos = 0;
    serviceTimeLength = 0;
    headKnown = false;
    status = 0;
    flags = 0;
    details = "";
    clusterName = "";
    transportFailure = "";
    upstreamHost = "";
    upstreamLocal = "";
    upstreamPrincipal = "";
    upstreamPeer = null;
    authority = null;
    path = null;
    received = 0;
    sent = 0;
    grpcStatus = -1;
  }

  void headComplete() {
    headKnown = true;
    if (exchange.downstream.requestComplete()) {
      requestComplete();
    }
  }

  void headBroken() {
    headKnown = false;
  }

  boolean headKnown() {
    return headKnown;
  }

  void requestComplete() {
    requestEndNanos = System.nanoTime();
  }

  void flag(ResponseFlag flag) {
    flags |= flag.bit();
  }

  void flags(int more) {
    flags |= more;
  }

  void clearFlags() {
    flags = 0;
    transportFailure = "";
  }

  void details(String text) {
    details = text;
  }

  void clusterName(String name) {
    clusterName = name;
  }

  void transportFailure(String reason) {
    transportFailure = reason;
  }

  void authority(String rewritten) {
    authority = rewritten;
  }

  void rewrittenPath(String rewritten) {
    path = rewritten;
  }

  void upstreamPeer(String metadata) {
    upstreamPeer = metadata;
  }

  void sent(UpstreamHttp to) {
    upstreamLocal = to.localText();
    upstreamPrincipal = to.principal();
  }

  /** Notes the status of an answer, our own or an endpoint's. */
  void responseHead(int code) {
    status = code;
    responseHeadNanos = System.nanoTime();
  }

  void serviceTime(byte[] bytes, int from, int to) {
    serviceTimeLength = Math.min(to - from, serviceTime.length);
    System.arraycopy(bytes, from, serviceTime, 0, serviceTimeLength);
  }

  void serviceTime(long millis) {
    serviceTimeLength = dev.weft.codec.Decimal.write(serviceTime, 0, millis);
  }

  /** Milliseconds from the end of the request to the head of the response. */
  long serviceMillis() {
    long from = requestEndNanos == 0 ? startNanos : requestEndNanos;
    return Math.max(0, responseHeadNanos - from) / 1_000_000;
  }

  void captureResponse(UpstreamHttp from) {
    sent = Math.max(sent, from.framer().payload());
  }

  void localBody(int bytes) {
    sent = bytes;
    details = details.isEmpty() ? "direct_response" : details;
  }

  void tunnelled(int up, int down) {
    received += up;
    sent += down;
  }

  boolean peerAsks() {
    return exchange.requestEdits().peerKnown();
  }

  boolean operationGiven() {
    return exchange.requestEdits().operationGiven();
  }

  byte @Nullable [] requestId() {
    byte[] own = exchange.requestEdits().ownRequestId();
    if (own != null) {
      return own;
    }
    String given = exchange.head.value(KnownHeader.X_REQUEST_ID);
    return given == null ? null : given.getBytes(StandardCharsets.ISO_8859_1);
  }

  void finish() {
    endNanos = System.nanoTime();
    received += exchange.downstream.framer().payload();
    if (details.isEmpty()) {
      details = "via_upstream";
    }
    UpstreamEndpoint endpoint = exchange.endpoint();
    upstreamHost = endpoint == null ? "" : endpoint.text();
    exchange.worker.observer().request(this);
    List<AccessLogs.Target> logs = exchange.plan.logs;
    for (int i = 0; i < logs.size(); i++) {
      logs.get(i).write(this);
    }
  }

  @Override
  public boolean write(LogField field, LogText out) {
    return switch (field.kind()) {
      case START_TIME -> ConnectionLog.time(startMillis, out);
      case REQUEST_HEADER ->
          requestHeader(field.argument(), out)
              || field.alternative() != null && requestHeader(field.alternative(), out);
      case RESPONSE_HEADER -> responseHeader(field.argument(), out);
      case PROTOCOL -> {
        if (headKnown) {
          out.text(exchange.head.minorVersion() == 0 ? "HTTP/1.0" : "HTTP/1.1");
        }
        yield headKnown;
      }
      case RESPONSE_CODE -> number(status, out);
      case RESPONSE_CODE_DETAILS -> text(details, out);
      case RESPONSE_FLAGS -> text(flags == 0 ? "" : ResponseFlag.text(flags), out);
      case BYTES_RECEIVED -> number(received, out);
      case BYTES_SENT -> number(sent, out);
      case DURATION -> number(durationMillis(), out);
      case REQUEST_DURATION ->
          requestEndNanos != 0 && number((requestEndNanos - startNanos) / 1_000_000, out);
      case RESPONSE_DURATION ->
          responseHeadNanos != 0
              && exchange.endpoint() != null
              && number((responseHeadNanos - startNanos) / 1_000_000, out);
      case RESPONSE_TX_DURATION ->
          responseHeadNanos != 0 && number((endNanos - responseHeadNanos) / 1_000_000, out);
      case UPSTREAM_HOST -> text(upstreamHost, out);
      case UPSTREAM_CLUSTER -> text(clusterName, out);
      case UPSTREAM_LOCAL_ADDRESS -> text(upstreamLocal, out);
      case UPSTREAM_TRANSPORT_FAILURE_REASON -> text(transportFailure, out);
      case UPSTREAM_REQUEST_ATTEMPT_COUNT ->
          number(exchange.endpoint() == null ? 0 : exchange.attempts(), out);
      case UPSTREAM_PEER_URI_SAN -> text(upstreamPrincipal, out);
      case ROUTE_NAME -> {
        Route route = exchange.route();
        yield route != null && text(route.name(), out);
      }
      default -> ConnectionLog.write(exchange.connection, field, out);
    };
  }

  private static boolean number(long value, LogText out) {
    out.number(Math.max(0, value));
    return true;
  }

  private static boolean text(String text, LogText out) {
    if (text.isEmpty()) {
      return false;
    }
    out.text(text);
    return true;
  }

  private boolean requestHeader(String name, LogText out) {
    if (!headKnown) {
      return false;
    }
    RequestHead head = exchange.head;
    switch (name) {
      case ":method" -> out.bytes(head.bytes(), head.methodStart(), head.methodEnd());
      case ":path" -> {
        if (path != null) {
          out.text(path);
        } else {
          exchange.view.writePath(out);
        }
      }
      case "x-envoy-original-path" -> {
        int given = head.find(KnownHeader.X_ENVOY_ORIGINAL_PATH);
        if (path != null) {
          out.text(exchange.view.path().toString());
        } else if (given >= 0) {
          out.bytes(head.bytes(), head.valueStart(given), head.valueEnd(given));
        } else {
          return false;
        }
      }
      case ":authority", "host" -> {
        if (authority != null) {
          out.text(authority);
        } else if (head.authorityStart() >= 0) {
          out.bytes(head.bytes(), head.authorityStart(), head.authorityEnd());
        } else {
          return false;
        }
      }
      case ":scheme" -> out.text(exchange.view.scheme().toString());
      case "x-request-id" -> {
        byte[] own = exchange.requestEdits().ownRequestId();
        if (own != null) {
          out.bytes(own, 0, own.length);
          return true;
        }
        return received(head, name, out);
      }
      default -> {
        return received(head, name, out);
      }
    }
    return true;
  }

  private static boolean received(RequestHead head, String name, LogText out) {
    int index = head.find(name, 0);
    if (index >= 0) {
      out.bytes(head.bytes(), head.valueStart(index), head.valueEnd(index));
    }
    return index >= 0;
  }

  private boolean responseHeader(String name, LogText out) {
    if (name.equals("x-envoy-upstream-service-time") && serviceTimeLength > 0) {
      out.bytes(serviceTime, 0, serviceTimeLength);
      return true;
    }
    String value = exchange.capturedResponseHeader(name);
    return value != null && text(value, out);
  }

  void captured(ResponseHead head) {
    grpcStatus = -1;
    int index = head.find(KnownHeader.GRPC_STATUS);
    if (index >= 0 && head.valueEnd(index) - head.valueStart(index) <= 2) {
      int value = 0;
      for (int i = head.valueStart(index); i < head.valueEnd(index); i++) {
        value = value * 10 + head.bytes()[i] - '0';
      }
      grpcStatus = value;
    }
  }

  private int grpcStatus = -1;

  @Override
  public String expand(String template) {
    return HeaderTemplate.expand(template, this);
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
    return Math.max(0, endNanos - startNanos) / 1_000_000;
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
    int type = exchange.head.find(KnownHeader.CONTENT_TYPE);
    return type >= 0 && exchange.head.value(type).startsWith("application/grpc");
  }

  @Override
  public int grpcStatus() {
    return grpcStatus;
  }

  @Override
  public String authority() {
    return headKnown ? exchange.head.authority() : "";
  }

  @Override
  public Listener listener() {
    return exchange.connection.listener();
  }

  @Override
  public @Nullable Cluster cluster() {
    return exchange.cluster() == null ? null : exchange.cluster().cluster();
  }

  @Override
  public @Nullable Endpoint endpoint() {
    return exchange.endpoint() == null ? null : exchange.endpoint().endpoint();
  }

  @Override
  public boolean downstreamMutualTls() {
    return exchange.connection.peer() != null;
  }

  @Override
  public String downstreamPrincipal() {
    return exchange.connection.peer() == null ? "" : exchange.connection.peer().uri();
  }

  @Override
  public String upstreamPrincipal() {
    return upstreamPrincipal;
  }

  @Override
  public @Nullable String downstreamPeerMetadata() {
    return exchange.downstream.peerMetadata().last();
  }

  @Override
  public @Nullable String upstreamPeerMetadata() {
    return upstreamPeer;
  }
}
