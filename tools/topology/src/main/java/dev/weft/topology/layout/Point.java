package dev.weft.topology.layout;

/** A place in the picture: to the right, and down. */
public record Point(double x, double y) {
  Point moved(double dx, double dy) {
    return new Point(x + dx, y + dy);
  }
}
