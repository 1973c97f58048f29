package dev.weft.topology.layout;

/** A rectangle; its upper left corner is counted from that of the picture. */
public record Bounds(double x, double y, double width, double height) {
  Bounds moved(double dx, double dy) {
    return new Bounds(x + dx, y + dy, width, height);
  }

  Point middle() {
    return new Point(x + width / 2, y + height / 2);
  }

  double right() {
    return x + width;
  }

  double bottom() {
    return y + height;
  }
}
