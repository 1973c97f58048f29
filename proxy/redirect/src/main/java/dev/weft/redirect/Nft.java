package dev.weft.redirect;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Applies rules to the network namespace of the calling thread. */
public final class Nft {
  private Nft() {}

  /**
   * Applies a script as a whole.
   *
   * @throws IllegalStateException where it cannot be applied; the message says what to do
   */
  public static void apply(String script) {
    try {
      Process nft = new ProcessBuilder("nft", "-f", "-").redirectErrorStream(true).start();
      try (OutputStream in = nft.getOutputStream()) {
        in.write(script.getBytes(StandardCharsets.US_ASCII));
      }
      String said = new String(nft.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int code = nft.waitFor();
      if (code != 0) {
        boolean denied = said.contains("Operation not permitted");
        throw new IllegalStateException(
            "redirect: nft refused the rules"
                + (denied ? " (the container needs the capability NET_ADMIN)" : "")
                + ": "
                + said);
      }
    } catch (IOException e) {
      throw new IllegalStateException(
          "redirect: nft cannot be run; install nftables: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("redirect: interrupted", e);
    }
  }
}
