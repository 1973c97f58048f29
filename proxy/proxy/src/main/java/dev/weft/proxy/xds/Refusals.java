package dev.weft.proxy.xds;

import dev.weft.runtime.Rejection;
import dev.weft.xds.client.DeltaClient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was refused of the configuration in force. Confined to the control loop, but for {@link
 * #all}.
 */
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  private volatile List<Rejection> all = List.of();

  /** Any thread. */
  List<Rejection> all() {
    return all;
  }

  /**
   * A batch was compiled.
   *
   * @param now what was refused of it
   * @return what to tell the control plane
   */
  List<DeltaClient.Refused> note(DeltaClient.Batch batch, List<Rejection> now) {
    Set<String> touched = new HashSet<>(batch.removed());
    batch.changed().forEach(r -> touched.add(r.name()));
    List<Rejection> kept = new ArrayList<>(now);
    for (Rejection old : all) {
      if (old.type() != batch.type() || !touched.contains(old.resource())) {
        kept.add(old);
      }
    }
    all = List.copyOf(kept);
    List<DeltaClient.Refused> told = new ArrayList<>();
    for (Rejection rejection : now) {
      LOG.warn("Refused {}", rejection);
      told.add(
          new DeltaClient.Refused(
              rejection.resource(), rejection.field() + ": " + rejection.reason()));
    }
    return told;
  }

  /** The names of the resources of which nothing was taken. */
  static Set<String> whole(List<Rejection> now) {
    return now.stream()
        .filter(rejection -> !rejection.partly())
        .map(Rejection::resource)
        .collect(Collectors.toSet());
  }
}
