package dev.weft.xds;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The server's side of one aggregated discovery stream, incremental or state of the world, without
 * any I/O. Confined to the owner of the connection.
 *
 * <p>At most one response of a type is unanswered at any time, so that a slow client is never sent
 * more than the newest state once it is ready again.
 *
 * <p>A push looks only at what may differ from what the client holds: what it asked for since the
 * last one, and what the owner says may have changed. Of what is left out there must be the same
 * resource as at the last push.
 */
public final class ServerStream {
  private static final String ALL = "*";

  /** Characters of a refusal's words that are kept. */
  private static final int MAX_WORDS = 4096;

  private final StreamForm form;
  private final Map<XdsType, TypeStream> types = new EnumMap<>(XdsType.class);
  private long nonces;

  public ServerStream(StreamForm form) {
    this.form = form;
  }

  /** A request on an incremental stream. */
  public RequestOutcome on(DeltaDiscoveryRequest request) {
    RequestOutcome outcome = outcome(request);
    return request.getResourceNamesSubscribeCount() == 0
            && request.getInitialResourceVersionsCount() == 0
        ? outcome
        : bounded(outcome);
  }

  private RequestOutcome bounded(RequestOutcome outcome) {
    for (TypeStream stream : types.values()) {
      String excess = stream.excess();
      if (excess != null) {
        return new RequestOutcome.Excess(stream.type(), excess);
      }
    }
    return outcome;
  }

  private RequestOutcome outcome(DeltaDiscoveryRequest request) {
    Optional<XdsType> known = XdsType.ofUrl(request.getTypeUrl());
    if (known.isEmpty()) {
      return new RequestOutcome.UnknownType(request.getTypeUrl());
    }
    XdsType type = known.get();
    Collection<String> more = names(request.getResourceNamesSubscribeList());
    boolean toAll = request.getResourceNamesSubscribeList().contains(ALL);
    TypeStream stream = types.get(type);
    if (stream == null) {
      boolean wildcard = toAll || (more.isEmpty() && type.wildcardByDefault());
      types.put(
          type, new TypeStream(type, wildcard, more, request.getInitialResourceVersionsMap()));
      return new RequestOutcome.Subscribed(type);
    }
    // What is asked for counts even where the nonce is old; only the confirmation does not.
    Collection<String> fewer = names(request.getResourceNamesUnsubscribeList());
    boolean fromAll = request.getResourceNamesUnsubscribeList().contains(ALL);
    if (fromAll || !fewer.isEmpty()) {
      stream.unsubscribe(fromAll, fewer);
    }
    boolean asksForMore = toAll || !more.isEmpty();
    if (asksForMore) {
      stream.subscribe(toAll, more);
    }
    String nonce = request.getResponseNonce();
    if (!nonce.isEmpty() && nonce.equals(stream.inFlight())) {
      return request.hasErrorDetail()
          ? nacked(stream, nonce, request.getErrorDetail().getMessage())
          : acked(stream, nonce, asksForMore);
    }
    return asksForMore || nonce.isEmpty()
        ? new RequestOutcome.Subscribed(type)
        : new RequestOutcome.Stale(type, nonce);
  }

  /** A request on a state-of-the-world stream. */
  public RequestOutcome on(DiscoveryRequest request) {
    RequestOutcome outcome = outcome(request);
    return request.getResourceNamesCount() == 0 ? outcome : bounded(outcome);
  }

