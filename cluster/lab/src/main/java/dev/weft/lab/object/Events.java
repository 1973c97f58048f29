package dev.weft.lab.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ResourceType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Events; one that repeats raises the count of the first. An event goes away an hour after
 * it was last seen. Thread-safe.
 */
public final class Events {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);
  private static final Duration KEPT = Duration.ofHours(1);

  private final ObjectStore store;
  private final InstantSource clock;
  private final Map<Same, Written> recent = new LinkedHashMap<>();
  private final Deque<Written> oldest = new ArrayDeque<>();
  private long sequence;

  private record Same(String uid, String fieldPath, String reason, String message) {}

  private static final class Written {
    private final ObjectKey key;
    private final Same same;
    private int count = 1;
    private Instant last;

    Written(ObjectKey key, Same same, Instant last) {
      this.key = key;
      this.same = same;
      this.last = last;
    }
  }

  /** Who says it and about what. */
  public record Subject(String component, ResourceType type, JsonNode object, String fieldPath) {}

  public Events(ObjectStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Failures are logged, never thrown: an event is a courtesy. */
  public synchronized void tell(Subject subject, boolean warning, String reason, String message) {
    Instant now = clock.instant();
    Same same = new Same(Meta.uid(subject.object()), subject.fieldPath(), reason, message);
    try {
      forget(now);
      Written before = recent.get(same);
      if (before != null) {
        before.count++;
        before.last = now;
        ObjectNode patch = Trees.object();
        patch.put("count", before.count);
        patch.put("lastTimestamp", Meta.timestamp(now));
        store.mergePatch(Kinds.EVENTS, before.key.namespace(), before.key.name(), patch);
        return;
      }
      Written written = create(subject, same, warning, now);
      recent.put(same, written);
      oldest.add(written);
    } catch (ApiException e) {
      recent.remove(same);
      // a namespace that terminates takes no new events
      if (e.code() != 403 && e.code() != 404 && e.code() != 409) {
        LOG.warn("event {} on {}: {}", reason, ObjectKey.of(subject.object()), e.getMessage());
      }
    }
  }

  private Written create(Subject subject, Same same, boolean warning, Instant now) {
    JsonNode object = subject.object();
    String namespace = Meta.namespace(object).isEmpty() ? "default" : Meta.namespace(object);
    ObjectNode event = Trees.object();
    event.put("apiVersion", "v1").put("kind", "Event");
    String name =
        Meta.name(object)
            + "."
            + Long.toHexString(now.toEpochMilli() * 1_000_000 + sequence++ % 1_000_000);
    event.putObject("metadata").put("name", name).put("namespace", namespace);
    ObjectNode about = event.putObject("involvedObject");
    about.put("apiVersion", subject.type().apiVersion()).put("kind", subject.type().kind());
    about.put("name", Meta.name(object)).put("uid", Meta.uid(object));
    if (!Meta.namespace(object).isEmpty()) {
      about.put("namespace", Meta.namespace(object));
    }
    Optional.of(subject.fieldPath())
        .filter(path -> !path.isEmpty())
        .ifPresent(path -> about.put("fieldPath", path));
    event.put("reason", same.reason()).put("message", same.message());
    event.put("type", warning ? "Warning" : "Normal").put("count", 1);
    event.put("firstTimestamp", Meta.timestamp(now)).put("lastTimestamp", Meta.timestamp(now));
    event.putObject("source").put("component", subject.component());
    event.put("reportingComponent", subject.component()).put("reportingInstance", "");
    store.create(Kinds.EVENTS, namespace, event);
    return new Written(new ObjectKey(namespace, name), same, now);
  }

  private void forget(Instant now) {
    Written first = oldest.peek();
    while (first != null && first.last.plus(KEPT).isBefore(now)) {
      oldest.remove();
      recent.remove(first.same);
      try {
        store.delete(
            Kinds.EVENTS,
            first.key.namespace(),
            first.key.name(),
            ObjectStore.DeleteOptions.BACKGROUND);
      } catch (ApiException e) {
        LOG.debug("event {} is gone already", first.key);
      }
      first = oldest.peek();
    }
  }
}
