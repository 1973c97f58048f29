package dev.weft.lab.net;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A node's namespace. Pods have addresses without a subnet (/32), so that everything they send
 * passes the node's routing and rules, also what goes to a neighbour.
 */
final class LinuxNode implements LabNetwork.NodeNetwork {
  private static final Pattern UID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,99}");

  private final String namespace;
  private final LabNetwork.NodePlan plan;
  private final Ipv4Range pods;
  private final ServiceTable table;
  private final Map<String, Integer> podNumbers = new HashMap<>();
  private final Set<String> localAddresses = new LinkedHashSet<>();
  private Set<String> loadBalancerAddresses = Set.of();
  private List<LabNetwork.ServiceRule> rules = List.of();
  private String appliedRules = "";
  private int lastNumber = 1;

  LinuxNode(String namespace, LabNetwork.NodePlan plan) {
    this.namespace = namespace;
    this.plan = plan;
    this.pods = Ipv4Range.parse("podRange of " + plan.cluster(), plan.podRange());
    this.table =
        new ServiceTable(
            pods,
            Ipv4Range.parse("serviceRange of " + plan.cluster(), plan.serviceRange()),
            plan.routes().keySet().stream()
                .map(range -> Ipv4Range.parse("routes of " + plan.cluster(), range))
                .toList());
  }

  @Override
  public Place place() {
    return new LinuxPlace(namespace);
  }

  /** The wan link is there already. */
  synchronized void start() throws IOException {
    StringBuilder script = new StringBuilder();
    script.append("link add cni0 type bridge\n");
    script.append("addr add ").append(pods.host(1)).append('/').append(pods.prefix());
    script.append(" dev cni0\nlink set cni0 up\n");
    // Never used to send: what is left for it after translation is refused. But without a route the
    // node's own connections to a service would fail before they are translated.
    script.append("route add ").append(table.services()).append(" dev cni0\n");
    plan.routes()
        .forEach(
            (range, via) -> script.append("route add %s via %s dev wan\n".formatted(range, via)));
    ip("the node " + plan.cluster(), script.toString());
    applyRules();
  }

  @Override
  public LabNetwork.PodNetwork addPod(String uid) throws IOException {
    int number = reserve(uid);
    String pod = podNamespace(uid);
    String address = pods.host(number);
    try {
      LinuxNetwork.create(pod, Map.of());
      ip(
          "the link of pod " + uid,
          """
          link add pod%d type veth peer name eth0 netns %s
          link set pod%d master cni0 up
          """
              .formatted(number, NetworkNamespace.file(pod), number));
      HostTool.IP.runIn(
          pod,
          "the address of pod " + uid,
          """
          link set lo up
          addr add %s/32 dev eth0
          link set eth0 up
          route add %s dev eth0
          route add default via %s
          """
              .formatted(address, pods.host(1), pods.host(1)),
          "-batch",
          "-");
    } catch (IOException e) {
      try {
        removePod(uid);
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
    return new LabNetwork.PodNetwork(new LinuxPlace(pod), address);
  }

  @Override
  public void removePod(String uid) throws IOException {
    List<String> names = List.of(podNamespace(uid));
    Leftovers.killAllIn(names);
    Leftovers.remove(names);
    synchronized (this) {
      podNumbers.remove(uid);
    }
  }

  @Override
  public synchronized void services(List<LabNetwork.ServiceRule> rules) throws IOException {
    this.rules = List.copyOf(rules);
    Set<String> wanted = new LinkedHashSet<>();
    for (LabNetwork.ServiceRule rule : rules) {
      wanted.addAll(rule.wanAddresses());
    }
    wanted.remove(plan.wanAddress());
    StringBuilder script = new StringBuilder();
    for (String address : wanted) {
      Ipv4Range.address("load balancer address of " + plan.cluster(), address);
      if (!loadBalancerAddresses.contains(address)) {
        script.append("addr replace ").append(address).append("/32 dev wan\n");
      }
    }
    for (String address : loadBalancerAddresses) {
      if (!wanted.contains(address)) {
        script.append("addr del ").append(address).append("/32 dev wan\n");
      }
    }
    if (!script.isEmpty()) {
      ip("the load balancer addresses of " + plan.cluster(), script.toString());
    }
    loadBalancerAddresses = Set.copyOf(wanted);
    applyRules();
  }

  @Override
  public synchronized void addLocalAddress(String address) throws IOException {
    Ipv4Range.address("local address of " + plan.cluster(), address);
    if (localAddresses.add(address)) {
      ip(
          "the address " + address + " of " + plan.cluster(),
          "addr replace " + address + "/32 dev lo\n");
      applyRules();
    }
  }

  private void applyRules() throws IOException {
    String script = table.script(rules, localAddresses);
    if (script.equals(appliedRules)) {
      return;
    }
    HostTool.NFT.runIn(namespace, "the service rules of " + plan.cluster(), script, "-f", "-");
    appliedRules = script;
  }

  private void ip(String object, String script) throws IOException {
    HostTool.IP.runIn(namespace, object, script, "-batch", "-");
  }

  private String podNamespace(String uid) {
    if (!UID.matcher(uid).matches()) {
      throw new IllegalArgumentException(
          "pod uid \"" + uid + "\" must be letters, digits and dashes");
    }
    return namespace + "." + uid;
  }

  /** Goes round the range, so that an address that was just given up is not used again at once. */
  private synchronized int reserve(String uid) {
    if (podNumbers.containsKey(uid)) {
      throw new IllegalArgumentException("pod " + uid + " already has a network");
    }
    for (int tries = pods.hosts() - 2; tries > 0; tries--) {
      lastNumber = lastNumber + 1 >= pods.hosts() ? 2 : lastNumber + 1;
      if (!podNumbers.containsValue(lastNumber)) {
        podNumbers.put(uid, lastNumber);
        return lastNumber;
      }
    }
    throw new IllegalStateException(
        "the pod range " + pods + " of " + plan.cluster() + " is used up");
  }
}
