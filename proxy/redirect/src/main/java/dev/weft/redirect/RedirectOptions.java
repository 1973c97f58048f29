package dev.weft.redirect;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What to capture, by the flags of {@code istio-iptables}. A list of {@code *} means everything.
 *
 * @param proxyIds user ids (and group ids) whose connections are the proxy's own
 * @param skipApply whether somebody else applies the rules
 * @param validate whether to wait until they are in force
 * @param nameservers whose port 53 is captured where {@code dns} is set; empty: everybody's
 */
public record RedirectOptions(
    int outboundPort,
    int inboundPort,
    int dnsPort,
    List<Integer> proxyIds,
    List<String> inboundPorts,
    List<Integer> excludedInboundPorts,
    List<String> outboundRanges,
    List<String> excludedOutboundRanges,
    List<Integer> outboundPorts,
    List<Integer> excludedOutboundPorts,
    List<String> excludedInterfaces,
    boolean dns,
    List<String> nameservers,
    boolean dryRun,
    boolean cleanUp,
    boolean skipApply,
    boolean validate) {
  public RedirectOptions {
    proxyIds = List.copyOf(proxyIds);
    inboundPorts = List.copyOf(inboundPorts);
    excludedInboundPorts = List.copyOf(excludedInboundPorts);
    outboundRanges = List.copyOf(outboundRanges);
    excludedOutboundRanges = List.copyOf(excludedOutboundRanges);
    outboundPorts = List.copyOf(outboundPorts);
    excludedOutboundPorts = List.copyOf(excludedOutboundPorts);
    excludedInterfaces = List.copyOf(excludedInterfaces);
    nameservers = List.copyOf(nameservers);
  }

  /**
   * Reads arguments.
   *
   * @param nameservers of the pod's {@code /etc/resolv.conf}
   * @throws IllegalArgumentException naming the flag and what it takes
   */
  public static RedirectOptions parse(
      List<String> args, Map<String, String> environment, List<String> nameservers) {
    RedirectFlags flags = RedirectFlags.read(args);
    String mode = flags.text("-m", "REDIRECT");
    if (!mode.equals("REDIRECT")) {
      throw new IllegalArgumentException(
          "redirect: mode -m " + mode + " is not supported; use REDIRECT");
    }
    boolean dns =
        flags.set("--redirect-dns") || "true".equals(environment.get("ISTIO_META_DNS_CAPTURE"));
    boolean allDns = flags.set("--capture-all-dns");
    return new RedirectOptions(
        flags.port("-p", 15001),
        flags.port("-z", 15006),
        15053,
        ids(flags),
        flags.list("-b"),
        flags.ports("-d"),
        ranges("-i", flags.list("-i")),
        ranges("-x", flags.list("-x")),
        flags.ports("-q"),
        flags.ports("-o"),
        interfaces(flags.list("-c")),
        dns || allDns,
        allDns ? List.of() : nameservers,
        flags.set("--dry-run"),
        flags.set("--clean-up"),
        flags.set("--skip-rule-apply"),
        flags.set("--run-validation"));
  }

  private static List<Integer> ids(RedirectFlags flags) {
    List<Integer> out = new ArrayList<>();
    for (String id : flags.text("-u", "1337").split(",", -1)) {
      if (!id.matches("[0-9]{1,9}")) {
        throw new IllegalArgumentException("redirect: -u " + id + " is not a user id");
      }
      out.add(Integer.valueOf(id));
    }
    return out;
  }

  private static List<String> ranges(String flag, List<String> written) {
    for (String range : written) {
      if (!range.equals("*") && !range.matches("[0-9A-Fa-f.:]{2,39}(/[0-9]{1,3})?")) {
        throw new IllegalArgumentException(
            "redirect: " + flag + " " + range + " is neither * nor an address range");
      }
    }
    return written;
  }

  /** They are written into the script between quotes, also for pods that are not trusted. */
  private static List<String> interfaces(List<String> written) {
    for (String name : written) {
      if (!name.matches("[A-Za-z0-9_.+:@-]{1,15}")) {
        throw new IllegalArgumentException(
            "redirect: -c " + name + " is not the name of a network interface");
      }
    }
    return written;
  }
}
