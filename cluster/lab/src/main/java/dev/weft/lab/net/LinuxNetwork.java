package dev.weft.lab.net;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A lab's network of Linux network namespaces: one for the wan with a bridge, one for each node and
 * host with a link to that bridge, one for each pod with a link to its node. They are named {@code
 * <prefix>.wan}, {@code <prefix>.host.<name>}, {@code <prefix>.<cluster>} and {@code
 * <prefix>.<cluster>.<uid>}; all links lead from one of them to another, none to the host.
 */
public final class LinuxNetwork implements LabNetwork {
  /** The range that nodes, hosts and load balancer addresses are from. */
  public static final String WAN_RANGE = "172.18.0.0/16";

  static final String WAN_LINK = "wan";
  private static final Ipv4Range WAN = Ipv4Range.parse("wan", WAN_RANGE);
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /** Router advertisements and duplicate address detection would only cost time: IPv4 only. */
  private static final Map<String, String> COMMON_SETTINGS =
      ordered(
          "ipv6/conf/default/disable_ipv6", "1",
          "ipv4/conf/all/rp_filter", "0",
          "ipv4/conf/default/rp_filter", "0",
          "ipv4/ip_unprivileged_port_start", "0",
          "ipv4/ping_group_range", "0 65535");

  /**
   * Bridged frames must not pass the rules a second time, and a node must not tell a pod to send
   * straight to its neighbour: then answers would miss the translation of service addresses.
   */
  private static final Map<String, String> ROUTER_SETTINGS =
      ordered(
          "bridge/bridge-nf-call-iptables", "0",
          "bridge/bridge-nf-call-arptables", "0",
          "ipv4/ip_forward", "1",
          "ipv4/conf/all/send_redirects", "0",
          "ipv4/conf/default/send_redirects", "0");

  private final String prefix;
  private final Place wan;
  private int links;

  private LinuxNetwork(String prefix) {
    this.prefix = prefix;
    this.wan = wanOf(prefix);
  }

  /**
   * Opens a lab's network with an empty wan. What an earlier one of the same prefix left is
   * removed.
   *
   * @param labPrefix lower-case letters, digits and dashes, for example {@code weft-default}
   * @throws IOException in one sentence, when tools or rights are missing
   */
  public static LinuxNetwork open(String labPrefix) throws IOException {
    checkName("labPrefix", labPrefix);
    for (HostTool tool : HostTool.values()) {
      Optional<String> missing = tool.missing();
      if (missing.isPresent()) {
        throw new IOException(missing.get());
      }
    }
    LinuxNetwork network = new LinuxNetwork(labPrefix);
    network.destroy();
    try {
      network.createWan();
    } catch (IOException e) {
      network.destroyAfter(e);
      throw e;
    }
    return network;
  }

  @Override
  public NodeNetwork addNode(NodePlan plan) throws IOException {
    checkName("cluster", plan.cluster());
    LinuxNode node = new LinuxNode(prefix + "." + plan.cluster(), plan);
    attach(node.place().namespace(), plan.wanAddress(), ROUTER_SETTINGS);
    node.start();
    return node;
  }

  @Override
  public Place addHost(String name, String wanAddress) throws IOException {
    checkName("name", name);
    Place host = new LinuxPlace(prefix + ".host." + name);
    attach(host.namespace(), wanAddress, Map.of());
    return host;
  }

  @Override
  public Place wan() {
    return wan;
  }

  @Override
  public void destroy() throws IOException {
    List<String> names = Leftovers.namespaces(prefix + ".");
    Leftovers.killAllIn(names);
    Leftovers.remove(names);
    NetworkNamespace.tidy();
  }

  /** The wan of the lab with this prefix, for a process that did not make it. */
  public static Place wanOf(String labPrefix) {
    checkName("labPrefix", labPrefix);
    return new LinuxPlace(labPrefix + ".wan");
  }

  /** Makes a namespace with a link {@code wan} that has the address on the wan's bridge. */
  private void attach(String namespace, String address, Map<String, String> settings)
      throws IOException {
    Ipv4Range.address("wanAddress of " + namespace, address);
    // What an attempt left that failed half-way.
    List<String> left = new ArrayList<>(Leftovers.namespaces(namespace + "."));
    left.add(namespace);
    Leftovers.killAllIn(left);
    Leftovers.remove(left);
    create(namespace, settings);
    String port;
    synchronized (this) {
      port = "port" + ++links;
    }
    HostTool.IP.runIn(
        wan.namespace(),
        "the link of " + namespace + " to the wan",
        """
        link add %s type veth peer name %s netns %s
        link set %s master br0 up
        """
            .formatted(port, WAN_LINK, NetworkNamespace.file(namespace), port),
        "-batch",
        "-");
    HostTool.IP.runIn(
        namespace,
        "the wan address " + address + " of " + namespace,
        """
        link set lo up
        addr add %s/%d dev %s
        link set %s up
        """
            .formatted(address, WAN.prefix(), WAN_LINK, WAN_LINK),
        "-batch",
        "-");
  }

  private void createWan() throws IOException {
    create(
        wan.namespace(),
        ordered("bridge/bridge-nf-call-iptables", "0", "bridge/bridge-nf-call-arptables", "0"));
    HostTool.IP.runIn(
        wan.namespace(),
        "the wan " + wan.namespace(),
        """
        link set lo up
        link add br0 type bridge
        addr add %s/%d dev br0
        link set br0 up
        """
            .formatted(WAN.host(1), WAN.prefix()),
        "-batch",
        "-");
  }

  /** Makes a namespace under a name, with the settings that all of a lab have. */
  static void create(String namespace, Map<String, String> settings) throws IOException {
    try {
      NetworkNamespace.create(namespace);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(
          "the namespace " + namespace + " exists already: choose another name", e);
    } catch (AccessDeniedException e) {
      throw new IOException(
          "cannot make "
              + NetworkNamespace.file(namespace)
              + ": run as root, or in a user namespace with a tmpfs on /run"
              + " (unshare --user --map-auto --map-root-user --mount)",
          e);
    }
    NetworkNamespace.settings(namespace, COMMON_SETTINGS);
    NetworkNamespace.settings(namespace, settings);
  }

  private void destroyAfter(IOException cause) {
    try {
      destroy();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private static void checkName(String field, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          field + ": \"" + name + "\" must be lower-case letters, digits and dashes");
    }
  }

  private static Map<String, String> ordered(String... pairs) {
    Map<String, String> map = new LinkedHashMap<>();
    List<String> list = new ArrayList<>(List.of(pairs));
    for (int i = 0; i < list.size(); i += 2) {
      map.put(list.get(i), list.get(i + 1));
    }
    return map;
  }
}
