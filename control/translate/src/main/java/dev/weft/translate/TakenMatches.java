package dev.weft.translate;

import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The connections that the filter chains of a listener have taken so far. Envoy refuses a listener
 * with two chains for one server name and one destination: the first one keeps it. Confined to the
 * making of one listener.
 */
final class TakenMatches {
  private static final List<String> ANY = List.of("");
  private final Set<Map.Entry<String, String>> taken = new HashSet<>();

  /** Connections; empty lists stand for all. */
  record Match(List<String> serverNames, List<String> subnets) {
    Match {
      serverNames = List.copyOf(serverNames);
      subnets = List.copyOf(subnets);
    }

    FilterChainMatch toChainMatch() {
      FilterChainMatch.Builder match = FilterChainMatch.newBuilder().addAllServerNames(serverNames);
      subnets.forEach(subnet -> match.addPrefixRanges(range(subnet)));
      return match.build();
    }

    private static CidrRange range(String subnet) {
      int slash = subnet.indexOf('/');
      String address = slash < 0 ? subnet : subnet.substring(0, slash);
      int whole = address.indexOf(':') < 0 ? 32 : 128;
      return CidrRange.newBuilder()
          .setAddressPrefix(address)
          .setPrefixLen(
              UInt32Value.of(slash < 0 ? whole : Integer.parseInt(subnet.substring(slash + 1))))
          .build();
    }
  }

  /** Takes what is left of a match: nothing, all of it, or parts. */
  List<Match> take(List<String> serverNames, List<String> subnets) {
    Map<List<String>, List<String>> namesBySubnets = new LinkedHashMap<>();
    for (String name : serverNames.isEmpty() ? ANY : serverNames) {
      List<String> free = new ArrayList<>();
      for (String subnet : subnets.isEmpty() ? ANY : subnets) {
        if (taken.add(Map.entry(name, subnet))) {
          free.add(subnet);
        }
      }
      if (!free.isEmpty()) {
        namesBySubnets.computeIfAbsent(free, f -> new ArrayList<>()).add(name);
      }
    }
    List<Match> left = new ArrayList<>();
    namesBySubnets.forEach((free, names) -> left.add(new Match(without(names), without(free))));
    return left;
  }

  private static List<String> without(List<String> written) {
    return written.equals(ANY) ? List.of() : written;
  }
}
