package dev.weft.topology.layout;

import dev.weft.topology.layout.Layered.Size;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Boxes in rows, in their order: for so many that arrows between them say nothing any more.
 *
 * @param places of the boxes
 */
record Shelves<K>(double width, double height, Map<K, Bounds> places) {
  /** How much wider than high it is to become. */
  private static final double ASPECT = 1.6;

  static <K> Shelves<K> of(Map<K, Size> boxes, double gap) {
    double area = 0;
    double widest = 0;
    for (Size size : boxes.values()) {
      area += (size.width() + gap) * (size.height() + gap);
      widest = Math.max(widest, size.width());
    }
    double max = Math.max(widest, Math.sqrt(area * ASPECT));
    Map<K, Bounds> places = new LinkedHashMap<>();
    double x = 0;
    double y = 0;
    double row = 0;
    double width = 0;
    for (Map.Entry<K, Size> box : boxes.entrySet()) {
      Size size = box.getValue();
      if (x > 0 && x + size.width() > max) {
        x = 0;
        y += row + gap;
        row = 0;
      }
      places.put(box.getKey(), new Bounds(x, y, size.width(), size.height()));
      x += size.width() + gap;
      row = Math.max(row, size.height());
      width = Math.max(width, x - gap);
    }
    return new Shelves<>(width, y + row, places);
  }
}
