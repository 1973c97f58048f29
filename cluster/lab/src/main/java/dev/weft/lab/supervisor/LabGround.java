package dev.weft.lab.supervisor;

import dev.weft.apiserver.NoPods;
import dev.weft.apiserver.ServiceDialer;
import dev.weft.lab.net.LinuxNetwork;
import dev.weft.lab.net.Place;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a mesh can be made of: the clusters, hosts on the wan, API servers and processes of its own.
 * Each is made once, however often it is asked for. Thread-safe.
 */
public final class LabGround {
  private static final String SERVICE_RANGE = "10.96.0.0/16";

  private final LabPlan plan;
  private final LabDirectory directory;
  private final LinuxNetwork network;
  private final HostForwards forwards;
  private final LabParts parts;
  private final Closing closing;
  private final Progress progress;
  private final WanCommands commands;
  private final Map<String, Place> hosts = new HashMap<>();

  LabGround(
      LabPlan plan,
      LabDirectory directory,
      LinuxNetwork network,
      HostForwards forwards,
      LabParts parts,
      Closing closing,
      Progress progress) {
    this.plan = plan;
    this.directory = directory;
    this.network = network;
    this.forwards = forwards;
    this.parts = parts;
    this.closing = closing;
    this.progress = progress;
    this.commands = new WanCommands(network.wan());
    closing.add(commands);
    parts.commands(commands);
  }

  public LabPlan plan() {
    return plan;
  }

  public LabDirectory directory() {
    return directory;
  }

  /** In the order of the plan; those that are up. */
  public List<LabCluster> clusters() {
    return parts.nodes().stream().map(n -> new LabCluster(n.plan(), n.member())).toList();
  }

  /** What people do from outside of the clusters. */
  public WanCommands commands() {
    return commands;
  }

  /** A host on the wan, for processes that are no pods. */
  public synchronized Place host(String name, String address) throws IOException {
    Place host = hosts.get(name);
    if (host == null) {
      host = network.addHost(name, address);
      hosts.put(name, host);
    }
    return host;
  }

  /** An API server without a node, at {@code address:6443} of a host; it is a kubectl context. */
  public synchronized LabApi api(String name, Place host, String address) throws IOException {
    for (Member each : parts.apis()) {
      if (each.name().equals(name)) {
        return each;
      }
    }
    Member member =
        Member.open(
            name,
            directory,
            address,
            SERVICE_RANGE,
            List.of(),
            new NoPods(),
            new HostDialer(name, host));
    try {
      member.relay(host, address);
      member.start();
    } catch (IOException | RuntimeException e) {
      member.close();
      throw e;
    }
    closing.add(member);
    parts.add(member);
    return member;
  }

  /** Keeps a process running at a place; its log has its name. */
  public synchronized void supervise(String name, Place place, List<String> command) {
    if (parts.process(name).isEmpty()) {
      SupervisedProcess process =
          new SupervisedProcess(name, place.entering(command), directory.log(name));
      parts.add(process);
      closing.add(process);
      process.start();
    }
  }

  /** Makes a port of the wan, which is no Service's, one of this machine. */
  public void forward(String cluster, String name, String address, int port) {
    forwards.open(cluster, name, address, port);
  }

  /** Tells people what has been done. */
  public void say(String line) {
    progress.line(line);
  }

  /** Calls webhooks from a host, as there is no node. */
  private record HostDialer(String name, Place host) implements ServiceDialer {
    @Override
    public Socket dial(String namespace, String service, int port) throws IOException {
      throw new IOException("the API server %s has no node; give webhooks a URL".formatted(name));
    }

    @Override
    public Socket dialHost(String target, int port, int timeoutMillis) throws IOException {
      return host.connect(InetAddress.getByName(target).getHostAddress(), port, timeoutMillis)
          .socket();
    }
  }
}
