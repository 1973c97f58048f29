package dev.weft.xds;

import dev.weft.xds.Subscription.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One type of a stream: what the client asked for, what it holds, and which of that is to be looked
 * at. What the client holds is always something that it wants. Confined to the owner of the stream.
 */
final class TypeStream {
  /**
   * What a client lacks, each in the order of names.
   *
   * @param changed resources that are new to it or have another version
   * @param removed names of what it holds, or asked for, and what there is not
   */
  record Delta(List<VersionedResource> changed, List<String> removed) {
    boolean isEmpty() {
      return changed.isEmpty() && removed.isEmpty();
    }
  }

  /** More than the largest meshes have resources of a type. */
  private static final int MAX_NAMES = 100_000;

  /** Of all names together, in characters. */
  private static final long MAX_CHARACTERS = 8 << 20;

  private final XdsType type;
  private final HeldVersions held = new HeldVersions();
  private final Suspects suspects = new Suspects();
  private final Refusals refusals = new Refusals();
  private boolean wildcard;
  private Set<String> names;
  private @Nullable String inFlight;
  private Verdict verdict = new Verdict.None();
  private boolean answerDue = true;
  private String version = "";
  private @Nullable Subscription summary;

  /**
   * The first request of a type on a stream. It is answered in any case, with an empty list where
   * there is nothing: a client that starts waits for it.
   *
   * @param brought name to version of what the client kept from an earlier stream
   */
  TypeStream(
      XdsType type, boolean wildcard, Collection<String> names, Map<String, String> brought) {
    this.type = type;
    this.wildcard = wildcard;
    this.names = Set.copyOf(names);
    brought.forEach(
        (name, heldVersion) -> {
          if (wants(name)) {
            held.put(new ResourceVersion(name, heldVersion));
          }
        });
    suspects.addAll();
  }

  XdsType type() {
    return type;
  }

  boolean wildcard() {
    return wildcard;
  }

  /** What the client has named more of than is kept for one; null where it is within bounds. */
  @Nullable String excess() {
    int max = Math.max(names.size(), held.size());
    if (max > MAX_NAMES) {
      return max + " names; the limit is " + MAX_NAMES;
    }
    long characters = names.stream().mapToLong(String::length).sum();
    return characters > MAX_CHARACTERS
        ? "names of " + characters + " characters; the limit is " + MAX_CHARACTERS
        : null;
  }

  boolean wants(String name) {
    return wildcard || names.contains(name);
  }

  /** Null where the client has answered everything. */
  @Nullable String inFlight() {
    return inFlight;
  }

  /** Whether a push may find something to say. */
  boolean due() {
    return inFlight == null && (answerDue || !suspects.isEmpty());
  }

  /**
   * The client asks for more. A name that it is sent already is sent again: the client may have
   * forgotten the resource (xDS protocol, "Subscribing to resources").
   */
  void subscribe(boolean toAll, Collection<String> more) {
    if (toAll && !wildcard) {
      wildcard = true;
      suspects.addAll();
    }
    if (!names.containsAll(more)) {
      Set<String> next = new HashSet<>(names);
      next.addAll(more);
      names = Set.copyOf(next);
    }
    resend(more);
    answerDue |= toAll || !more.isEmpty();
    summary = null;
  }

  void unsubscribe(boolean fromAll, Collection<String> fewer) {
    Set<String> next = new HashSet<>(names);
    fewer.forEach(next::remove);
    names = Set.copyOf(next);
    if (wildcard && fromAll) {
      wildcard = false;
      held.retain(names);
    } else if (!wildcard) {
      fewer.forEach(held::remove);
    }
    refusals.retain(this::wants);
    summary = null;
  }

  /**
   * State of the world: the list of names is complete each time.
   *
   * @return whether there are names that were not asked for before
   */
  boolean replaceNames(Collection<String> complete) {
    Set<String> gone = new HashSet<>(names);
    List<String> added = new ArrayList<>();
    for (String name : complete) {
      if (!gone.remove(name) && !names.contains(name)) {
        added.add(name);
      }
    }
    if (!gone.isEmpty()) {
      unsubscribe(false, gone);
    }
    if (!added.isEmpty()) {
      subscribe(false, added);
    }
    return !added.isEmpty();
  }

