package dev.weft.topology.history;

import dev.weft.topology.Severity;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A {@link Happening} that is on record.
 *
 * @param id counts up by one within a process
 */
public record MeshEvent(
    long id,
    Instant at,
    Happening.Kind kind,
    Severity severity,
    String code,
    Map<String, String> args,
    List<String> nodes) {
  public MeshEvent {
    args = Collections.unmodifiableMap(new TreeMap<>(args));
    nodes = List.copyOf(nodes);
  }

  static MeshEvent of(long id, Instant at, Happening happening) {
    return new MeshEvent(
        id,
        at,
        happening.kind(),
        happening.severity(),
        happening.code(),
        happening.args(),
        happening.nodes());
  }
}
