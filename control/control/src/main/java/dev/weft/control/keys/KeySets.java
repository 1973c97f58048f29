package dev.weft.control.keys;

import dev.weft.config.ConfigEvent;
import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import dev.weft.config.RequestAuthentication;
import dev.weft.config.RequestAuthentication.KeySource;
import dev.weft.loop.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the keys that RequestAuthentications name an address of, and again and again: issuers
 * change them. Keys that cannot be fetched any more stay as they were. Istio:
 * pilot/pkg/model/jwks_resolver.go.
 */
public final class KeySets implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KeySets.class);

  /** Istio's. */
  private static final Duration FRESH = Duration.ofMinutes(20);

  private static final Duration AGAIN = Duration.ofSeconds(10);

  private final Consumer<ConfigEvent> events;
  private final Fetcher fetcher;
  private final Duration again;
  private final Clock clock;
  private final AtomicReference<Map<KeySource, List<Place>>> wanted =
      new AtomicReference<>(Map.of());
  private final BlockingQueue<Boolean> news = new ArrayBlockingQueue<>(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  // Confined to the thread.
  private final Map<String, String> known = new TreeMap<>();
  private final Map<KeySource, Long> fetchedNanos = new HashMap<>();
  private final Map<KeySource, String> failures = new LinkedHashMap<>();
  private List<Diagnostic> noticed = List.of();
  private @Nullable Map<String, String> told;

  /** Where an object names keys. */
  private record Place(String object, String path) {}

  /** Fetches a set of keys. */
  @FunctionalInterface
  interface Fetcher {
    /** The set as JSON. */
    String fetch(KeySource source) throws IOException, InterruptedException;
  }

  /**
   * Over the network.
   *
   * @param events told whenever keys change
   */
  public KeySets(Consumer<ConfigEvent> events, Clock clock) {
    this(events, new HttpKeys(), AGAIN, clock);
  }

  KeySets(Consumer<ConfigEvent> events, Fetcher fetcher, Duration again, Clock clock) {
    this.clock = clock;
    this.events = events;
    this.fetcher = fetcher;
    this.again = again;
  }

  /** What is wanted is what this configuration names. */
  public void onConfig(ConfigSet config) {
    Map<KeySource, List<Place>> sources = new LinkedHashMap<>();
    for (RequestAuthentication authentication : config.all(RequestAuthentication.class)) {
      for (int i = 0; i < authentication.rules().size(); i++) {
        KeySource keys = authentication.rules().get(i).keys();
        if (!keys.address().isEmpty()) {
          sources
              .computeIfAbsent(keys, k -> new ArrayList<>())
              .add(new Place(authentication.ref().toString(), "spec.jwtRules[" + i + "]"));
        }
      }
    }
    if (!sources.equals(wanted.getAndSet(sources))) {
      tell();
    }
  }

  /** Once is as good as many times. */
  private void tell() {
    boolean unused = news.offer(true);
  }

  /** Starts fetching on a thread of its own. */
  public void start() {
    Thread.ofVirtual().name("keys-of-issuers").start(this::run);
  }

  @Override
  public void close() {
    closed.countDown();
    tell();
  }

  private void run() {
    try {
      while (closed.getCount() > 0) {
        Map<KeySource, List<Place>> sources = wanted.get();
        forgetOthers(sources.keySet());
        for (KeySource source : sources.keySet()) {
          if (due(source)) {
            fetch(source);
          }
        }
        if (!known.equals(told) && (told != null || !known.isEmpty())) {
          told = new TreeMap<>(known);
          events.accept(new ConfigEvent.KeySetsFetched(told));
        }
        notice(sources);
        if (sources.isEmpty()) {
          Boolean unused = news.take();
        } else {
          Boolean unused = clock.poll(news, again);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void forgetOthers(Set<KeySource> sources) {
    fetchedNanos.keySet().retainAll(sources);
    failures.keySet().retainAll(sources);
    known.keySet().retainAll(sources.stream().map(KeySource::address).toList());
  }

  private void notice(Map<KeySource, List<Place>> sources) {
    List<Diagnostic> now = new ArrayList<>();
    failures.forEach(
        (source, why) -> {
          for (Place place : sources.getOrDefault(source, List.of())) {
            now.add(
                Diagnostic.warning(
                    "keys-not-known",
                    place.object(),
                    place.path(),
                    consequence(source)
                        + ": "
                        + why
                        + "; mend the address, or write the keys into jwks"));
          }
        });
    if (!now.equals(noticed)) {
      noticed = now;
      events.accept(new ConfigEvent.Noticed("keys-of-issuers", now));
    }
  }

  private String consequence(KeySource source) {
    return "keys of "
        + source.address()
        + " cannot be fetched, so "
        + (known.containsKey(source.address())
            ? "those that are known stay in force"
            : "its tokens are refused");
  }

  private boolean due(KeySource source) {
    Long last = fetchedNanos.get(source);
    return last == null || clock.nanos() - last >= FRESH.toNanos();
  }

  private void fetch(KeySource source) throws InterruptedException {
    try {
      String keys = fetcher.fetch(source);
      fetchedNanos.put(source, clock.nanos());
      failures.remove(source);
      if (!keys.equals(known.put(source.address(), keys))) {
        log.info("keys of {} are known", source.address());
      }
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      if (!why.equals(failures.put(source, why))) {
        log.warn("{}: {}", consequence(source), why);
      }
    }
  }
}
