package dev.weft.lab.node;

import java.time.Instant;

/** Issues service account tokens that are bound to pods. */
@FunctionalInterface
public interface TokenSource {

  /**
   * @param audience "" for the API server's own
   * @param seconds wanted lifetime
   */
  Token issue(
      String namespace,
      String serviceAccount,
      String podName,
      String podUid,
      String audience,
      long seconds);

  /** A token and the moment from which it is worthless. */
  record Token(String value, Instant expires) {
    @Override
    public String toString() {
      return "Token[expires=" + expires + "]";
    }
  }
}
