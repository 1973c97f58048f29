package dev.weft.control.ingest;

import dev.weft.config.ConfigEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resolves the host names of gateways between networks, and again and again: load balancers of some
 * clouds change their addresses. A name that cannot be resolved any more keeps its last addresses.
 */
public final class GatewayNames implements Consumer<SortedSet<String>>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GatewayNames.class);
  private static final Duration FRESH = Duration.ofSeconds(30);

  private final Consumer<ConfigEvent> events;
  private final Resolver resolver;
  private final Duration fresh;
  private final AtomicReference<Set<String>> wanted = new AtomicReference<>(Set.of());
  private final Semaphore news = new Semaphore(0);
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Addresses of a name, in an order that does not change from answer to answer. */
  @FunctionalInterface
  interface Resolver {
    List<String> addresses(String name) throws IOException;
  }

  /**
   * By the names of this machine.
   *
   * @param events told whenever an address changes
   */
  public GatewayNames(Consumer<ConfigEvent> events) {
    this(events, GatewayNames::resolve, FRESH);
  }

  GatewayNames(Consumer<ConfigEvent> events, Resolver resolver, Duration fresh) {
    this.events = events;
    this.resolver = resolver;
    this.fresh = fresh;
  }

  private static List<String> resolve(String name) throws IOException {
    return Arrays.stream(InetAddress.getAllByName(name))
        .map(InetAddress::getHostAddress)
        .sorted()
        .distinct()
        .toList();
  }

  @Override
  public void accept(SortedSet<String> names) {
    if (!names.equals(wanted.getAndSet(names))) {
      news.release();
    }
  }

  /** Starts resolving on a thread of its own. */
  public void start() {
    Thread.ofVirtual().name("gateway-names").start(this::run);
  }

  @Override
  public void close() {
    closed.countDown();
    news.release();
  }

  private void run() {
    Map<String, List<String>> known = new TreeMap<>();
    Map<String, List<String>> told = null;
    try {
      while (closed.getCount() > 0) {
        Set<String> names = wanted.get();
        known.keySet().retainAll(names);
        names.forEach(name -> look(name, known));
        // The first look is told whatever it found: somebody waits for it.
        if (!known.equals(told) && (told != null || !names.isEmpty())) {
          told = new TreeMap<>(known);
          events.accept(new ConfigEvent.HostsResolved(told));
        }
        if (names.isEmpty()) {
          news.acquire();
        } else if (news.tryAcquire(fresh.toMillis(), TimeUnit.MILLISECONDS)) {
          news.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(String name, Map<String, List<String>> known) {
    try {
      List<String> addresses = resolver.addresses(name);
      if (!addresses.isEmpty() && !addresses.equals(known.put(name, addresses))) {
        log.info("gateway {} is at {}", name, addresses);
      }
    } catch (IOException e) {
      log.warn(
          "gateway {} cannot be resolved, so it is at {}: {}",
          name,
          known.getOrDefault(name, List.of()),
          e.getMessage());
    }
  }
}