  private RequestOutcome outcome(DiscoveryRequest request) {
    Optional<XdsType> known = XdsType.ofUrl(request.getTypeUrl());
    if (known.isEmpty()) {
      return new RequestOutcome.UnknownType(request.getTypeUrl());
    }
    XdsType type = known.get();
    Collection<String> names = names(request.getResourceNamesList());
    TypeStream stream = types.get(type);
    if (stream == null) {
      // A nonce here is one of an earlier stream: the client reconnects.
      boolean wildcard =
          request.getResourceNamesList().contains(ALL)
              || (names.isEmpty() && type.wildcardByDefault());
      types.put(type, new TypeStream(type, wildcard, names, Map.of()));
      return new RequestOutcome.Subscribed(type);
    }
    String nonce = request.getResponseNonce();
    String inFlight = stream.inFlight();
    if (inFlight != null && !nonce.equals(inFlight)) {
      return new RequestOutcome.Stale(type, nonce);
    }
    boolean asksForMore = !stream.wildcard() && stream.replaceNames(names);
    if (inFlight != null) {
      return request.hasErrorDetail()
          ? nacked(stream, nonce, request.getErrorDetail().getMessage())
          : acked(stream, nonce, asksForMore);
    }
    return asksForMore
        ? new RequestOutcome.Subscribed(type)
        : new RequestOutcome.Stale(type, nonce);
  }

  /** The next push looks at these, as far as the client wants them. */
  public void mayHaveChanged(XdsType type, Collection<String> names) {
    TypeStream stream = types.get(type);
    if (stream != null) {
      names.forEach(stream::mayHaveChanged);
    }
  }

  /** The next push looks at everything. */
  public void anythingMayHaveChanged() {
    types.values().forEach(TypeStream::anythingMayHaveChanged);
  }

  /** Whether a push may find something to say: else the resources for it need not be made. */
  public boolean pushDue() {
    return types.values().stream().anyMatch(TypeStream::due);
  }

  /**
   * The responses that bring the client to these resources, in push order. They count as sent: the
   * caller must write them all, in order.
   */
  public List<StreamResponse> push(Resources now) {
    List<StreamResponse> responses = new ArrayList<>();
    for (TypeStream stream : types.values()) {
      TypeStream.Delta delta = stream.due() ? stream.look(now) : null;
      if (delta == null) {
        continue;
      }
      String nonce = Long.toString(++nonces);
      List<VersionedResource> carried = carried(stream, delta, now);
      String version = stream.sent(nonce, delta, carried);
      responses.add(
          new StreamResponse(form, stream.type(), nonce, version, carried, delta.removed()));
      TypeStream endpoints = types.get(XdsType.ENDPOINT);
      if (stream.type() == XdsType.CLUSTER && endpoints != null) {
        // A changed cluster warms up until it is sent its endpoints again.
        endpoints.resend(delta.changed().stream().map(VersionedResource::name).toList());
      }
    }
    return responses;
  }

  private List<VersionedResource> carried(
      TypeStream stream, TypeStream.Delta delta, Resources now) {
    return form == StreamForm.STATE_OF_THE_WORLD && stream.type().fullStateInSotw()
        ? now.all(stream.type()).stream().filter(r -> stream.wants(r.name())).toList()
        : delta.changed();
  }

  /** The state of every type that the client asked for. */
  public Subscriptions subscriptions() {
    Map<XdsType, Subscription> summaries = new EnumMap<>(XdsType.class);
    types.forEach((type, stream) -> summaries.put(type, stream.summary()));
    return new Subscriptions(summaries);
  }

  /** Copies the version of everything that the client holds: for people, not for each push. */
  public Holding holding() {
    Map<XdsType, SortedMap<String, String>> versions = new EnumMap<>(XdsType.class);
    types.forEach((type, stream) -> versions.put(type, stream.heldVersions()));
    return new Holding(subscriptions(), versions);
  }

  private static RequestOutcome acked(TypeStream stream, String nonce, boolean asksForMore) {
    stream.acked(nonce);
    return asksForMore
        ? new RequestOutcome.Subscribed(stream.type())
        : new RequestOutcome.Acked(stream.type(), nonce);
  }

  private static RequestOutcome nacked(TypeStream stream, String nonce, String said) {
    String message = said.length() > MAX_WORDS ? said.substring(0, MAX_WORDS) + "…" : said;
    stream.nacked(nonce, message);
    return new RequestOutcome.Nacked(stream.type(), nonce, message);
  }

  private static Collection<String> names(Collection<String> names) {
    return names.isEmpty() ? names : names.stream().filter(name -> !name.equals(ALL)).toList();
  }
}
