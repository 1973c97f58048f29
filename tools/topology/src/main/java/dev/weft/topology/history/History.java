package dev.weft.topology.history;

import dev.weft.snapshot.MeshSnapshot;
import dev.weft.topology.Place;
import dev.weft.topology.Severity;
import dev.weft.topology.history.Happening.Kind;
import dev.weft.topology.history.Observation.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What became of the mesh within the last hour. A value: whoever records makes the next one of it
 * every few seconds, and everybody else reads the one that is there. What is kept is bounded.
 */
public final class History {
  /** How far it reaches back, if there is not too much. */
  public static final Duration REACH = Duration.ofHours(1);

  /** How long what is gone is still drawn. */
  public static final Duration GHOSTS = Duration.ofMinutes(15);

  public static final History EMPTY =
      new History(Recording.EMPTY, Contacts.NONE, Moves.NONE, EventLog.EMPTY, null);

  /** Of what a proxy says. */
  private static final int LONGEST_MESSAGE = 2_000;

  private final Recording recording;
  private final Contacts contacts;
  private final Moves moves;
  private final EventLog log;
  private final @Nullable Observation newest;

  private History(
      Recording recording,
      Contacts contacts,
      Moves moves,
      EventLog log,
      @Nullable Observation newest) {
    this.recording = recording;
    this.contacts = contacts;
    this.moves = moves;
    this.log = log;
    this.newest = newest;
  }

  /** With one observation more. The first one tells of no event: nobody knows what was before. */
  public History with(Observation seen) {
    MeshState now = MeshStates.of(seen.snapshot());
    Moves.Seen moved = moves.with(seen.traffic(), seen.at(), REACH);
    if (newest == null) {
      return new History(
          new Recording(now, List.of(), now),
          contacts.with(seen.traffic(), seen.at(), REACH.plus(GHOSTS)),
          moved.moves(),
          log.with(seen.others(), seen.at()),
          seen);
    }
    Changes changes = Changes.between(recording.newest(), now, seen.at());
    List<Happening> happenings = new ArrayList<>(objects(newest.snapshot(), seen.snapshot()));
    happenings.addAll(StateChanges.of(changes));
    happenings.addAll(moved.happenings());
    happenings.addAll(rejections(newest.rejections(), seen.rejections()));
    happenings.addAll(seen.others());
    return new History(
        recording.with(changes, now, REACH),
        contacts.with(seen.traffic(), seen.at(), REACH.plus(GHOSTS)),
        moved.moves(),
        log.with(happenings, seen.at()),
        seen);
  }

  private static List<Happening> objects(MeshSnapshot before, MeshSnapshot after) {
    return before.version() == after.version() ? List.of() : ObjectChanges.between(before, after);
  }

  private static List<Happening> rejections(Set<Rejection> before, Set<Rejection> now) {
    return now.stream()
        .filter(rejection -> !before.contains(rejection))
        .sorted(Rejection.ORDER)
        .map(
            rejection ->
                new Happening(
                    Kind.PROXY,
                    Severity.ERROR,
                    "proxy-rejected",
                    Map.of(
                        "proxy", rejection.proxy(),
                        "type", rejection.type(),
                        "message", cut(rejection.message())),
                    rejection.node().isEmpty() ? List.of() : List.of(rejection.node())))
        .toList();
  }

  private static String cut(String message) {
    return message.length() <= LONGEST_MESSAGE
        ? message
        : message.substring(0, LONGEST_MESSAGE) + "…";
  }

  /** What there was at a moment; empty for the newest that is known, and later. */
  public Optional<MeshState> past(Instant at) {
    return newest != null && at.isBefore(newest.at())
        ? Optional.of(recording.at(at))
        : Optional.empty();
  }

  /**
   * Workloads that have no pods at a moment and had some within the time before it ({@link
   * #GHOSTS}), as they last were.
   */
  public Map<Place, WorkloadFact> ghosts(Instant at) {
    return recording.lost(at.minus(GHOSTS), at);
  }

  /** Who called whom at a moment or within the time before it ({@link #GHOSTS}). */
  public Set<Contact> contacts(Instant at) {
    return contacts.between(at.minus(GHOSTS), at);
  }

  /**
   * When a caller's requests by a host name began to go into the clusters that they go into; empty
   * where they did all the time that is known.
   */
  public Optional<Instant> since(Place caller, String service) {
    return moves.since(caller, service);
  }

  /**
   * What happened.
   *
   * @param id only what came after the event of that id; 0 for all
   * @param max that are wanted: the newest
   */
  public List<MeshEvent> events(long id, int max) {
    return log.after(id, max);
  }
}
