package dev.weft.xds;

import com.google.protobuf.ByteString;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one client asked for of one type, what it holds, and how far it has confirmed. Immutable;
 * every transition returns the next state.
 */
public final class Subscription {
  /** The version of a resource that the client knows not to exist. */
  static final String ABSENT = "";

  /** How the client took what it was sent. */
  public sealed interface Verdict {
    /** Nothing was sent yet, or nothing sent was answered yet. */
    record None() implements Verdict {}

    record Acked(String nonce) implements Verdict {}

    /**
     * The client keeps what it had of the resources that it refused.
     *
     * @param message the client's own words
     */
    record Nacked(String nonce, String message) implements Verdict {}
  }

  private final XdsType type;
  private final boolean wildcard;
  private final SortedSet<String> names;
  private final SortedMap<String, String> known;
  private final String inFlight;
  private final Verdict verdict;
  private final boolean answerDue;
  private final String version;

  private Subscription(
      XdsType type,
      boolean wildcard,
      SortedSet<String> names,
      SortedMap<String, String> known,
      String inFlight,
      Verdict verdict,
      boolean answerDue,
      String version) {
    this.type = type;
    this.wildcard = wildcard;
    this.names = names;
    this.known = known;
    this.inFlight = inFlight;
    this.verdict = verdict;
    this.answerDue = answerDue;
    this.version = version;
  }

  /**
   * The first request of a type on a stream. It is answered in any case, with an empty list where
   * there is nothing: a client that starts waits for it.
   *
   * @param held name to version of what the client kept from an earlier stream
   */
  static Subscription first(
      XdsType type, boolean wildcard, Collection<String> names, Map<String, String> held) {
    return new Subscription(
        type,
        wildcard,
        new TreeSet<>(names),
        new TreeMap<>(held),
        "",
        new Verdict.None(),
        true,
        "");
  }

  public XdsType type() {
    return type;
  }

  /** Whether the client wants every resource of the type. */
  public boolean wildcard() {
    return wildcard;
  }

  /** What the client asked for by name. */
  public SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(names);
  }

  /** Name to version of what the client was sent or brought along. */
  public SortedMap<String, String> known() {
    return Collections.unmodifiableSortedMap(known);
  }

  /** The nonce of the response that the client has not answered yet. */
  public Optional<String> inFlight() {
    return inFlight.isEmpty() ? Optional.empty() : Optional.of(inFlight);
  }

  /** How many resources the client holds. */
  public int held() {
    return (int) known.values().stream().filter(v -> !v.equals(ABSENT)).count();
  }

  public Verdict verdict() {
    return verdict;
  }

  /** Whether the client must be answered even where nothing changed for it. */
  public boolean answerDue() {
    return answerDue;
  }

  /** The version of the last response, empty before the first. */
  public String version() {
    return version;
  }

  public boolean wants(String name) {
    return wildcard || names.contains(name);
  }

  /**
   * The client asks for more. A name that it is sent already is sent again: the client may have
   * forgotten the resource (xDS protocol, "Subscribing to resources").
   */
  Subscription subscribe(boolean toAll, Collection<String> more) {
    TreeSet<String> nextNames = new TreeSet<>(names);
    nextNames.addAll(more);
    return new Subscription(
        type,
        wildcard || toAll,
        nextNames,
        without(more),
        inFlight,
        verdict,
        answerDue || toAll || !more.isEmpty(),
        version);
  }

  Subscription unsubscribe(boolean fromAll, Collection<String> fewer) {
    boolean nextWildcard = wildcard && !fromAll;
    TreeSet<String> nextNames = new TreeSet<>(names);
    nextNames.removeAll(fewer);
    TreeMap<String, String> nextKnown = new TreeMap<>(known);
    if (!nextWildcard) {
      nextKnown.keySet().retainAll(nextNames);
    }
    return new Subscription(
        type, nextWildcard, nextNames, nextKnown, inFlight, verdict, answerDue, version);
  }

  /** State of the world: the list of names is complete each time. */
  Subscription replaceNames(Collection<String> all) {
    TreeSet<String> added = new TreeSet<>(all);
    added.removeAll(names);
    TreeSet<String> gone = new TreeSet<>(names);
    gone.removeAll(all);
    Subscription next = gone.isEmpty() ? this : unsubscribe(false, gone);
    return added.isEmpty() ? next : next.subscribe(false, added);
  }

  /** Has the named resources sent again. */
  Subscription resend(Collection<String> again) {
    return new Subscription(
        type, wildcard, names, without(again), inFlight, verdict, answerDue, version);
  }

  Subscription acked() {
    return new Subscription(
        type, wildcard, names, known, "", new Verdict.Acked(inFlight), answerDue, version);
  }

  /**
   * What was refused counts as known all the same: the same bytes would be refused again, so they
   * are not repeated until they change.
   */
  Subscription nacked(String message) {
    return new Subscription(
        type,
        wildcard,
        names,
        known,
        "",
        new Verdict.Nacked(inFlight, message),
        answerDue,
        version);
  }

  /** The delta is on its way under the nonce. */
  Subscription sent(String nonce, Delta delta) {
    TreeMap<String, String> nextKnown = new TreeMap<>(known);
    for (VersionedResource resource : delta.changed()) {
      nextKnown.put(resource.name(), resource.version());
    }
    for (String name : delta.removed()) {
      if (names.contains(name)) {
        nextKnown.put(name, ABSENT);
      } else {
        nextKnown.remove(name);
      }
    }
    return new Subscription(
        type, wildcard, names, nextKnown, nonce, verdict, false, versionOf(nextKnown));
  }

  private TreeMap<String, String> without(Collection<String> some) {
    TreeMap<String, String> next = new TreeMap<>(known);
    next.keySet().removeAll(some);
    return next;
  }

  private static String versionOf(SortedMap<String, String> known) {
    StringBuilder text = new StringBuilder(known.size() * 64);
    known.forEach((name, version) -> text.append(name).append('\n').append(version).append('\n'));
    return DeterministicBytes.hash(ByteString.copyFromUtf8(text.toString()));
  }
}
