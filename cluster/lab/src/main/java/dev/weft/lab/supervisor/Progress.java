package dev.weft.lab.supervisor;

/** Hears what a long command is doing. */
@FunctionalInterface
public interface Progress {
  /** Something has been done, in one short line. */
  void line(String text);

  /** What is awaited now, said again while it lasts; empty where nothing is. */
  default void waiting(String text) {}
}
