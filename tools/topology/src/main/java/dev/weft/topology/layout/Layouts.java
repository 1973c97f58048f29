package dev.weft.topology.layout;

import java.util.LinkedHashMap;
import java.util.Map;

/** Layouts that were made, the last used of them kept. Thread-safe. */
public final class Layouts {
  private final Map<Scene, Placement> kept;

  /**
   * @param max that are kept, above zero; one of 300 cards is some 300 kB with its scene
   */
  public Layouts(int max) {
    this.kept =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Scene, Placement> eldest) {
            return size() > max;
          }
        };
  }

  /** The layout of a scene. */
  public Placement of(Scene scene) {
    synchronized (kept) {
      Placement known = kept.get(scene);
      if (known != null) {
        return known;
      }
    }
    // Not while others wait: two of the same at once do no harm.
    Placement made = Layout.of(scene);
    synchronized (kept) {
      kept.put(scene, made);
    }
    return made;
  }
}
