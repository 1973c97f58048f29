package dev.weft.topology.picture;

import dev.weft.topology.Tally;
import dev.weft.topology.history.MeshEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Time, drawn as a strip.
 *
 * @param step how long a frame is, in seconds
 * @param frames the oldest first, without gaps
 */
public record Strip(long step, List<StripFrame> frames) {
  public Strip {
    frames = List.copyOf(frames);
  }

  /**
   * Of all steps that begin from {@code from} on and before {@code to}.
   *
   * @param step in whole seconds, above zero
   * @param tallies of steps that begin at {@code from} and every step later
   */
  public static Strip of(
      Instant from, Instant to, Duration step, List<Tally> tallies, List<MeshEvent> events) {
    if (step.toSeconds() < 1) {
      throw new IllegalArgumentException("the step is " + step + ", but must be a second or more");
    }
    Map<Long, Tally> byStep = new TreeMap<>();
    tallies.forEach(tally -> byStep.put(nth(from, tally.at(), step), tally));
    Map<Long, Integer> counts = new TreeMap<>();
    events.forEach(event -> counts.merge(nth(from, event.at(), step), 1, Integer::sum));
    List<StripFrame> frames = new ArrayList<>();
    for (long i = 0; from.plus(step.multipliedBy(i)).isBefore(to); i++) {
      Instant at = from.plus(step.multipliedBy(i));
      Tally tally = byStep.getOrDefault(i, new Tally(at, 0, 0));
      frames.add(
          new StripFrame(
              at,
              (double) tally.requests() / step.toSeconds(),
              (double) tally.failed() / step.toSeconds(),
              counts.getOrDefault(i, 0)));
    }
    return new Strip(step.toSeconds(), frames);
  }

  private static long nth(Instant from, Instant at, Duration step) {
    return Math.floorDiv(Duration.between(from, at).toMillis(), step.toMillis());
  }
}
