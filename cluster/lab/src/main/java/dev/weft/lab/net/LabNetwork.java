package dev.weft.lab.net;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Everything of one lab that lives in network namespaces. The host's own interfaces, routes and
 * rules are never touched. All namespaces carry the lab's prefix, so that {@link #destroy} finds
 * them after a crash as well.
 */
public interface LabNetwork {

  /** Adds a node on the wan. {@code podRange} and {@code serviceRange} are CIDRs. */
  NodeNetwork addNode(NodePlan plan) throws IOException;

  /**
   * Adds a plain host on the wan, with its own namespace, for processes that are no pods.
   *
   * @return the place where its sockets are opened and its processes run
   */
  Place addHost(String name, String wanAddress) throws IOException;

  /** The wan itself, for a shell and for clients from outside all clusters. */
  Place wan();

  /** Kills every process in the lab's namespaces and removes them with all links and rules. */
  void destroy() throws IOException;

  /**
   * A node to be.
   *
   * @param wanAddress for example 172.18.0.2
   * @param podRange for example 10.244.0.0/16
   * @param serviceRange for example 10.96.0.0/16
   * @param routes further ranges that are reached through other wan addresses (flat networks)
   */
  record NodePlan(
      String cluster,
      String wanAddress,
      String podRange,
      String serviceRange,
      Map<String, String> routes) {}

  /** The network of one node: its pods, its service rules. */
  interface NodeNetwork {
    Place place();

    /** A namespace with {@code lo} and {@code eth0} for a pod; the address is new for each call. */
    PodNetwork addPod(String uid) throws IOException;

    /** Kills what still runs in the pod's namespace and removes it. */
    void removePod(String uid) throws IOException;

    /** Replaces all service rules and load balancer addresses in one step. */
    void services(List<ServiceRule> rules) throws IOException;

    /** Adds an address that the node itself answers on, such as the cluster DNS. */
    void addLocalAddress(String address) throws IOException;
  }

  /** A pod's own network namespace. */
  record PodNetwork(Place place, String address) {}

  /**
   * How one port of a service is reached.
   *
   * @param clusterAddresses reachable from the node and its pods; may be empty (headless)
   * @param wanAddresses load balancer addresses that the node answers for on the wan
   * @param nodePort 0 for none
   * @param endpoints ready addresses with their target ports; without any, connections are refused
   */
  record ServiceRule(
      String name,
      List<String> clusterAddresses,
      List<String> wanAddresses,
      int port,
      int nodePort,
      Transport transport,
      List<Target> endpoints) {}

  /** Where a rule sends to. */
  record Target(String address, int port) {}

  /** The transports that services have. */
  enum Transport {
    TCP,
    UDP
  }
}
