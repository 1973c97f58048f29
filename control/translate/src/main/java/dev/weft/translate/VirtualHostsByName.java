package dev.weft.translate;

import dev.weft.translate.RouteTableInputs.Host;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.VirtualHostName;
import dev.weft.xds.XdsType;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The virtual hosts that proxies ask for one by one. A host has one name for each of its domains
 * and is kept once; its bytes are made when somebody asks. Immutable.
 */
final class VirtualHostsByName {
  static final VirtualHostsByName NONE = new VirtualHostsByName(Collections.emptySortedMap());

  private final SortedMap<String, Map<String, Host>> byTable;

  private VirtualHostsByName(SortedMap<String, Map<String, Host>> byTable) {
    this.byTable = byTable;
  }

  /**
   * Of route tables, by their names. Of hosts that share a domain the first one has it, as in a
   * table.
   */
  static VirtualHostsByName of(SortedMap<String, List<Host>> tables) {
    SortedMap<String, Map<String, Host>> byTable = new TreeMap<>();
    tables.forEach(
        (table, hosts) -> {
          Map<String, Host> byDomain = new HashMap<>();
          for (Host host : hosts) {
            for (String domain : host.domains()) {
              byDomain.putIfAbsent(domain.toLowerCase(Locale.ROOT), host);
            }
          }
          byTable.put(table, byDomain);
        });
    return new VirtualHostsByName(byTable);
  }

  @Nullable VersionedResource get(String name) {
    VirtualHostName asked = VirtualHostName.parse(name).orElse(null);
    Map<String, Host> table = asked == null ? null : byTable.get(asked.table());
    Host host = asked == null || table == null ? null : table.get(asked.domain());
    return host == null ? null : resource(name, host);
  }

  /** Adds each of them under each of its names. */
  void addTo(SortedMap<String, VersionedResource> all) {
    byTable.forEach(
        (table, hosts) ->
            hosts.forEach(
                (domain, host) -> {
                  String name = new VirtualHostName(table, domain).format();
                  all.put(name, resource(name, host));
                }));
  }

  private static VersionedResource resource(String name, Host host) {
    return VersionedResource.of(name, RouteTableTranslator.virtualHost(host));
  }

  /** Tells the names by which something else is found than before. */
  void differences(VirtualHostsByName before, Changes.Builder changes) {
    Set<String> tables = new HashSet<>(byTable.keySet());
    tables.addAll(before.byTable.keySet());
    for (String table : tables) {
      Map<String, Host> was = before.byTable.getOrDefault(table, Map.of());
      Map<String, Host> is = byTable.getOrDefault(table, Map.of());
      // Hosts have several domains each: what is equal once need not be compared again.
      Map<Host, Host> alike = new IdentityHashMap<>();
      is.forEach(
          (domain, host) -> {
            Host old = was.get(domain);
            if (old != null && (alike.get(host) == old || host.equals(old))) {
              alike.put(host, old);
            } else {
              changes.add(XdsType.VIRTUAL_HOST, new VirtualHostName(table, domain).format());
            }
          });
      was.keySet().stream()
          .filter(domain -> !is.containsKey(domain))
          .forEach(
              domain ->
                  changes.add(XdsType.VIRTUAL_HOST, new VirtualHostName(table, domain).format()));
    }
  }
}
