package dev.weft.proxy.redirect;

import dev.weft.proxy.dns.ResolvConf;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code weft redirect}: renders the rules and applies them to the current network namespace. */
public final class RedirectCommand {
  private RedirectCommand() {}

  /**
   * Runs the command.
   *
   * @return the exit code
   * @throws IllegalArgumentException for flags that cannot be read
   * @throws IllegalStateException where the rules cannot be applied; the message says what to do
   */
  public static int run(List<String> args, Map<String, String> environment) {
    ResolvConf resolver = ResolvConf.read(Path.of("/etc/resolv.conf"));
    RedirectOptions options = RedirectOptions.parse(args, environment, resolver.nameservers());
    String script = options.cleanUp() ? RedirectRules.cleanUp() : RedirectRules.render(options);
    if (options.dryRun()) {
      System.out.print(script);
      return 0;
    }
    if (!options.skipApply()) {
      apply(script);
    }
    return 0;
  }

  private static void apply(String script) {
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
