package dev.weft.exchange;

import dev.weft.codec.MessageHead;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the peer of a connection says of itself, which it repeats with every message: one String as
 * long as it stays the same. Confined to its connection.
 */
public final class PeerText {
  private @Nullable String last;

  /** What it said last, or null. */
  public @Nullable String last() {
    return last;
  }

  /** Nothing is known of it any more. */
  public void forget() {
    last = null;
  }

  /** Remembers the value of a field. */
  public String remember(MessageHead head, int index) {
    int from = head.valueStart(index);
    int to = head.valueEnd(index);
    String known = last;
    if (known == null || !same(known, head.bytes(), from, to)) {
      known = new String(head.bytes(), from, to - from, StandardCharsets.ISO_8859_1);
      last = known;
    }
    return known;
  }

  private static boolean same(String known, byte[] bytes, int from, int to) {
    if (known.length() != to - from) {
      return false;
    }
    for (int i = 0; i < known.length(); i++) {
      if (known.charAt(i) != (bytes[from + i] & 0xff)) {
        return false;
      }
    }
    return true;
  }
}
