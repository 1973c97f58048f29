package dev.weft.codec;

/** Numbers as decimal digits, without a String. */
public final class Decimal {
  private Decimal() {}

  /**
   * Writes a number that is not negative.
   *
   * @return the place after the last digit
   */
  public static int write(byte[] out, int at, long value) {
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    long rest = value;
    for (int i = at + digits - 1; i >= at; i--) {
      out[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return at + digits;
  }
}
