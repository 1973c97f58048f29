package dev.weft.control.ads;

import dev.weft.control.ads.ProxyStatus.State;
import dev.weft.control.ads.ProxyStatus.TypeStatus;
import dev.weft.xds.Subscription;
import dev.weft.xds.Subscription.Verdict;
import dev.weft.xds.Subscriptions;
import dev.weft.xds.XdsType;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;

/** How far a proxy has followed, and when. Confined to its connection. */
final class Progress {
  private final InstantSource clock;
  private final Map<XdsType, Instant> sent = new EnumMap<>(XdsType.class);
  private final Map<XdsType, Instant> acknowledged = new EnumMap<>(XdsType.class);
  private final Map<XdsType, String> lastAcked = new EnumMap<>(XdsType.class);

  Progress(InstantSource clock) {
    this.clock = clock;
  }

  void sent(XdsType type) {
    sent.put(type, clock.instant());
  }

  /** The state of every type that it asked for. */
  Map<XdsType, TypeStatus> of(Subscriptions now) {
    Map<XdsType, TypeStatus> types = new EnumMap<>(XdsType.class);
    now.byType()
        .forEach(
            (type, subscription) -> {
              if (subscription.verdict() instanceof Verdict.Acked(String nonce)
                  && !nonce.equals(lastAcked.put(type, nonce))) {
                acknowledged.put(type, clock.instant());
              }
              types.put(type, status(subscription));
            });
    return types;
  }

  private TypeStatus status(Subscription subscription) {
    State state =
        subscription.inFlight().isPresent()
            ? State.STALE
            : switch (subscription.verdict()) {
              case Verdict.None none -> State.NOT_SENT;
              case Verdict.Acked acked -> State.SYNCED;
              case Verdict.Nacked nacked -> State.NACKED;
            };
    return new TypeStatus(
        state,
        subscription.version(),
        subscription.held(),
        state == State.NACKED && subscription.verdict() instanceof Verdict.Nacked(var n, String why)
            ? why
            : "",
        sent.get(subscription.type()),
        acknowledged.get(subscription.type()));
  }
}
