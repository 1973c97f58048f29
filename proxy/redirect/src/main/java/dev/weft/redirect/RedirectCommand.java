package dev.weft.redirect;

import dev.weft.dns.ResolvConf;
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
      Nft.apply(script);
    }
    return options.validate() ? RedirectCheck.of(options).run() : 0;
  }
}
