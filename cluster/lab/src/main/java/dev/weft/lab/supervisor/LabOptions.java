package dev.weft.lab.supervisor;

import java.util.List;

/**
 * What {@code lab up} was asked for.
 *
 * @param clusters how many, 1 to 20
 * @param isolated whether the clusters' pods cannot reach each other
 * @param model how the mesh lies over the clusters
 * @param crossClusterProxy {@code all}, {@code none} or cluster names with commas
 * @param topology the clusters one by one, in place of a number of alike ones; empty for none
 * @param weftCommand what starts the {@code weft} program, without arguments; an absolute path is
 *     the launcher, which starts the supervisor as well ({@code lab-daemon})
 * @param libraries the directory with the jars of {@code weft}, which containers see as well
 * @param jvmOptions of a supervisor that is started without the launcher, after its own
 */
public record LabOptions(
    int clusters,
    boolean isolated,
    Model model,
    String crossClusterProxy,
    List<ClusterPlan> topology,
    List<String> weftCommand,
    String libraries,
    List<String> jvmOptions) {

  public LabOptions {
    topology = List.copyOf(topology);
  }

  /** With clusters that are all alike. */
  public LabOptions(
      int clusters,
      boolean isolated,
      Model model,
      String crossClusterProxy,
      List<String> weftCommand,
      String libraries,
      List<String> jvmOptions) {
    this(
        clusters,
        isolated,
        model,
        crossClusterProxy,
        List.of(),
        weftCommand,
        libraries,
        jvmOptions);
  }

  LabPlan plan(String name) {
    return new LabPlan(
        name,
        model,
        isolated,
        topology.isEmpty() ? LabPlan.clusters(clusters, isolated) : topology,
        weftCommand,
        libraries,
        crossClusterProxy);
  }
}
