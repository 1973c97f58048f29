package dev.weft.topology.history;

import dev.weft.topology.Severity;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something that happened in the mesh.
 *
 * @param code stable, such as {@code endpoints-gone}; the words are the reader's language's
 * @param args what stands in the gaps of the words, sorted
 * @param nodes of a picture that it is about
 */
public record Happening(
    Kind kind, Severity severity, String code, Map<String, String> args, List<String> nodes) {
  public Happening {
    args = Collections.unmodifiableMap(new TreeMap<>(args));
    nodes = List.copyOf(nodes);
  }

  /** What it is about. */
  public enum Kind {
    ENDPOINTS,
    TRAFFIC,
    CLUSTER,
    CONFIG,
    PROXY,
    CERTIFICATE,
    GATEWAY;

    /** As the console's API writes it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
