package dev.weft.xds;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The subscriptions of one stream at one moment, for any thread. Immutable. */
public record Subscriptions(Map<XdsType, Subscription> byType) {
  public static final Subscriptions NONE = new Subscriptions(Map.of());

  public Subscriptions {
    byType = byType.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(byType));
  }

  /** Empty where the client has not asked for the type. */
  public Optional<Subscription> of(XdsType type) {
    return Optional.ofNullable(byType.get(type));
  }

  /** Whether a change of this resource concerns the client. */
  public boolean wants(XdsType type, String name) {
    Subscription subscription = byType.get(type);
    return subscription != null && subscription.wants(name);
  }
}
