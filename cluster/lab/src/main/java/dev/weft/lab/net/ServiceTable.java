package dev.weft.lab.net;

import dev.weft.lab.net.LabNetwork.ServiceRule;
import dev.weft.lab.net.LabNetwork.Target;
import dev.weft.lab.net.LabNetwork.Transport;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes the one nft table of a node: translation of service addresses, masquerade, isolation. The
 * script replaces the table as a whole in one transaction. Targets that are no IPv4 address and
 * port are left out, because one of them would fail the whole transaction. Source of the service
 * rules: Kubernetes kube-proxy in nftables mode (pkg/proxy/nftables/proxier.go).
 *
 * @param peers ranges that may reach pods directly
 */
record ServiceTable(Ipv4Range pods, Ipv4Range services, List<Ipv4Range> peers) {

  /**
   * @param localAddresses addresses that the node answers itself, whatever the rules say
   */
  String script(List<ServiceRule> rules, Set<String> localAddresses) {
    Map<String, String> cluster = new LinkedHashMap<>();
    Map<String, String> outside = new LinkedHashMap<>();
    Map<String, String> nodePorts = new LinkedHashMap<>();
    Set<String> refused = new LinkedHashSet<>();
    Set<String> refusedNodePorts = new LinkedHashSet<>();
    Set<String> hairpin = new LinkedHashSet<>();
    StringBuilder chains = new StringBuilder();
    int number = 0;
    for (ServiceRule rule : rules) {
      String transport = transport(rule.transport());
      String key = " . " + transport + " . " + rule.port();
      String chain = "service" + ++number;
      List<Target> endpoints = rule.endpoints().stream().filter(ServiceTable::valid).toList();
      boolean reachable = !endpoints.isEmpty();
      for (String address : rule.clusterAddresses()) {
        if (Ipv4Range.isAddress(address) && !localAddresses.contains(address)) {
          enter(cluster, refused, address + key, reachable, chain);
        }
      }
      for (String address : rule.wanAddresses()) {
        if (Ipv4Range.isAddress(address)) {
          enter(outside, refused, address + key, reachable, chain);
        }
      }
      if (rule.nodePort() != 0) {
        enter(nodePorts, refusedNodePorts, transport + " . " + rule.nodePort(), reachable, chain);
      }
      if (reachable) {
        chains.append(chain(chain, rule.transport(), endpoints));
        for (Target endpoint : endpoints) {
          hairpin.add(endpoint.address() + " . " + endpoint.address());
        }
      }
    }
    String addressKey = "type ipv4_addr . inet_proto . inet_service";
    String portKey = "type inet_proto . inet_service";
    return "table ip weft\ndelete table ip weft\ntable ip weft {\n"
        + elements("map cluster", addressKey + " : verdict", pairs(cluster))
        + elements("map outside", addressKey + " : verdict", pairs(outside))
        + elements("map nodeports", portKey + " : verdict", pairs(nodePorts))
        + elements("set refused", addressKey, refused)
        + elements("set refusednodeports", portKey, refusedNodePorts)
        + elements("set hairpin", "type ipv4_addr . ipv4_addr", hairpin)
        + elements(
            "set peers",
            "type ipv4_addr; flags interval",
            peers.stream().map(Ipv4Range::toString).toList())
        + chains
        + hooks()
        + "}\n";
  }

  private String hooks() {
    return """
      chain toservice {
        ip daddr . meta l4proto . th dport vmap @outside
        fib daddr type local meta l4proto . th dport vmap @nodeports
      }
      chain prerouting {
        type nat hook prerouting priority dstnat; policy accept;
        iifname != "wan" ip daddr . meta l4proto . th dport vmap @cluster
        jump toservice
      }
      chain output {
        type nat hook output priority -100; policy accept;
        ip daddr . meta l4proto . th dport vmap @cluster
        jump toservice
      }
      chain postrouting {
        type nat hook postrouting priority srcnat; policy accept;
        ct status dnat ip saddr . ip daddr @hairpin masquerade
        oifname "wan" ip saddr %1$s ip daddr != @peers masquerade
      }
      chain refuse {
        ip daddr . meta l4proto . th dport @refused goto sayno
        fib daddr type local meta l4proto . th dport @refusednodeports goto sayno
        ip daddr %2$s fib daddr type != local goto sayno
      }
      chain sayno {
        meta l4proto tcp reject with tcp reset
        reject with icmp port-unreachable
      }
      chain forward {
        type filter hook forward priority filter; policy accept;
        ct state established,related accept
        jump refuse
        iifname != "wan" accept
        ct status dnat accept
        ip saddr @peers ip daddr %1$s accept
        drop
      }
      chain input {
        type filter hook input priority filter; policy accept;
        ct state established,related accept
        jump refuse
        iifname "wan" ip daddr { %1$s, %2$s } drop
      }
      chain sending {
        type filter hook output priority filter; policy accept;
        ct state established,related accept
        jump refuse
      }
    """
        .formatted(pods, services);
  }

  private static String chain(String name, Transport transport, List<Target> endpoints) {
    StringBuilder text = new StringBuilder("  chain " + name + " {\n    meta l4proto ");
    text.append(transport(transport)).append(" dnat ip to ");
    text.append("numgen inc mod ").append(endpoints.size()).append(" map {");
    String separator = " ";
    int index = 0;
    for (Target endpoint : endpoints) {
      text.append(separator).append(index++).append(" : ");
      text.append(endpoint.address()).append(" . ").append(endpoint.port());
      separator = ", ";
    }
    return text.append(" }\n  }\n").toString();
  }

  /**
   * The first rule for an address and port wins, as a second element would fail the whole script.
   */
  private static void enter(
      Map<String, String> translated,
      Set<String> refused,
      String key,
      boolean reachable,
      String chain) {
    if (translated.containsKey(key) || refused.contains(key)) {
      return;
    }
    if (reachable) {
      translated.put(key, "goto " + chain);
    } else {
      refused.add(key);
    }
  }

  private static boolean valid(Target target) {
    return Ipv4Range.isAddress(target.address()) && target.port() > 0 && target.port() <= 65535;
  }

  private static List<String> pairs(Map<String, String> map) {
    return map.entrySet().stream().map(e -> e.getKey() + " : " + e.getValue()).toList();
  }

  private static String elements(String head, String type, Iterable<String> elements) {
    String joined = String.join(",\n      ", elements);
    return "  "
        + head
        + " {\n    "
        + type
        + "\n"
        + (joined.isEmpty() ? "" : "    elements = { " + joined + " }\n")
        + "  }\n";
  }

  private static String transport(Transport transport) {
    return switch (transport) {
      case TCP -> "tcp";
      case UDP -> "udp";
    };
  }
}
