package dev.weft.control.ads;

import dev.weft.translate.Changes;

/** Who looks at the mesh, and is told where to look again. Told by any thread; returns at once. */
interface Onlooker {
  /**
   * Resources of the mesh changed.
   *
   * @param nanos when that was published, by {@link System#nanoTime}
   */
  void changed(Changes changes, long nanos);

  /** Any resource of the mesh may have changed. */
  void anythingChanged(long nanos);

  /** The proxy's own pod, or where it looks from, may have changed. */
  void ownChanged();
}
