package dev.weft.exchange;

/** How many coders are at work at once: each of them holds memory that nobody else counts. */
public interface CoderPlaces {
  /** Takes a place; false where there is none. */
  boolean take();

  /** Gives a place back. */
  void leave();
}
