package dev.weft.control.ads;

import dev.weft.control.ads.ProxyStatus.State;
import dev.weft.control.ads.ProxyStatus.TypeStatus;
import dev.weft.xds.Refusal;
import dev.weft.xds.Subscription;
import dev.weft.xds.Subscription.Verdict;
import dev.weft.xds.Subscriptions;
import dev.weft.xds.XdsType;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How far a proxy has followed, and when. Confined to its connection. */
final class Progress {
  private final InstantSource clock;
  private final Map<XdsType, Instant> sent = new EnumMap<>(XdsType.class);
  private final Map<XdsType, Instant> acknowledged = new EnumMap<>(XdsType.class);
  private final Map<XdsType, String> lastAcked = new EnumMap<>(XdsType.class);

  // What is refused of a type, and the same for people: made once for as long as it stays.
  private final Map<XdsType, Refused> refused = new EnumMap<>(XdsType.class);

  private record Refused(List<Refusal> refusals, List<RefusedPart> parts) {}

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
    List<RefusedPart> parts = parts(subscription);
    return new TypeStatus(
        state(subscription),
        subscription.version(),
        subscription.held(),
        subscription.verdict() instanceof Verdict.Nacked(var n, String why)
                && subscription.refused().isEmpty()
            ? why
            : "",
        parts,
        sent.get(subscription.type()),
        acknowledged.get(subscription.type()));
  }

  private static State state(Subscription subscription) {
    if (subscription.inFlight().isPresent()) {
      return State.STALE;
    }
    return switch (subscription.verdict()) {
      case Verdict.None none -> State.NOT_SENT;
      case Verdict.Acked acked -> subscription.refused().isEmpty() ? State.SYNCED : State.NACKED;
      case Verdict.Nacked nacked -> State.NACKED;
    };
  }

  private List<RefusedPart> parts(Subscription subscription) {
    if (subscription.refused().isEmpty()) {
      refused.remove(subscription.type());
      return List.of();
    }
    Refused known = refused.get(subscription.type());
    if (known == null || !known.refusals().equals(subscription.refused())) {
      known =
          new Refused(
              subscription.refused(),
              subscription.refused().stream()
                  .flatMap(refusal -> RefusedPart.of(subscription.type(), refusal).stream())
                  .toList());
      refused.put(subscription.type(), known);
    }
    return known.parts();
  }
}
