package dev.weft.lab.supervisor;

/** Hears what a long command is doing, one short line at a time. */
@FunctionalInterface
public interface Progress {
  void line(String text);
}
