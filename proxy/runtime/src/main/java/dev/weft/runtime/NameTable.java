package dev.weft.runtime;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Host names that the DNS proxy answers itself.
 *
 * @param entries by fully qualified name in lower case without a final dot, or {@code *.suffix}
 * @param known false until a control plane (or the last good configuration) has told
 */
public record NameTable(Map<String, Entry> entries, boolean known) {
  public static final NameTable NONE = new NameTable(Map.of(), false);

  public NameTable {
    entries = Map.copyOf(entries);
  }

  /** All of them as one. */
  static NameTable together(Collection<NameTable> tables) {
    if (tables.size() == 1) {
      return tables.iterator().next();
    }
    Map<String, Entry> entries = new HashMap<>();
    tables.forEach(table -> entries.putAll(table.entries));
    return new NameTable(entries, true);
  }

  /**
   * One host.
   *
   * @param ips IPv4 and IPv6 addresses
   * @param shortName and {@code namespace}: of Kubernetes services, else empty
   */
  public record Entry(List<String> ips, String shortName, String namespace) {
    public Entry {
      ips = List.copyOf(ips);
    }
  }
}
