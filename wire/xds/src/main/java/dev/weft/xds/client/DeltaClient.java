package dev.weft.xds.client;

import dev.weft.xds.XdsType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The client of one delta ADS stream after the other: what it wants, what it holds, and what it
 * says. Without sockets: events go in, requests come out. Confined to one thread.
 *
 * <p>After a lost stream it tells the next server what it holds, so that nothing is sent twice and
 * nothing is dropped because a server has just started. What a server removes is what it names.
 */
public final class DeltaClient {
  private final Map<XdsType, State> states = new EnumMap<>(XdsType.class);
  private boolean open;
  private boolean nodeSent;

  private static final class State {
    private boolean wildcard;
    private boolean asked;
    private final Set<String> wanted = new TreeSet<>();

    /** Versions of what was accepted, by name. */
    private final Map<String, String> held = new TreeMap<>();

    /** Names that this stream answered with nothing that we can hold. */
    private final Set<String> absent = new TreeSet<>();
  }

  /**
   * What a response brought: resources that we asked for, in the order of the response.
   *
   * @param removed names that are gone, or never were
   */
  public record Batch(
      XdsType type, String nonce, List<DeltaResponse.Resource> changed, List<String> removed) {
    public Batch {
      changed = List.copyOf(changed);
      removed = List.copyOf(removed);
    }
  }

  /** A resource that was refused. */
  public record Refused(String name, String reason) {}

  /** A stream began; returns the requests to send. */
  public List<DeltaRequest> opened() {
    open = true;
    nodeSent = false;
    List<DeltaRequest> out = new ArrayList<>();
    states.forEach(
        (type, state) -> {
          state.asked = false;
          state.absent.clear();
          ask(type, state, out);
        });
    return out;
  }

  /** The stream is over. What is held stays. */
  public void closed() {
    open = false;
  }

  /** Asks for all resources of a type. */
  public List<DeltaRequest> subscribeAll(XdsType type) {
    State state = state(type);
    state.wildcard = true;
    List<DeltaRequest> out = new ArrayList<>();
    if (!state.asked) {
      ask(type, state, out);
    }
    return out;
  }

  /**
   * Asks for exactly these resources of a type from now on. What is not wanted any more is no
   * longer held.
   */
  public List<DeltaRequest> want(XdsType type, Collection<String> names) {
    State state = state(type);
    Set<String> added = new TreeSet<>(names);
    added.removeAll(state.wanted);
    Set<String> gone = new TreeSet<>(state.wanted);
    gone.removeAll(names);
    state.wanted.addAll(added);
    state.wanted.removeAll(gone);
    state.held.keySet().removeAll(gone);
    state.absent.removeAll(gone);
    List<DeltaRequest> out = new ArrayList<>();
    if (!state.asked) {
      ask(type, state, out);
    } else if (open && !(added.isEmpty() && gone.isEmpty())) {
      out.add(request(type, added, gone, Map.of(), "", ""));
    }
    return out;
  }

  /** Names that are wanted, and that no server has answered yet. */
  public Set<String> missing(XdsType type) {
    State state = state(type);
    Set<String> missing = new TreeSet<>(state.wanted);
    missing.removeAll(state.held.keySet());
    missing.removeAll(state.absent);
    return missing;
  }

  /** A resource is held from before, for example from a file. */
  public void hold(XdsType type, String name, String version) {
    state(type).held.put(name, version);
  }

  /** The version that is held of a resource; empty where none is. */
  public String heldVersion(XdsType type, String name) {
    return state(type).held.getOrDefault(name, "");
  }

  /**
   * A response came. The answer is made by {@link #applied} when its content was taken in.
   *
   * @return empty for a type that was never asked for
   */
  public Optional<Batch> received(DeltaResponse response) {
    Optional<XdsType> type = XdsType.ofUrl(response.typeUrl());
    if (type.isEmpty() || !states.containsKey(type.get())) {
      return Optional.empty();
    }
    State state = state(type.get());
    List<DeltaResponse.Resource> changed =
        response.resources().stream()
            .filter(r -> state.wildcard || state.wanted.contains(r.name()))
            .toList();
    return Optional.of(new Batch(type.get(), response.nonce(), changed, response.removed()));
  }

  /**
   * A batch was taken in: accepts it, or refuses it by naming each resource that was left out.
   * Refused resources are not held, so that the next server sends them again.
   */
  public List<DeltaRequest> applied(Batch batch, List<Refused> refused) {
    State state = state(batch.type());
    Map<String, String> reasons = new LinkedHashMap<>();
    refused.forEach(r -> reasons.merge(r.name(), r.reason(), (a, b) -> a + "; " + b));
    for (DeltaResponse.Resource resource : batch.changed()) {
      if (reasons.containsKey(resource.name())) {
        state.absent.add(resource.name());
      } else {
        state.held.put(resource.name(), resource.version());
        state.absent.remove(resource.name());
      }
    }
    for (String name : batch.removed()) {
      state.held.remove(name);
      state.absent.add(name);
    }
    if (!open) {
      return List.of();
    }
    StringBuilder error = new StringBuilder();
    reasons.forEach(
        (name, reason) ->
            error.append(error.isEmpty() ? "" : "\n").append(name).append(": ").append(reason));
    return List.of(
        request(batch.type(), Set.of(), Set.of(), Map.of(), batch.nonce(), error.toString()));
  }

  /** Refuses a response of a type that was not asked for. */
  public DeltaRequest refuse(DeltaResponse response, String reason) {
    boolean first = !nodeSent;
    nodeSent = true;
    return new DeltaRequest(
        response.typeUrl(), first, List.of(), List.of(), Map.of(), response.nonce(), reason);
  }

  private State state(XdsType type) {
    return states.computeIfAbsent(type, t -> new State());
  }

  /** The first request of a type on a stream; a type without names waits until there are some. */
  private void ask(XdsType type, State state, List<DeltaRequest> out) {
    if (open && (state.wildcard || !state.wanted.isEmpty())) {
      state.asked = true;
      out.add(request(type, state.wanted, Set.of(), state.held, "", ""));
    }
  }

  private DeltaRequest request(
      XdsType type,
      Set<String> subscribe,
      Set<String> unsubscribe,
      Map<String, String> versions,
      String nonce,
      String error) {
    boolean first = !nodeSent;
    nodeSent = true;
    return new DeltaRequest(
        type.url(),
        first,
        List.copyOf(new TreeSet<>(subscribe)),
        List.copyOf(new TreeSet<>(unsubscribe)),
        versions,
        nonce,
        error);
  }
}
