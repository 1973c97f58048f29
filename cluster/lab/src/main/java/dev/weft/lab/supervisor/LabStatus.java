package dev.weft.lab.supervisor;

import java.util.List;

/**
 * A lab as it is now.
 *
 * @param phase {@code down}, {@code starting}, {@code ready} or {@code failed}
 * @param message why it failed; "" otherwise
 * @param pid of the supervisor, 0 for none
 * @param model the word for how the mesh lies over the clusters; "" without a mesh
 * @param kubeconfig path of kubectl's configuration
 * @param startMillis from the start of the supervisor to ready
 */
public record LabStatus(
    String name,
    String phase,
    String message,
    long pid,
    String kubeconfig,
    boolean mesh,
    String model,
    boolean isolated,
    long startMillis,
    List<Member> members,
    List<Part> parts,
    List<Forward> forwards) {

  /** A member cluster, or a hosted mesh itself. */
  public record Member(
      String name,
      String context,
      String network,
      String node,
      String nodeAddress,
      String podRange,
      String serviceRange,
      List<String> loadBalancerRanges,
      String server) {}

  /** Something that can be stopped, started and killed by name. */
  public record Part(String name, String state, long pid, int restarts, String log) {}

  /** A port of a LoadBalancer Service on the host. */
  public record Forward(
      String cluster, String service, String address, int port, String host, int hostPort) {}
}
