package dev.weft.proxy.xds;

import dev.weft.proxy.stats.ProxyMetrics;
import dev.weft.proxy.stats.TrafficReport;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the control plane every few seconds what was counted since the last time. What was counted
 * while nobody listened for long is not told: it would look as if it had happened now. A control
 * plane that does not want it is asked now and then. Confined to the control loop, but for {@link
 * #start} and {@link #close}.
 */
public final class TrafficSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrafficSession.class);
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  /** After failures, the wait doubles up to 32 intervals. */
  private static final int MOST_DOUBLINGS = 5;

  /** Intervals without a listener after which what was counted is old. */
  private static final int OLD = 3;

  private static final byte[] NOBODY = {};

  private final ScheduledExecutorService loop;
  private final Dialer dialer;
  private final byte[] node;
  private final ProxyMetrics metrics;
  private final RandomGenerator random;
  private Dialer.@Nullable Stream stream;
  private boolean open;
  private boolean introduced;
  private int silent;
  private int failures;
  private int pause;
  private volatile @Nullable ScheduledFuture<?> turns;

  /**
   * A session that has not begun.
   *
   * @param loop one thread, on which everything happens
   * @param node the encoded node
   */
  public TrafficSession(
      ScheduledExecutorService loop,
      Dialer dialer,
      byte[] node,
      ProxyMetrics metrics,
      RandomGenerator random) {
    this.loop = loop;
    this.dialer = dialer;
    this.node = node.clone();
    this.metrics = metrics;
    this.random = random;
  }

  /** Begins after a part of an interval, so that proxies that started together spread. */
  public void start() {
    turns =
        loop.scheduleAtFixedRate(
            this::turn,
            random.nextLong(1, INTERVAL.toMillis()),
            INTERVAL.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void turn() {
    if (open) {
      tell();
      return;
    }
    silent++;
    pause--;
    if (stream == null && pause <= 0) {
      introduced = false;
      stream = dialer.dial(new Listener());
    }
  }

  private void tell() {
    TrafficReport report = metrics.added();
    Dialer.Stream to = stream;
    if (to == null || introduced && report.isEmpty()) {
      return;
    }
    to.send(report.message(introduced ? NOBODY : node));
    introduced = true;
    failures = 0;
  }

  /** Hears of one stream. */
  private final class Listener implements GrpcCall.Handler {
    @Override
    public void opened() {
      if (silent > OLD) {
        TrafficReport old = metrics.added();
        LOG.debug("not told, because it is old: {}", old.isEmpty() ? "nothing" : "some traffic");
      }
      silent = 0;
      open = true;
    }

    @Override
    public void message(byte[] message) {}

    @Override
    public void closed(GrpcStatus status) {
      LOG.debug("the control plane takes no metrics now: {}", status);
      open = false;
      stream = null;
      failures = Math.min(failures + 1, MOST_DOUBLINGS);
      pause = 1 << failures;
    }
  }

  @Override
  public void close() {
    ScheduledFuture<?> begun = turns;
    if (begun != null) {
      begun.cancel(false);
    }
    loop.execute(
        () -> {
          Dialer.Stream last = stream;
          if (last != null) {
            last.cancel("the proxy stops");
          }
        });
  }
}
