package dev.weft.control.console;

import dev.weft.config.ConfigSet;
import dev.weft.config.MeshSettings;
import dev.weft.console.view.Moment;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.Observed;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** What was read last and what was made of it, available at any time. Thread-safe. */
public final class LatestMoment implements BiConsumer<ConfigSet, MeshSnapshot>, Supplier<Moment> {
  private final AtomicReference<Moment> latest;

  /**
   * @param defaults of a mesh of which nothing has been read yet
   */
  public LatestMoment(MeshSettings defaults) {
    this.latest =
        new AtomicReference<>(
            new Moment(ConfigSet.empty(defaults), MeshSnapshot.empty(defaults), List.of()));
  }

  @Override
  public void accept(ConfigSet config, MeshSnapshot snapshot) {
    latest.updateAndGet(m -> new Moment(config, snapshot, m.findings()));
  }

  /** Findings come later than the picture in which they are found. */
  public void onObserved(Observed news) {
    latest.updateAndGet(m -> new Moment(m.config(), m.snapshot(), news.findings()));
  }

  @Override
  public Moment get() {
    return latest.get();
  }
}
