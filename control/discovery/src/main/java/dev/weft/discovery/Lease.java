package dev.weft.discovery;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may write, as an object of coordination.k8s.io says.
 *
 * @param holder empty for nobody
 * @param length how long it lasts after it was renewed
 * @param acquired when the holder began, as it says
 * @param renewed when the holder was seen last, as it says
 * @param transitions how often the holder has changed
 * @param metadata of the object, with the version that an update is based on
 */
record Lease(
    String holder,
    Duration length,
    String acquired,
    String renewed,
    long transitions,
    Map<String, Object> metadata) {
  // The API server takes exactly six digits.
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /** What a replica does about a lease. */
  enum Step {
    /** It holds it, or nobody does: it writes its name. */
    TAKE,
    /** Another one holds it. */
    WAIT
  }

  static Lease of(Map<String, ?> object) {
    Map<String, Object> metadata = fields(object.get("metadata"));
    Map<String, Object> spec = fields(object.get("spec"));
    return new Lease(
        text(spec, "holderIdentity"),
        Duration.ofSeconds(number(spec, "leaseDurationSeconds")),
        text(spec, "acquireTime"),
        text(spec, "renewTime"),
        number(spec, "leaseTransitions"),
        metadata);
  }

  /**
   * Clocks of replicas differ, so times in the object mean nothing: a lease is over when, by the
   * observer's own clock, it has not changed for its length. A replica that comes back under its
   * name continues at once.
   *
   * @param unchanged how long the object has been as it is
   */
  Step step(String me, Duration unchanged) {
    boolean free = holder.isEmpty() || holder.equals(me) || unchanged.compareTo(length) >= 0;
    return free ? Step.TAKE : Step.WAIT;
  }

  /** The lease of that replica from now on. */
  Lease takenBy(String me, Duration lasts, Instant now) {
    String time = MICROS.format(now);
    return holder.equals(me)
        ? new Lease(me, lasts, acquired.isEmpty() ? time : acquired, time, transitions, metadata)
        : new Lease(me, lasts, time, time, transitions + 1, metadata);
  }

  /** Without a holder, so that the others need not wait for it to expire. */
  Lease released(Instant now) {
    String time = MICROS.format(now);
    return new Lease("", Duration.ofSeconds(1), time, time, transitions, metadata);
  }

  Map<String, Object> object() {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("holderIdentity", holder);
    spec.put("leaseDurationSeconds", Math.max(1, length.toSeconds()));
    spec.put("acquireTime", acquired);
    spec.put("renewTime", renewed);
    spec.put("leaseTransitions", transitions);
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("apiVersion", "coordination.k8s.io/v1");
    object.put("kind", "Lease");
    object.put("metadata", metadata);
    object.put("spec", spec);
    return object;
  }

  private static Map<String, Object> fields(@Nullable Object value) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((k, v) -> fields.put(String.valueOf(k), v));
    }
    return fields;
  }

  private static String text(Map<String, Object> fields, String name) {
    return fields.get(name) instanceof String text ? text : "";
  }

  private static long number(Map<String, Object> fields, String name) {
    return fields.get(name) instanceof Number number ? number.longValue() : 0;
  }
}
