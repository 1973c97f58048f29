package dev.weft.topology.history;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What happened, the oldest first, as far as it is kept. A value.
 *
 * @param last the highest id that was given; 0 for none
 */
record EventLog(List<MeshEvent> events, long last) {
  static final EventLog EMPTY = new EventLog(List.of(), 0);

  /** Each at most some kilobytes, since messages of proxies are cut. */
  static final int MAX = 2_000;

  EventLog {
    events = List.copyOf(events);
  }

  EventLog with(List<Happening> happenings, Instant at) {
    if (happenings.isEmpty()) {
      return this;
    }
    List<MeshEvent> next = new ArrayList<>(events);
    long id = last;
    for (Happening happening : happenings) {
      next.add(MeshEvent.of(++id, at, happening));
    }
    return new EventLog(next.subList(Math.max(0, next.size() - MAX), next.size()), id);
  }

  /** The newest of those after {@code id}, the oldest first. */
  List<MeshEvent> after(long id, int max) {
    List<MeshEvent> found = events.stream().filter(e -> e.id() > id).toList();
    return found.subList(Math.max(0, found.size() - max), found.size());
  }
}
