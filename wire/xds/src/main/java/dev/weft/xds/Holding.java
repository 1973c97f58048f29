package dev.weft.xds;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;

/**
 * A copy of what a client asked for and what it was sent or brought along, at one moment.
 *
 * @param versions name to version, which is empty where the client knows that there is no such
 *     resource
 */
public record Holding(
    Subscriptions subscriptions, Map<XdsType, SortedMap<String, String>> versions) {
  public static final Holding NOTHING = new Holding(Subscriptions.NONE, Map.of());

  public Holding {
    versions = versions.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(versions));
  }

  /** Empty where the client has not asked for the type. */
  public SortedMap<String, String> of(XdsType type) {
    return versions.getOrDefault(type, Collections.emptySortedMap());
  }
}
