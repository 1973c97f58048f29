package dev.weft.xds;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One type of a stream in the plainest way: whatever there is is compared with whatever the client
 * knows, each time. What streams do is measured by it.
 */
final class FullComparison {
  final XdsType type;
  final TreeSet<String> names;
  final SortedMap<String, String> known;
  boolean wildcard;
  String inFlight = "";
  String version = "";

  /** The names of what changed with the last response. */
  List<String> changed = List.of();

  private boolean answerDue = true;

  FullComparison(
      XdsType type, boolean wildcard, Collection<String> names, Map<String, String> brought) {
    this.type = type;
    this.wildcard = wildcard;
    this.names = new TreeSet<>(names);
    this.known = new TreeMap<>(brought);
    known.keySet().removeIf(name -> !wants(name));
  }

  private boolean wants(String name) {
    return wildcard || names.contains(name);
  }

  void subscribe(boolean toAll, Collection<String> more) {
    wildcard |= toAll;
    names.addAll(more);
    resend(more);
    answerDue |= toAll || !more.isEmpty();
  }

  void unsubscribe(boolean fromAll, Collection<String> fewer) {
    wildcard &= !fromAll;
    fewer.forEach(names::remove);
    if (!wildcard) {
      known.keySet().retainAll(names);
    }
  }

  void replaceNames(Collection<String> complete) {
    TreeSet<String> added = new TreeSet<>(complete);
    added.removeAll(names);
    TreeSet<String> gone = new TreeSet<>(names);
    complete.forEach(gone::remove);
    unsubscribe(false, gone);
    subscribe(false, added);
  }

  void resend(Collection<String> again) {
    again.forEach(known::remove);
  }

  /** What a response has to hold now; empty where none is due. */
  List<StreamResponse> push(StreamForm form, ResourceSet resources, long nonce) {
    if (!inFlight.isEmpty()) {
      return List.of();
    }
    List<VersionedResource> wanted =
        resources.of(type).values().stream().filter(r -> wants(r.name())).toList();
    List<VersionedResource> different =
        wanted.stream().filter(r -> !r.version().equals(known.get(r.name()))).toList();
    TreeSet<String> removed = new TreeSet<>(names);
    removed.removeAll(known.keySet());
    known.forEach(
        (name, held) -> {
          if (!held.isEmpty()) {
            removed.add(name);
          }
        });
    removed.removeAll(resources.of(type).keySet());
    if (different.isEmpty() && removed.isEmpty() && !answerDue) {
      return List.of();
    }
    different.forEach(r -> known.put(r.name(), r.version()));
    changed = different.stream().map(VersionedResource::name).toList();
    for (String name : removed) {
      known.remove(name);
      if (names.contains(name)) {
        known.put(name, "");
      }
    }
    answerDue = false;
    inFlight = Long.toString(nonce);
    version =
        String.format(
            "%016x",
            known.entrySet().stream()
                .mapToLong(e -> new ResourceVersion(e.getKey(), e.getValue()).fingerprint())
                .sum());
    boolean full = form == StreamForm.STATE_OF_THE_WORLD && type.fullStateInSotw();
    return List.of(
        new StreamResponse(
            form, type, inFlight, version, full ? wanted : different, List.copyOf(removed)));
  }
}
