package dev.weft.translate;

import dev.weft.config.Copies;
import java.util.List;
import java.util.Map;

/**
 * What a pod's DNS proxy answers.
 *
 * @param names host name to entry, in the order of the names
 */
public record NameTableInputs(Map<String, Entry> names) {
  public NameTableInputs {
    names = Copies.map(names);
  }

  /**
   * @param shortName the service's name, by which pods of its namespace may call it
   */
  public record Entry(List<String> ips, String shortName, String namespace) {
    public Entry {
      ips = List.copyOf(ips);
    }
  }
}
