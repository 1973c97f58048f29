package dev.weft.xds;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The server's side of one aggregated discovery stream, incremental or state of the world, without
 * any I/O. Confined to the owner of the connection.
 *
 * <p>At most one response of a type is unanswered at any time, so that a slow client is never sent
 * more than the newest state once it is ready again.
 */
public final class ServerStream {
  private static final String ALL = "*";

  private final Map<XdsType, Subscription> subscriptions = new EnumMap<>(XdsType.class);
  private long nonces;

  /** A request on an incremental stream. */
  public RequestOutcome on(DeltaDiscoveryRequest request) {
    Optional<XdsType> known = XdsType.ofUrl(request.getTypeUrl());
    if (known.isEmpty()) {
      return new RequestOutcome.UnknownType(request.getTypeUrl());
    }
    XdsType type = known.get();
    Collection<String> more = names(request.getResourceNamesSubscribeList());
    Collection<String> fewer = names(request.getResourceNamesUnsubscribeList());
    boolean toAll = request.getResourceNamesSubscribeList().contains(ALL);
    Subscription previous = subscriptions.get(type);
    if (previous == null) {
      boolean wildcard = toAll || (more.isEmpty() && type.wildcardByDefault());
      subscriptions.put(
          type, Subscription.first(type, wildcard, more, request.getInitialResourceVersionsMap()));
      return new RequestOutcome.Subscribed(type);
    }
    // What is asked for counts even where the nonce is old; only the confirmation does not.
    Subscription next = previous;
    if (!fewer.isEmpty() || request.getResourceNamesUnsubscribeList().contains(ALL)) {
      next = next.unsubscribe(request.getResourceNamesUnsubscribeList().contains(ALL), fewer);
    }
    boolean asksForMore = toAll || !more.isEmpty();
    if (asksForMore) {
      next = next.subscribe(toAll, more);
    }
    String nonce = request.getResponseNonce();
    if (!nonce.isEmpty() && nonce.equals(next.inFlight().orElse(""))) {
      String error = request.hasErrorDetail() ? request.getErrorDetail().getMessage() : "";
      return request.hasErrorDetail()
          ? nacked(next, nonce, error)
          : acked(next, nonce, asksForMore);
    }
    subscriptions.put(type, next);
    return asksForMore || nonce.isEmpty()
        ? new RequestOutcome.Subscribed(type)
        : new RequestOutcome.Stale(type, nonce);
  }

  /** A request on a state-of-the-world stream. */
  public RequestOutcome on(DiscoveryRequest request) {
    Optional<XdsType> known = XdsType.ofUrl(request.getTypeUrl());
    if (known.isEmpty()) {
      return new RequestOutcome.UnknownType(request.getTypeUrl());
    }
    XdsType type = known.get();
    Collection<String> names = names(request.getResourceNamesList());
    Subscription previous = subscriptions.get(type);
    if (previous == null) {
      // A nonce here is one of an earlier stream: the client reconnects.
      boolean wildcard =
          request.getResourceNamesList().contains(ALL)
              || (names.isEmpty() && type.wildcardByDefault());
      subscriptions.put(type, Subscription.first(type, wildcard, names, Map.of()));
      return new RequestOutcome.Subscribed(type);
    }
    String nonce = request.getResponseNonce();
    if (previous.inFlight().isPresent() && !nonce.equals(previous.inFlight().get())) {
      return new RequestOutcome.Stale(type, nonce);
    }
    Subscription next = previous.wildcard() ? previous : previous.replaceNames(names);
    boolean asksForMore = !previous.names().containsAll(next.names());
    if (previous.inFlight().isPresent()) {
      return request.hasErrorDetail()
          ? nacked(next, nonce, request.getErrorDetail().getMessage())
          : acked(next, nonce, asksForMore);
    }
    subscriptions.put(type, next);
    return asksForMore
        ? new RequestOutcome.Subscribed(type)
        : new RequestOutcome.Stale(type, nonce);
  }

  /**
   * The responses that bring the client to these resources, in push order. They count as sent: the
   * caller must write them all, in order.
   */
  public List<StreamResponse> push(ResourceSet resources) {
    List<StreamResponse> responses = new ArrayList<>();
    for (XdsType type : XdsType.values()) {
      Subscription subscription = subscriptions.get(type);
      if (subscription == null || subscription.inFlight().isPresent()) {
        continue;
      }
      Delta delta = DeltaDiff.diff(subscription, resources);
      if (delta.isEmpty() && !subscription.answerDue()) {
        continue;
      }
      String nonce = Long.toString(++nonces);
      Subscription next = subscription.sent(nonce, delta);
      subscriptions.put(type, next);
      responses.add(
          new StreamResponse(
              type,
              nonce,
              next.version(),
              delta,
              type.fullStateInSotw()
                  ? resources.of(type).values().stream().filter(r -> next.wants(r.name())).toList()
                  : delta.changed()));
      if (type == XdsType.CLUSTER) {
        // A changed cluster warms up until it is sent its endpoints again.
        List<String> warming = delta.changed().stream().map(VersionedResource::name).toList();
        update(XdsType.ENDPOINT, s -> s.resend(warming));
      }
    }
    return responses;
  }

  /** The state of every type that the client asked for. */
  public Map<XdsType, Subscription> subscriptions() {
    return Collections.unmodifiableMap(new EnumMap<>(subscriptions));
  }

  /** Empty where the client has not asked for the type. */
  public Optional<Subscription> subscription(XdsType type) {
    return Optional.ofNullable(subscriptions.get(type));
  }

  private void update(XdsType type, UnaryOperator<Subscription> transition) {
    subscriptions.computeIfPresent(type, (t, s) -> transition.apply(s));
  }

  private RequestOutcome acked(Subscription next, String nonce, boolean asksForMore) {
    subscriptions.put(next.type(), next.acked());
    return asksForMore
        ? new RequestOutcome.Subscribed(next.type())
        : new RequestOutcome.Acked(next.type(), nonce);
  }

  private RequestOutcome nacked(Subscription next, String nonce, String message) {
    subscriptions.put(next.type(), next.nacked(message));
    return new RequestOutcome.Nacked(next.type(), nonce, message);
  }

  private static Collection<String> names(Collection<String> names) {
    return names.stream().filter(name -> !name.equals(ALL)).toList();
  }
}
