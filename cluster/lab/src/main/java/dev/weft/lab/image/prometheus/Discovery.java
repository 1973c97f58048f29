package dev.weft.lab.image.prometheus;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Debian's Prometheus is built without {@code kubernetes_sd_configs}. What it has instead, {@code
 * http_sd_configs}, gets the same targets from a server in the container.
 */
final class Discovery {
  private static final Pattern KUBERNETES =
      Pattern.compile(
          "(?m)^(?<key>[ \\t-]*)kubernetes_sd_configs:[ \\t]*\\n"
              + "(?<item>[ \\t]*)-[ \\t]+role:[ \\t]*(?<role>\\w+)[ \\t]*$");

  private Discovery() {}

  /**
   * The configuration that does without.
   *
   * @param port of the server in the container
   */
  static String without(String config, int port) {
    return KUBERNETES
        .matcher(config)
        .replaceAll(
            found -> {
              String key = Matcher.quoteReplacement(found.group("key"));
              String item = Matcher.quoteReplacement(found.group("item"));
              // There is nothing but pods that a mesh of a lab has to be asked for.
              return found.group("role").equals("pod")
                  ? "%shttp_sd_configs:\n%s- url: http://127.0.0.1:%d/pods\n%s  refresh_interval: 5s"
                      .formatted(key, item, port, item)
                  : "%sstatic_configs: []".formatted(key);
            });
  }
}
