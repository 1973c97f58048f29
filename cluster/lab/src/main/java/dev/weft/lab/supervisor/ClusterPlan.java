package dev.weft.lab.supervisor;

import java.util.List;

/**
 * One member cluster of a lab.
 *
 * @param name of the cluster and of its kubectl context
 * @param network logical network of the mesh
 * @param podRange CIDR
 * @param serviceRange CIDR
 * @param wanAddress of its node
 * @param loadBalancerRanges each {@code first-last}, on the wan
 * @param region of its node
 * @param zone of its node
 */
public record ClusterPlan(
    String name,
    String network,
    String podRange,
    String serviceRange,
    String wanAddress,
    List<String> loadBalancerRanges,
    String region,
    String zone) {

  public String nodeName() {
    return name + "-control-plane";
  }

  /** The address of the {@code kubernetes} Service: the first of the range. */
  String kubernetesAddress() {
    return address(1);
  }

  /** The address of the cluster DNS: the tenth of the range. */
  String dnsAddress() {
    return address(10);
  }

  private String address(int host) {
    String base = serviceRange.substring(0, serviceRange.indexOf('/'));
    return base.substring(0, base.lastIndexOf('.') + 1) + host;
  }
}