  /** Has the named resources sent again, as far as the client wants them. */
  void resend(Collection<String> again) {
    for (String name : again) {
      held.remove(name);
      mayHaveChanged(name);
    }
    summary = null;
  }

  void mayHaveChanged(String name) {
    if (wants(name)) {
      suspects.add(name, held.size());
    }
  }

  void anythingMayHaveChanged() {
    suspects.addAll();
  }

  void acked(String nonce) {
    verdict = new Verdict.Acked(nonce);
    refusals.acked();
    inFlight = null;
    summary = null;
  }

  /**
   * What was refused counts as held all the same: the same bytes would be refused again, so they
   * are not repeated until they change.
   */
  void nacked(String nonce, String message) {
    verdict = new Verdict.Nacked(nonce, message);
    refusals.nacked(message);
    inFlight = null;
    summary = null;
  }

  /**
   * What the client lacks, which counts as looked at from now on. Null where it need not be
   * answered.
   */
  @Nullable Delta look(Resources now) {
    Comparison comparison = new Comparison(now);
    if (!suspects.all()) {
      suspects.some().forEach(comparison::name);
    } else if (wildcard) {
      comparison.everything();
    } else {
      List<String> shared = new ArrayList<>(names.size());
      names.forEach(name -> shared.add(comparison.name(name)));
      if (answerDue) {
        // The client has just told its own copies of the names.
        names = Set.copyOf(shared);
      }
    }
    suspects.clear();
    Delta delta = comparison.delta();
    return delta.isEmpty() && !answerDue ? null : delta;
  }

  /** What there is, against what the client holds. */
  private final class Comparison {
    private final Resources now;
    private final List<VersionedResource> changed = new ArrayList<>();
    private final List<String> removed = new ArrayList<>();

    Comparison(Resources now) {
      this.now = now;
    }

    /** Returns the name as the resource has it: one string for all streams. */
    String name(String name) {
      VersionedResource resource = now.get(type, name);
      if (resource == null) {
        if (missed(name)) {
          removed.add(name);
        }
        return name;
      }
      if (wants(name)) {
        present(resource);
      }
      return resource.name();
    }

    void everything() {
      now.all(type).forEach(this::present);
      for (String name : held.names()) {
        if (missed(name) && now.get(type, name) == null) {
          removed.add(name);
        }
      }
      for (String name : names) {
        if (held.get(name) == null && now.get(type, name) == null) {
          removed.add(name);
        }
      }
    }

    private void present(VersionedResource resource) {
      if (held.has(resource.id())) {
        held.share(resource.id());
      } else {
        changed.add(resource);
      }
    }

    /** Whether the client must hear of it where there is no such resource. */
    private boolean missed(String name) {
      String version = held.get(name);
      // A client that asked by name waits until it hears that there is none.
      return version == null ? names.contains(name) : !version.equals(HeldVersions.ABSENT);
    }

    Delta delta() {
      changed.sort(Comparator.comparing(VersionedResource::name));
      removed.sort(null);
      return new Delta(List.copyOf(changed), List.copyOf(removed));
    }
  }

  /**
   * The delta is on its way under the nonce.
   *
   * @param carried the resources in the response, among them what did not change
   * @return the version of all that the client holds then
   */
  String sent(String nonce, Delta delta, List<VersionedResource> carried) {
    refusals.sent(carried, delta.removed());
    held.expect(delta.changed().size());
    for (VersionedResource resource : delta.changed()) {
      held.put(resource.id());
    }
    for (String name : delta.removed()) {
      if (names.contains(name)) {
        held.put(new ResourceVersion(name, HeldVersions.ABSENT));
      } else {
        held.remove(name);
      }
    }
    inFlight = nonce;
    answerDue = false;
    version = held.version();
    summary = null;
    return version;
  }

  /** The same one until something of it changes. */
  Subscription summary() {
    Subscription known = summary;
    if (known == null) {
      known =
          new Subscription(
              type, wildcard, names, held.present(), inFlight, verdict, version, refusals.all());
      summary = known;
    }
    return known;
  }

  SortedMap<String, String> heldVersions() {
    return held.copy();
  }
}
