package dev.weft.dns;

import dev.weft.runtime.NameTable;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The names that this pod knows of the mesh. For Kubernetes services the short forms as well: from
 * the pod's own namespace {@code name}, from everywhere {@code name.ns}, {@code name.ns.svc} and
 * the full name; each also with the pod's first search domain behind it, as resolvers ask. Source:
 * Istio {@code pkg/dns/client/dns.go}. Immutable.
 */
final class MeshNames {
  private final Map<String, NameTable.Entry> names = new HashMap<>();
  private final List<String> search;
  private final boolean known;

  /**
   * What a name stands for.
   *
   * @param alias empty, or the name in the table where the asked one has a search domain behind it
   */
  record Found(String alias, List<InetAddress> addresses) {
    Found {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * Names for a pod.
   *
   * @param domain {@code default.svc.cluster.local}
   */
  MeshNames(NameTable table, String domain, List<String> search) {
    this.search = List.copyOf(search);
    this.known = table.known();
    int dot = domain.indexOf('.');
    String namespace = dot < 0 ? domain : domain.substring(0, dot);
    table
        .entries()
        .forEach(
            (host, entry) -> {
              names.put(host, entry);
              if (!entry.shortName().isEmpty()) {
                String inNamespace = entry.shortName() + "." + entry.namespace();
                names.putIfAbsent(inNamespace, entry);
                names.putIfAbsent(inNamespace + ".svc", entry);
                if (entry.namespace().equals(namespace)) {
                  names.putIfAbsent(entry.shortName(), entry);
                }
              }
            });
  }

  /** False until the first table came. */
  boolean known() {
    return known;
  }

  /** Empty for a name that is not the mesh's. */
  Optional<Found> find(String name) {
    String alias = "";
    for (String candidate : candidates(name)) {
      NameTable.Entry entry = lookUp(candidate);
      if (entry != null) {
        return Optional.of(new Found(alias, addresses(entry)));
      }
      // example.com.default.svc.cluster.local is an alias of example.com, where that is known.
      alias = candidates(name).getLast();
    }
    return Optional.empty();
  }

  /** What an asked name may stand for: itself, and what is before the first search domain. */
  List<String> candidates(String name) {
    if (search.isEmpty() || !name.endsWith("." + search.getFirst())) {
      return List.of(name);
    }
    return List.of(name, name.substring(0, name.length() - search.getFirst().length() - 1));
  }

  private NameTable.@org.jspecify.annotations.Nullable Entry lookUp(String name) {
    NameTable.Entry exact = names.get(name);
    if (exact != null) {
      return exact;
    }
    int dot = name.indexOf('.');
    while (dot >= 0) {
      NameTable.Entry wildcard = names.get("*" + name.substring(dot));
      if (wildcard != null) {
        return wildcard;
      }
      dot = name.indexOf('.', dot + 1);
    }
    return null;
  }

  private static List<InetAddress> addresses(NameTable.Entry entry) {
    List<InetAddress> out = new ArrayList<>();
    entry.ips().forEach(ip -> out.add(InetAddress.ofLiteral(ip)));
    return out;
  }
}
