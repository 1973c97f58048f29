package dev.weft.proxy.stats;

import dev.weft.exchange.AccessOutcome;
import dev.weft.exchange.CompressionStat;
import dev.weft.exchange.LimitOutcome;
import dev.weft.exchange.ResponseFlag;
import dev.weft.server.worker.ConnectionRecord;
import dev.weft.server.worker.RequestObserver;
import dev.weft.server.worker.RequestRecord;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The metrics of one event loop, which is their only writer. Labels are put together when a
 * combination is first seen; a request finds its counters by two look-ups.
 */
final class LoopMetrics implements RequestObserver {
  /** Beyond this many combinations new ones are counted as lost, so that memory is bounded. */
  static final int MAX_SERIES = 5_000;

  final ConcurrentHashMap<TrafficLabels.Key, Traffic> traffic = new ConcurrentHashMap<>();
  final ConcurrentHashMap<Decisions, Counter> decisions = new ConcurrentHashMap<>();
  final ConcurrentHashMap<Limited, Counter> limited = new ConcurrentHashMap<>();
  final ConcurrentHashMap<Compressed, Counter> compressed = new ConcurrentHashMap<>();
  final Counter lost = new Counter();
  private final Peer own;
  private final Supplier<String> ownPrincipal;
  private int series;

  LoopMetrics(Peer own, Supplier<String> ownPrincipal) {
    this.own = own;
    this.ownPrincipal = ownPrincipal;
  }

  /** Everything that shares the common labels. */
  static final class Traffic {
    final String labels;
    final ConcurrentHashMap<Outcome, Requests> requests = new ConcurrentHashMap<>();
    final ConcurrentHashMap<Integer, Connections> connections = new ConcurrentHashMap<>();

    Traffic(String labels) {
      this.labels = labels;
    }
  }

  /** Decisions about access in one place with one outcome. */
  record Decisions(String place, AccessOutcome outcome) {}

  /** What became of requests at the limits of rates with one prefix. */
  record Limited(String prefix, LimitOutcome outcome) {}

  /** Answers or bytes at the compressors of one place. */
  record Compressed(String place, CompressionStat stat) {}

  /** How a request ended. */
  record Outcome(int code, int flags, boolean grpc, int grpcStatus) {}

  /** Requests with one outcome. */
  static final class Requests {
    final Counter total = new Counter();
    final Histogram duration = new Histogram();
    final Histogram requestBytes = new Histogram();
    final Histogram responseBytes = new Histogram();
    final Counter requestMessages = new Counter();
    final Counter responseMessages = new Counter();
    final Reported reported = new Reported();
  }

  /** TCP connections with one set of flags. */
  static final class Connections {
    final Counter opened = new Counter();
    final Counter closed = new Counter();
    final Counter received = new Counter();
    final Counter sent = new Counter();
    final Reported reported = new Reported();
  }

  /** How much of some counters the control plane was told. Confined to the thread that tells it. */
  static final class Reported {
    private final long[] last = new long[3];

    /** What was added to a counter since it was last asked for; it counts as told. */
    long added(int counter, long now) {
      long added = now - last[counter];
      last[counter] = now;
      return added;
    }
  }

  @Override
  public void request(RequestRecord request) {
    Outcome outcome =
        new Outcome(
            request.responseCode(),
            request.flags(),
            request.grpc(),
            request.grpc() ? request.grpcStatus() : -1);
    TrafficLabels.Key key = TrafficLabels.Key.of(request);
    Traffic common = traffic(key);
    if (common == null) {
      return;
    }
    Requests requests = common.requests.get(outcome);
    if (requests == null) {
      if (!mayGrow()) {
        return;
      }
      requests = new Requests();
      common.requests.put(outcome, requests);
    }
    requests.total.add(1);
    requests.duration.record(request.durationMillis());
    requests.requestBytes.record(request.requestBytes());
    requests.responseBytes.record(request.responseBytes());
    if (outcome.grpc()) {
      requests.requestMessages.add(request.requestMessages());
      requests.responseMessages.add(request.responseMessages());
    }
  }

  @Override
  public void opened(ConnectionRecord connection) {
    Connections connections = connections(connection);
    if (connections != null) {
      connections.opened.add(1);
    }
  }

  @Override
  public void transferred(ConnectionRecord connection, long received, long sent) {
    Connections connections = connections(connection);
    if (connections != null) {
      connections.received.add(received);
      connections.sent.add(sent);
    }
  }

  @Override
  public void closed(ConnectionRecord connection) {
    Connections connections = connections(connection);
    if (connections != null) {
      connections.closed.add(1);
    }
  }

  @Override
  public void decided(String place, AccessOutcome outcome) {
    count(decisions, new Decisions(place, outcome), 1);
  }

  @Override
  public void limited(String prefix, LimitOutcome outcome) {
    count(limited, new Limited(prefix, outcome), 1);
  }

  @Override
  public void compressed(String place, CompressionStat stat, long amount) {
    count(compressed, new Compressed(place, stat), amount);
  }

  private <K> void count(ConcurrentHashMap<K, Counter> counters, K key, long amount) {
    Counter counter = counters.get(key);
    if (counter == null && mayGrow()) {
      counter = new Counter();
      counters.put(key, counter);
    }
    if (counter != null) {
      counter.add(amount);
    }
  }

  private @org.jspecify.annotations.Nullable Connections connections(ConnectionRecord connection) {
    Traffic common = traffic(TrafficLabels.Key.of(connection));
    if (common == null) {
      return null;
    }
    Connections connections = common.connections.get(connection.flags());
    if (connections == null && mayGrow()) {
      connections = new Connections();
      common.connections.put(connection.flags(), connections);
    }
    return connections;
  }

  private @org.jspecify.annotations.Nullable Traffic traffic(TrafficLabels.Key key) {
    Traffic common = traffic.get(key);
    if (common == null) {
      if (!mayGrow()) {
        return null;
      }
      common = new Traffic(TrafficLabels.of(key, own, ownPrincipal.get()));
      traffic.put(key, common);
    }
    return common;
  }

  private boolean mayGrow() {
    if (series >= MAX_SERIES) {
      lost.add(1);
      return false;
    }
    series++;
    return true;
  }

  /** {@code response_code}, {@code response_flags}, {@code grpc_response_status}, the protocol. */
  static String labels(Outcome outcome) {
    return new Labels()
        .add("request_protocol", outcome.grpc() ? "grpc" : "http")
        .add("response_code", Integer.toString(outcome.code()))
        .add(
            "grpc_response_status",
            outcome.grpcStatus() < 0 ? "" : Integer.toString(outcome.grpcStatus()))
        .add("response_flags", ResponseFlag.text(outcome.flags()))
        .toString();
  }

  /** {@code request_protocol} and {@code response_flags} of TCP connections. */
  static String labels(int flags) {
    return new Labels()
        .add("request_protocol", "tcp")
        .add("response_flags", ResponseFlag.text(flags))
        .toString();
  }
}
