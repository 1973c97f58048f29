package dev.weft.topology.picture;

import dev.weft.topology.Flow;
import java.util.Comparator;

/**
 * What is one edge: who calls whom, by which name, in which protocol.
 *
 * @param service host name; empty where it is several
 */
record Call(Spot source, Spot target, String service, Flow.Protocol protocol)
    implements Comparable<Call> {
  private static final Comparator<Call> ORDER =
      Comparator.comparing(Call::source)
          .thenComparing(Call::target)
          .thenComparing(Call::service)
          .thenComparing(Call::protocol);

  String id() {
    return source.id() + ">" + target.id() + ">" + service + ">" + protocol;
  }

  /** On a coarser level it no longer matters by which name. */
  Call on(Level level) {
    return level == Level.WORKLOAD
        ? this
        : new Call(source.on(level), target.on(level), "", protocol);
  }

  boolean touches(Spot spot) {
    return source.equals(spot) || target.equals(spot);
  }

  @Override
  public int compareTo(Call other) {
    return ORDER.compare(this, other);
  }
}
