package dev.weft.control.admin;

import dev.weft.control.traffic.TrafficStore;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked of a debug page.
 *
 * @param parameters of the query, decoded
 * @param namespace whose proxies alone the caller may see; empty for the whole mesh
 */
public record DebugQuery(Map<String, String> parameters, Optional<String> namespace) {
  private static final int MAX_SECONDS = (int) TrafficStore.REACH.toSeconds();

  public DebugQuery {
    parameters = Map.copyOf(parameters);
  }

  /**
   * Reads what follows the question mark of an address.
   *
   * @throws NoAnswerException where it is no query
   */
  public static DebugQuery parse(String query, Optional<String> namespace)
      throws NoAnswerException {
    Map<String, String> parameters = new LinkedHashMap<>();
    try {
      for (String pair : query.split("&", -1)) {
        int equals = pair.indexOf('=');
        if (!pair.isEmpty()) {
          parameters.put(
              URLDecoder.decode(
                  equals < 0 ? pair : pair.substring(0, equals), StandardCharsets.UTF_8),
              URLDecoder.decode(
                  equals < 0 ? "" : pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
      }
    } catch (IllegalArgumentException e) {
      throw new NoAnswerException(400, "the query cannot be read: " + e.getMessage());
    }
    return new DebugQuery(parameters, namespace);
  }

  /** Empty where there is no such parameter. */
  public String text(String name) {
    return parameters.getOrDefault(name, "");
  }

  /**
   * Parameter {@code window}, in seconds.
   *
   * @throws NoAnswerException where it is none
   */
  Duration window() throws NoAnswerException {
    String written = parameters.getOrDefault("window", "60");
    if (!written.matches("[1-9][0-9]{0,3}") || Integer.parseInt(written) > MAX_SECONDS) {
      throw new NoAnswerException(
          400,
          "window is '%s', but must be seconds between 1 and %d".formatted(written, MAX_SECONDS));
    }
    return Duration.ofSeconds(Integer.parseInt(written));
  }
}
