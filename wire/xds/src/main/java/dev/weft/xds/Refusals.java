package dev.weft.xds;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which resources of one type a client refuses. A confirmation is of one response, and says nothing
 * of what an earlier one brought. Confined to the owner of the stream.
 */
final class Refusals {
  private final NavigableMap<String, Refusal> byName = new TreeMap<>();
  // What the response carries that is not answered yet.
  private List<VersionedResource> carried = List.of();
  private List<String> removed = List.of();

  void sent(List<VersionedResource> carriedNow, List<String> removedNow) {
    carried = carriedNow;
    removed = removedNow;
  }

  void acked() {
    settle();
  }

  void nacked(String message) {
    List<VersionedResource> answered = carried;
    settle();
    attribute(message, answered)
        .forEach((resource, words) -> byName.put(resource.name(), new Refusal(resource, words)));
  }

  /** The client's answer is about all of the response, whatever it says of a part. */
  private void settle() {
    if (!byName.isEmpty()) {
      carried.forEach(resource -> byName.remove(resource.name()));
      removed.forEach(byName::remove);
    }
    carried = List.of();
    removed = List.of();
  }

  void retain(Predicate<String> wanted) {
    byName.keySet().removeIf(wanted.negate());
  }

  /** In the order of names. */
  List<Refusal> all() {
    return byName.isEmpty() ? List.of() : List.copyOf(byName.values());
  }

  /**
   * What is said of which resource. Our own proxies begin a line with the name of each that they
   * refuse; others mention names somewhere, or none, which can mean any of them.
   */
  private static Map<VersionedResource, String> attribute(
      String message, List<VersionedResource> answered) {
    Map<VersionedResource, String> lines = new LinkedHashMap<>();
    for (String line : message.split("\n", -1)) {
      VersionedResource subject = subject(line, answered);
      if (subject != null) {
        lines.put(subject, line.substring(subject.name().length() + 2));
      }
    }
    if (!lines.isEmpty()) {
      return lines;
    }
    List<VersionedResource> mentioned = new ArrayList<>();
    for (VersionedResource resource : answered) {
      if (mentions(message, resource.name())) {
        mentioned.add(resource);
      }
    }
    Map<VersionedResource, String> whole = new LinkedHashMap<>();
    Collection<VersionedResource> meant = mentioned.isEmpty() ? answered : mentioned;
    meant.forEach(resource -> whole.put(resource, message));
    return whole;
  }

  private static @Nullable VersionedResource subject(
      String line, List<VersionedResource> answered) {
    VersionedResource longest = null;
    for (VersionedResource resource : answered) {
      if (line.startsWith(resource.name() + ": ")
          && (longest == null || resource.name().length() > longest.name().length())) {
        longest = resource;
      }
    }
    return longest;
  }

  private static boolean mentions(String message, String name) {
    for (int at = message.indexOf(name); at >= 0; at = message.indexOf(name, at + 1)) {
      int end = at + name.length();
      if ((at == 0 || !ofName(message.charAt(at - 1)))
          && (end == message.length() || !ofName(message.charAt(end)))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a name could go on with it. */
  private static boolean ofName(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '|' || c == '/';
  }
}
