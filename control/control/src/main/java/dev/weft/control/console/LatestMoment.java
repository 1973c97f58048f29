package dev.weft.control.console;

import dev.weft.config.ConfigSet;
import dev.weft.config.MeshSettings;
import dev.weft.console.view.Moment;
import dev.weft.snapshot.MeshSnapshot;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** What was read last and what was made of it, for who asks at any time. Thread-safe. */
public final class LatestMoment implements BiConsumer<ConfigSet, MeshSnapshot>, Supplier<Moment> {
  private volatile Moment latest;

  /**
   * @param defaults of a mesh of which nothing has been read yet
   */
  public LatestMoment(MeshSettings defaults) {
    this.latest = new Moment(ConfigSet.empty(defaults), MeshSnapshot.empty(defaults));
  }

  @Override
  public void accept(ConfigSet config, MeshSnapshot snapshot) {
    latest = new Moment(config, snapshot);
  }

  @Override
  public Moment get() {
    return latest;
  }
}
