package dev.weft.exchange;

/**
 * The buckets of a limit of rates: number 0 is the one for everybody, number n the one of its nth
 * descriptor. Shared by all who are limited together.
 */
public interface Buckets {
  /** Takes a token out of a bucket; false where there is none. */
  boolean take(int bucket);

  /** How many tokens are left in a bucket. */
  long left(int bucket);

  /** In how many seconds, rounded up, there is a token in a bucket; 0 where there is one now. */
  long secondsToNext(int bucket);
}
