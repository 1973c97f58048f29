package dev.weft.translate;

import dev.weft.translate.NameTableInputs.Entry;
import dev.weft.xds.OnDemand;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The DNS names that proxies ask for one by one, each a table of one host. A host is found by its
 * own name and by the short forms that a pod of the namespace may use; those with a wildcard are in
 * one table together. Immutable.
 */
final class NamesByName {
  static final NamesByName NONE = new NamesByName("", null);

  private final String namespace;
  private final @Nullable NameTableInputs whole;
  private final Map<String, String> hosts = new HashMap<>();

  /**
   * @param namespace of the pods that ask
   * @param whole all names that there are; null where nobody asks
   */
  NamesByName(String namespace, @Nullable NameTableInputs whole) {
    this.namespace = namespace;
    this.whole = whole;
    if (whole != null) {
      whole.names().keySet().stream()
          .filter(host -> !wildcard(host))
          .forEach(host -> hosts.put(host.toLowerCase(Locale.ROOT), host));
      whole
          .names()
          .forEach(
              (host, entry) -> {
                if (!wildcard(host)) {
                  shortForms(entry).forEach(form -> hosts.putIfAbsent(form, host));
                }
              });
    }
  }

  /** As the proxy's own: {@code dev.weft.dns.MeshNames}. */
  private List<String> shortForms(Entry entry) {
    if (entry.shortName().isEmpty()) {
      return List.of();
    }
    String inNamespace = entry.shortName() + "." + entry.namespace();
    List<String> forms = new ArrayList<>(List.of(inNamespace, inNamespace + ".svc"));
    if (entry.namespace().equals(namespace)) {
      forms.add(entry.shortName());
    }
    return forms;
  }

  private static boolean wildcard(String host) {
    return host.startsWith("*");
  }

  @Nullable VersionedResource get(String name) {
    Map<String, Entry> table = table(name);
    return table == null
        ? null
        : VersionedResource.of(
            name, NameTableTranslator.translate(new NameTableInputs(new TreeMap<>(table))));
  }

  /** Null where there is none. */
  private @Nullable Map<String, Entry> table(String name) {
    NameTableInputs all = whole;
    if (all == null) {
      return null;
    }
    if (name.equals(OnDemand.WILDCARD_HOSTS)) {
      Map<String, Entry> wildcards = new TreeMap<>();
      all.names()
          .forEach(
              (host, entry) -> {
                if (wildcard(host)) {
                  wildcards.put(host, entry);
                }
              });
      return wildcards;
    }
    String host = hosts.get(name);
    Entry entry = host == null ? null : all.names().get(host);
    return host == null || entry == null ? null : Map.of(host, entry);
  }

  /** Adds each of them under each of its names. */
  void addTo(SortedMap<String, VersionedResource> all) {
    List<String> names = new ArrayList<>(hosts.keySet());
    names.add(OnDemand.WILDCARD_HOSTS);
    for (String name : names) {
      VersionedResource resource = get(name);
      if (resource != null) {
        all.put(name, resource);
      }
    }
  }

  /** Tells the names by which something else is found than before. */
  void differences(NamesByName before, Changes.Builder changes) {
    hosts.keySet().forEach(name -> compare(name, before, changes));
    before.hosts.keySet().stream()
        .filter(name -> !hosts.containsKey(name))
        .forEach(name -> compare(name, before, changes));
    compare(OnDemand.WILDCARD_HOSTS, before, changes);
  }

  private void compare(String name, NamesByName before, Changes.Builder changes) {
    Map<String, Entry> is = table(name);
    Map<String, Entry> was = before.table(name);
    if (is == null ? was != null : !is.equals(was)) {
      changes.add(XdsType.NAME_TABLE, name);
    }
  }
}
