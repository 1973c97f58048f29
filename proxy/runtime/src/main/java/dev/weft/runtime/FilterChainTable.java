package dev.weft.runtime;

import dev.weft.routing.Cidr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The chains of a listener. The most specific one wins, criterion by criterion in this order:
 * destination port, destination address (longest prefix), server name (exact, then the longest
 * wildcard), transport protocol, application protocols, source address (longest prefix). As in
 * Envoy a criterion that decided is not reconsidered: where the port has chains of its own, chains
 * for any port are out.
 */
public final class FilterChainTable {
  private final List<FilterChain> chains;

  /** Chains by destination port; 0 for those of any port. */
  private final Map<Integer, Bucket> byPort = new HashMap<>();

  private FilterChainTable(List<FilterChain> chains) {
    this.chains = List.copyOf(chains);
    for (FilterChain chain : this.chains) {
      byPort.computeIfAbsent(chain.match().destinationPort(), port -> new Bucket()).add(chain);
    }
  }

  /**
   * The chains of one port. A gateway has one chain for each service, port and subset, told apart
   * by exact server names and by all that end in them, so those are found by a look-up.
   */
  private static final class Bucket {
    private final List<FilterChain> all = new ArrayList<>();
    private final List<FilterChain> others = new ArrayList<>();
    private final Map<String, List<FilterChain>> byServerName = new HashMap<>();
    private final Map<String, List<FilterChain>> bySuffix = new HashMap<>();
    private boolean ranges;

    void add(FilterChain chain) {
      all.add(chain);
      ranges |= !chain.match().destinationRanges().isEmpty();
      boolean other = chain.match().serverNames().isEmpty();
      for (String name : chain.match().serverNames()) {
        if (name.startsWith("*.")) {
          bySuffix.computeIfAbsent(name.substring(1), n -> new ArrayList<>()).add(chain);
        } else if (name.startsWith("*")) {
          other = true;
        } else {
          byServerName.computeIfAbsent(name, n -> new ArrayList<>()).add(chain);
        }
      }
      if (other) {
        others.add(chain);
      }
    }

    List<FilterChain> candidates(ConnectionView connection) {
      if (ranges) {
        // The destination address decides before the server name does.
        return all;
      }
      String name = connection.serverName();
      List<FilterChain> named = byServerName.get(name);
      // The longest wildcard is the most specific one.
      for (int dot = name.indexOf('.', 1);
          named == null && dot > 0;
          dot = name.indexOf('.', dot + 1)) {
        named = bySuffix.get(name.substring(dot));
      }
      return named != null ? named : others;
    }
  }

  /** Of chains in the order of the listener. */
  public static FilterChainTable of(List<FilterChain> chains) {
    return new FilterChainTable(chains);
  }

  /** In the order of the listener. */
  public List<FilterChain> chains() {
    return chains;
  }

  /** The chain for a connection, or null. */
  public @Nullable FilterChain match(ConnectionView connection) {
    Bucket bucket = byPort.get(connection.destinationPort());
    if (bucket == null) {
      bucket = byPort.get(0);
    }
    List<FilterChain> left = bucket == null ? List.of() : bucket.candidates(connection);
    for (Criterion criterion : CRITERIA) {
      left = best(left, criterion, connection);
    }
    return left.isEmpty() ? null : left.getFirst();
  }

  @FunctionalInterface
  private interface Criterion {
    /** -1: does not match; 0: matches everything; more: more specific. */
    int specificity(ChainMatch match, ConnectionView connection);
  }

  private static final List<Criterion> CRITERIA =
      List.of(
          (m, c) -> range(m.destinationRanges(), c.destinationAddress()),
          FilterChainTable::serverName,
          FilterChainTable::transport,
          FilterChainTable::application,
          (m, c) -> range(m.sourceRanges(), c.sourceAddress()));

  private static List<FilterChain> best(
      List<FilterChain> from, Criterion criterion, ConnectionView connection) {
    int max = -1;
    List<FilterChain> kept = new ArrayList<>(from.size());
    for (FilterChain chain : from) {
      int specificity = criterion.specificity(chain.match(), connection);
      if (specificity > max) {
        max = specificity;
        kept.clear();
      }
      if (specificity == max && specificity >= 0) {
        kept.add(chain);
      }
    }
    return kept;
  }

  private static int range(List<Cidr> ranges, byte[] address) {
    if (ranges.isEmpty()) {
      return 0;
    }
    int longest = -1;
    for (Cidr range : ranges) {
      if (range.contains(address)) {
        longest = Math.max(longest, range.prefix() + 1);
      }
    }
    return longest;
  }

  private static int serverName(ChainMatch match, ConnectionView connection) {
    if (match.serverNames().isEmpty()) {
      return 0;
    }
    String sni = connection.serverName();
    int longest = -1;
    for (String name : match.serverNames()) {
      if (name.equals(sni)) {
        return Integer.MAX_VALUE;
      }
      if (name.startsWith("*.")
          && sni.length() > name.length() - 1
          && sni.endsWith(name.substring(1))) {
        longest = Math.max(longest, name.length());
      }
    }
    return longest;
  }

  private static int transport(ChainMatch match, ConnectionView connection) {
    if (match.transportProtocol().isEmpty()) {
      return 0;
    }
    return match.transportProtocol().equals(connection.transportProtocol()) ? 1 : -1;
  }

  private static int application(ChainMatch match, ConnectionView connection) {
    if (match.applicationProtocols().isEmpty()) {
      return 0;
    }
    // An earlier protocol of the client wins over a later one.
    List<String> offered = connection.applicationProtocols();
    for (int i = 0; i < offered.size(); i++) {
      if (match.applicationProtocols().contains(offered.get(i))) {
        return offered.size() - i;
      }
    }
    return -1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FilterChainTable that && that.chains.equals(chains);
  }

  @Override
  public int hashCode() {
    return chains.hashCode();
  }

  @Override
  public String toString() {
    return chains.toString();
  }
}
