package dev.weft.redirect;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The rules as one nftables script, applied as a whole or not at all, and the same when it is
 * applied again. Order and meaning follow Istio's {@code tools/istio-iptables/pkg/capture/run.go}.
 */
public final class RedirectRules {
  /** The table that all rules are in. */
  public static final String TABLE = "inet istio";

  private static final int TUNNEL_PORT = 15008;

  private final RedirectOptions options;
  private final StringBuilder out = new StringBuilder();

  private RedirectRules(RedirectOptions options) {
    this.options = options;
  }

  /** The script for {@code nft -f -}. */
  public static String render(RedirectOptions options) {
    return new RedirectRules(options).script();
  }

  /** The script that takes the rules away; no error where there are none. */
  public static String cleanUp() {
    return "add table " + TABLE + "\ndelete table " + TABLE + "\n";
  }

  private String script() {
    out.append(cleanUp());
    out.append("table ").append(TABLE).append(" {\n");
    chain("prerouting", "type nat hook prerouting priority dstnat; policy accept;", this::pre);
    chain("output", "type nat hook output priority -100; policy accept;", this::output);
    chain("istio_inbound", "", this::inbound);
    chain(
        "istio_in_redirect",
        "",
        () -> rule("meta l4proto tcp redirect to :" + options.inboundPort()));
    chain(
        "istio_redirect",
        "",
        () -> rule("meta l4proto tcp redirect to :" + options.outboundPort()));
    chain("istio_output", "", this::captured);
    if (options.dns()) {
      chain("istio_output_dns", "", this::dns);
      chain("raw_output", "type filter hook output priority raw; policy accept;", this::zonesOut);
      chain(
          "raw_prerouting",
          "type filter hook prerouting priority raw; policy accept;",
          this::zonesIn);
    }
    out.append("}\n");
    return out.toString();
  }

  private void chain(String name, String hook, Runnable rules) {
    out.append("  chain ").append(name).append(" {\n");
    if (!hook.isEmpty()) {
      rule(hook);
    }
    rules.run();
    out.append("  }\n");
  }

  private void rule(String text) {
    out.append("    ").append(text).append('\n');
  }

  private void pre() {
    for (String excluded : options.excludedInterfaces()) {
      rule("iifname \"" + excluded + "\" return");
    }
    rule("meta l4proto tcp jump istio_inbound");
  }

  private void output() {
    for (String excluded : options.excludedInterfaces()) {
      rule("oifname \"" + excluded + "\" return");
    }
    if (options.dns()) {
      rule("udp dport 53 jump istio_output_dns");
    }
    rule("meta l4proto tcp jump istio_output");
  }

  private void inbound() {
    rule("tcp dport " + TUNNEL_PORT + " return");
    if (options.inboundPorts().contains("*")) {
      ports("tcp dport ", options.excludedInboundPorts(), " return");
      rule("goto istio_in_redirect");
    } else {
      ports(
          "tcp dport ",
          options.inboundPorts().stream().map(Integer::valueOf).toList(),
          " goto istio_in_redirect");
    }
  }

  private void captured() {
    ports("tcp dport ", options.excludedOutboundPorts(), " return");
    // What the inbound side sends to the application comes from this address.
    rule("oifname \"lo\" ip saddr 127.0.0.6 return");
    rule("oifname \"lo\" ip6 saddr ::6 return");
    String notDns = options.dns() ? "tcp dport != 53 " : "";
    String notSpecial = options.dns() ? "{ 53, " + TUNNEL_PORT + " }" : "" + TUNNEL_PORT;
    for (String owner : List.of("skuid", "skgid")) {
      for (int id : options.proxyIds()) {
        // The application calls itself through its service's address.
        String own = "tcp dport != " + notSpecial + " meta " + owner + " " + id;
        rule("oifname \"lo\" ip daddr != 127.0.0.1 " + own + " goto istio_in_redirect");
        rule("oifname \"lo\" ip6 daddr != ::1 " + own + " goto istio_in_redirect");
      }
      rule("oifname \"lo\" " + notDns + "meta " + owner + " != " + ids() + " return");
      rule("meta " + owner + " " + ids() + " return");
    }
    if (options.dns()) {
      servers("daddr", "tcp dport 53", "redirect to :" + options.dnsPort());
    }
    rule("ip daddr 127.0.0.1 return");
    rule("ip6 daddr ::1 return");
    ranges(options.excludedOutboundRanges(), "return");
    ports("tcp dport ", options.outboundPorts(), " goto istio_redirect");
    if (options.outboundRanges().contains("*")) {
      rule("goto istio_redirect");
    } else {
      ranges(options.outboundRanges(), "goto istio_redirect");
    }
  }

  private void dns() {
    rule("meta skuid " + ids() + " return");
    rule("meta skgid " + ids() + " return");
    servers("daddr", "udp dport 53", "redirect to :" + options.dnsPort());
  }

  /**
   * Queries of the application and of the proxy go to the same address; in zones of their own they
   * may even use the same source port.
   */
  private void zonesOut() {
    rule("udp dport 53 meta skuid " + ids() + " ct zone set 1 return");
    rule("udp sport " + options.dnsPort() + " meta skuid " + ids() + " ct zone set 2 return");
    servers("daddr", "udp dport 53", "ct zone set 2");
  }

  private void zonesIn() {
    servers("saddr", "udp sport 53", "ct zone set 1");
  }

  private void servers(String direction, String match, String action) {
    if (options.nameservers().isEmpty()) {
      rule(match + " " + action);
      return;
    }
    for (String server : new TreeSet<>(options.nameservers())) {
      rule(family(server) + " " + direction + " " + server + " " + match + " " + action);
    }
  }

  private void ranges(List<String> ranges, String action) {
    for (String range : ranges) {
      if (!range.equals("*")) {
        rule(family(range) + " daddr " + range + " " + action);
      }
    }
  }

  private static String family(String address) {
    return address.indexOf(':') >= 0 ? "ip6" : "ip";
  }

  private void ports(String before, List<Integer> ports, String after) {
    if (!ports.isEmpty()) {
      rule(before + set(ports) + after);
    }
  }

  private String ids() {
    return set(options.proxyIds());
  }

  private static String set(List<Integer> numbers) {
    return numbers.size() == 1
        ? numbers.getFirst().toString()
        : numbers.stream().map(String::valueOf).collect(Collectors.joining(", ", "{ ", " }"));
  }
}
