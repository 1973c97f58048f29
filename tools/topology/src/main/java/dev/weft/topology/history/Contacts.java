package dev.weft.topology.history;

import dev.weft.topology.Flow;
import dev.weft.topology.Traffic;
import dev.weft.topology.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Who called whom within the last hour, and when. A value. */
record Contacts(Map<Contact, Span> spans) {
  static final Contacts NONE = new Contacts(Map.of());

  /** Each some 300 bytes. */
  private static final int MAX = 50_000;

  Contacts {
    spans = Collections.unmodifiableMap(spans);
  }

  /** From the first call to the last. */
  record Span(Instant first, Instant last) {}

  Contacts with(Traffic traffic, Instant at, Duration reach) {
    Map<Contact, Span> next = new HashMap<>(spans);
    next.values().removeIf(span -> span.last().isBefore(at.minus(reach)));
    traffic
        .flows()
        .forEach(
            (flow, volume) -> {
              if (tells(flow, volume)) {
                Contact contact =
                    new Contact(flow.source(), flow.destination(), flow.service(), flow.protocol());
                Span known = next.get(contact);
                if (known != null || next.size() < MAX) {
                  next.put(contact, new Span(known == null ? at : known.first(), at));
                }
              }
            });
    return new Contacts(next);
  }

  /** Of known ends; one that only failed says nothing of where it would have gone. */
  private static boolean tells(Flow flow, Volume volume) {
    return !volume.isNone() && flow.source().known() && flow.destination().known();
  }

  /** Who called whom at some time between two moments. */
  Set<Contact> between(Instant from, Instant to) {
    Set<Contact> found = new LinkedHashSet<>();
    spans.forEach(
        (contact, span) -> {
          if (!span.last().isBefore(from) && !span.first().isAfter(to)) {
            found.add(contact);
          }
        });
    return found;
  }
}
