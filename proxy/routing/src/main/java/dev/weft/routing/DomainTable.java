package dev.weft.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Domains to virtual hosts: exact, then the longest {@code *.suffix}, then the longest {@code
 * prefix.*}, then {@code *} (Envoy: {@code VirtualHost.domains}).
 */
final class DomainTable {
  private final HostIndex<VirtualHost> exact;
  private final List<Wildcards> suffixes;
  private final List<Wildcards> prefixes;
  private final @Nullable VirtualHost any;

  private record Wildcards(int length, HostIndex<VirtualHost> hosts) {}

  DomainTable(List<VirtualHost> hosts) {
    Map<String, VirtualHost> exactly = new HashMap<>();
    Map<Integer, Map<String, VirtualHost>> bySuffix = new TreeMap<>();
    Map<Integer, Map<String, VirtualHost>> byPrefix = new TreeMap<>();
    VirtualHost everything = null;
    for (VirtualHost host : hosts) {
      for (String written : host.domains()) {
        String domain = written.toLowerCase(Locale.ROOT);
        String bare = domain.replace("*", "");
        if (domain.equals("*")) {
          everything = everything == null ? host : everything;
        } else if (domain.startsWith("*")) {
          bySuffix.computeIfAbsent(-bare.length(), l -> new HashMap<>()).putIfAbsent(bare, host);
        } else if (domain.endsWith("*")) {
          byPrefix.computeIfAbsent(-bare.length(), l -> new HashMap<>()).putIfAbsent(bare, host);
        } else {
          exactly.putIfAbsent(domain, host);
        }
      }
    }
    exact = new HostIndex<>(exactly);
    suffixes = longestFirst(bySuffix);
    prefixes = longestFirst(byPrefix);
    any = everything;
  }

  private static List<Wildcards> longestFirst(Map<Integer, Map<String, VirtualHost>> byLength) {
    List<Wildcards> out = new ArrayList<>();
    byLength.forEach((length, hosts) -> out.add(new Wildcards(-length, new HostIndex<>(hosts))));
    return List.copyOf(out);
  }

  /** Whose domain it is, wildcards left aside. */
  @Nullable VirtualHost exactly(CharSequence authority, int end) {
    return exact.find(authority, 0, end);
  }

  @Nullable VirtualHost find(CharSequence authority, int end) {
    VirtualHost found = exactly(authority, end);
    for (int i = 0; found == null && i < suffixes.size(); i++) {
      Wildcards w = suffixes.get(i);
      if (w.length() < end) {
        found = w.hosts().find(authority, end - w.length(), end);
      }
    }
    for (int i = 0; found == null && i < prefixes.size(); i++) {
      Wildcards w = prefixes.get(i);
      if (w.length() < end) {
        found = w.hosts().find(authority, 0, w.length());
      }
    }
    return found != null ? found : any;
  }
}
