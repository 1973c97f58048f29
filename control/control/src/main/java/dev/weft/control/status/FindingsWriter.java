package dev.weft.control.status;

import dev.weft.config.ConfigEvent;
import dev.weft.config.ConfigKind;
import dev.weft.config.Diagnostic;
import dev.weft.config.ObjectRef;
import dev.weft.discovery.KubeApi;
import dev.weft.loop.Clock;
import dev.weft.snapshot.Observed;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what is found about an object into its status, while this replica leads: an object at a
 * time, no faster than {@link #PACE}, and only what has changed. Server-side apply without force
 * leaves to others what is theirs. Works on the latest verdicts on a thread of its own.
 */
public final class FindingsWriter {
  private static final Logger log = LoggerFactory.getLogger(FindingsWriter.class);
  private static final String MANAGER = "weft-findings";
  private static final Duration PACE = Duration.ofMillis(20);
  private static final Duration AGAIN = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMinutes(5);
  private static final Duration END = Duration.ofSeconds(2);

  private final KubeApi api;
  private final Consumer<ConfigEvent> events;
  private final Clock clock;
  private final BlockingQueue<Observed> latest = new ArrayBlockingQueue<>(1);
  private volatile @Nullable Observed newest;

  /**
   * @param events learns of what may not be written
   */
  public FindingsWriter(KubeApi api, Consumer<ConfigEvent> events, Clock clock) {
    this.clock = clock;
    this.api = api;
    this.events = events;
  }

  /** Takes what was read and what was found in it. */
  public synchronized void onObserved(Observed news) {
    newest = news;
    latest.clear();
    latest.add(news);
  }

  /** Starts writing; closing the result ends it. It may begin again after that. */
  public AutoCloseable start() {
    Thread thread = Thread.ofVirtual().name("findings-status").start(() -> new Run().follow());
    return () -> {
      thread.interrupt();
      thread.join(END);
    };
  }

  /** One time of leading. Confined to its thread. */
  private final class Run {
    // What the config API has, as far as has been seen.
    private final Map<ObjectRef, Object> statuses = new HashMap<>();
    private final Set<ConfigKind> listed = EnumSet.noneOf(ConfigKind.class);
    private final Map<ObjectRef, ObjectVerdict> settled = new HashMap<>();
    private final Map<ConfigKind, String> forbidden = new TreeMap<>();
    private final Deque<ObjectVerdict> left = new ArrayDeque<>();

    private long again = clock.nanos() + LOOK.toNanos();

    void follow() {
      take(newest);
      try {
        while (!Thread.currentThread().isInterrupted()) {
          turn();
        }
      } catch (InterruptedException e) {
        log.debug("findings: told to end");
      }
      if (!forbidden.isEmpty()) {
        // Whoever leads now tries it anew.
        forbidden.clear();
        tell();
      }
    }

    private void turn() throws InterruptedException {
      long wait = left.isEmpty() ? Math.max(1, again - clock.nanos()) : 0;
      @Nullable Observed news = clock.poll(latest, Duration.ofNanos(wait));
      if (news != null) {
        take(news);
      }
      if (clock.nanos() >= again) {
        again = clock.nanos() + LOOK.toNanos();
        // What was refused may be allowed by now, and what was written may have been undone.
        settled.clear();
        statuses.clear();
        listed.clear();
        take(newest);
      }
      if (!left.isEmpty()) {
        ObjectVerdict next = left.removeFirst();
        try {
          clock.sleep(settle(next));
        } catch (RuntimeException e) {
          // One object that cannot be written must not keep the others from it.
          settled.put(next.ref(), next);
          log.error("findings of {}", next.ref(), e);
        }
      }
    }

    private void take(@Nullable Observed news) {
      if (news == null) {
        return;
      }
      Map<ObjectRef, ObjectVerdict> verdicts = ObjectVerdict.all(news.config(), news.findings());
      settled.keySet().retainAll(verdicts.keySet());
      statuses.keySet().retainAll(verdicts.keySet());
      left.clear();
      for (ObjectVerdict verdict : verdicts.values()) {
        @Nullable ObjectVerdict before = settled.get(verdict.ref());
        if (before != null && !before.created().equals(verdict.created())) {
          // Another object of the same name: nobody has written anything there.
          statuses.remove(verdict.ref());
        }
        if (!verdict.equals(before)) {
          left.add(verdict);
        }
      }
    }

    /** Sees to it that the status says so; how long to wait before the next one. */
    private Duration settle(ObjectVerdict verdict) {
      try {
        if (verdict.saidBy(status(verdict.ref()))) {
          settled.put(verdict.ref(), verdict);
          return Duration.ZERO;
        }
        write(verdict);
        settled.put(verdict.ref(), verdict);
        allowed(verdict.ref().kind());
        return PACE;
      } catch (KubeApi.RefusedException e) {
        return refused(verdict, e);
      }
    }

    private Duration refused(ObjectVerdict verdict, KubeApi.RefusedException e) {
      boolean lasting = e.forbidden() || e.conflict() || e.notFound() || e.status() == 422;
      if (!lasting) {
        log.debug("findings: {}; trying again", e.getMessage());
        left.addLast(verdict);
        return AGAIN;
      }
      settled.put(verdict.ref(), verdict);
      if (e.forbidden()) {
        forbidden(verdict.ref().kind(), String.valueOf(e.getMessage()));
      } else if (e.notFound()) {
        log.debug("{} is gone: {}", verdict.ref(), e.getMessage());
      } else {
        log.info("findings of {} are not in its status: {}", verdict.ref(), e.getMessage());
      }
      return PACE;
    }

    private void forbidden(ConfigKind kind, String message) {
      if (forbidden.put(kind, message) == null) {
        log.warn("findings of {} objects are not in their status: {}", kind.kind(), message);
        tell();
      }
    }

    private void allowed(ConfigKind kind) {
      if (forbidden.remove(kind) != null) {
        tell();
      }
    }

    private void tell() {
      events.accept(
          new ConfigEvent.Noticed(
              "findings-status",
              forbidden.entrySet().stream()
                  .map(
                      e ->
                          Diagnostic.warning(
                              "status-not-written",
                              "config API",
                              "",
                              "what is found about "
                                  + e.getKey().kind()
                                  + " objects does not stand in their status ("
                                  + e.getValue()
                                  + "): allow the control plane to patch "
                                  + e.getKey().plural()
                                  + "/status"))
                  .toList()));
    }

    private @Nullable Object status(ObjectRef ref) throws KubeApi.RefusedException {
      if (listed.add(ref.kind())) {
        try {
          list(ref.kind());
        } catch (KubeApi.RefusedException e) {
          listed.remove(ref.kind());
          throw e;
        }
      }
      return statuses.get(ref);
    }

    private void list(ConfigKind kind) throws KubeApi.RefusedException {
      String next = "";
      do {
        Map<String, Object> page =
            api.get(path(kind) + "?limit=500" + (next.isEmpty() ? "" : "&continue=" + next))
                .orElse(Map.of());
        if (page.get("items") instanceof Iterable<?> items) {
          items.forEach(item -> remember(kind, item));
        }
        next =
            page.get("metadata") instanceof Map<?, ?> m && m.get("continue") instanceof String c
                ? c
                : "";
      } while (!next.isEmpty());
    }

    private void remember(ConfigKind kind, @Nullable Object item) {
      if (item instanceof Map<?, ?> object
          && object.get("metadata") instanceof Map<?, ?> metadata
          && object.get("status") != null) {
        Object namespace = metadata.get("namespace");
        statuses.put(
            new ObjectRef(
                kind,
                namespace == null ? "" : namespace.toString(),
                String.valueOf(metadata.get("name"))),
            object.get("status"));
      }
    }

    private void write(ObjectVerdict verdict) throws KubeApi.RefusedException {
      ObjectRef ref = verdict.ref();
      Map<String, Object> metadata = new HashMap<>(Map.of("name", ref.name()));
      if (!ref.namespace().isEmpty()) {
        metadata.put("namespace", ref.namespace());
      }
      Map<String, Object> written =
          api.apply(
              path(ref) + "/status",
              MANAGER,
              Map.of(
                  "apiVersion",
                  ref.kind().group() + "/" + ref.kind().versions().getFirst(),
                  "kind",
                  ref.kind().kind(),
                  "metadata",
                  metadata,
                  "status",
                  verdict.tree(statuses.get(ref), clock.instant())));
      Object status = written.get("status");
      if (status != null) {
        statuses.put(ref, status);
      }
    }
  }

  private static String path(ConfigKind kind) {
    return "/apis/" + kind.group() + "/" + kind.versions().getFirst() + "/" + kind.plural();
  }

  private static String path(ObjectRef ref) {
    ConfigKind kind = ref.kind();
    return "/apis/"
        + kind.group()
        + "/"
        + kind.versions().getFirst()
        + (ref.namespace().isEmpty() ? "" : "/namespaces/" + ref.namespace())
        + "/"
        + kind.plural()
        + "/"
        + ref.name();
  }
}
