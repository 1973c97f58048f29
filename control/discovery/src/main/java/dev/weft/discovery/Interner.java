package dev.weft.discovery;

import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Makes one object of equal ones that come again and again. It has a number of places, and a newer
 * value takes that of an older one, so that it never grows and forgets what is not used any more.
 * Thread-safe: values are immutable, and a race costs no more than a duplicate.
 */
final class Interner<T> {
  private final Object[] places;

  /**
   * @param places how many different values are remembered at most; a power of two
   */
  Interner(int places) {
    if (Integer.bitCount(places) != 1) {
      throw new IllegalArgumentException("places must be a power of two: " + places);
    }
    this.places = new Object[places];
  }

  /** The value, or an equal earlier one. */
  T one(T value) {
    return one(value, same -> same);
  }

  /**
   * The value before that is equal.
   *
   * @param kept makes an immutable value of one that is new
   */
  @SuppressWarnings("unchecked")
  T one(T value, UnaryOperator<T> kept) {
    int hash = value.hashCode();
    int place = (hash ^ hash >>> 16) & places.length - 1;
    Object there = places[place];
    if (Objects.equals(value, there)) {
      return (T) there;
    }
    T fresh = kept.apply(value);
    places[place] = fresh;
    return fresh;
  }
}
