package dev.weft.lab.object;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Short names in the alphabet that Kubernetes uses, which forms no words. */
public final class Hashes {
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private Hashes() {}

  /** Equal texts give equal names; {@code length} is at most 12. */
  public static String of(String text, int length) {
    long hash = 0xcbf29ce484222325L;
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
    }
    // FNV leaves the high bits of short texts nearly alone
    hash ^= hash >>> 29;
    hash *= 0xbf58476d1ce4e5b9L;
    hash ^= hash >>> 32;
    return encode(hash, length);
  }

  /** A name that differs from call to call. */
  public static String random(SplittableRandom random, int length) {
    return encode(random.nextLong(), length);
  }

  private static String encode(long value, int length) {
    StringBuilder out = new StringBuilder();
    long rest = value;
    for (int i = 0; i < length; i++) {
      out.append(ALPHABET.charAt((int) Long.remainderUnsigned(rest, ALPHABET.length())));
      rest = Long.divideUnsigned(rest, ALPHABET.length());
    }
    return out.toString();
  }
}
