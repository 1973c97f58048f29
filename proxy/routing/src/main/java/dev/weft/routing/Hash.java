package dev.weft.routing;

/** 64-bit hashes, spread well enough for a ring. */
public final class Hash {
  private Hash() {}

  /** Of a text. */
  public static long of(CharSequence text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return mix(hash);
  }

  /** Of two hashes in order. */
  public static long combine(long first, long second) {
    return mix(Long.rotateLeft(first, 1) ^ second);
  }

  static long mix(long value) {
    long h = value;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
