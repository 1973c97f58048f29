package dev.weft.lab.supervisor;

import java.util.Optional;

/**
 * What it means that a lab is to be another one than it is. Objects hold what the network and the
 * model made of them, so that a lab keeps both for its life; the number of clusters changes between
 * one run and the next.
 */
final class PlanChange {
  private PlanChange() {}

  /** Why a lab that runs cannot become what is wanted. */
  static Optional<String> refusedWhileRunning(LabPlan runs, LabPlan wanted) {
    Optional<String> never = refused(runs, wanted);
    if (never.isPresent()) {
      return never;
    }
    int has = runs.clusters().size();
    int wants = wanted.clusters().size();
    if (has != wants) {
      return Optional.of(
          ("lab %s runs with %s, not %d: end it with 'weft lab down'; then 'weft lab up --clusters"
                  + " %d' brings it back with that many")
              .formatted(runs.name(), clusters(has), wants, wants));
    }
    if (!runs.crossClusterProxy().equals(wanted.crossClusterProxy())) {
      return Optional.of(
          ("lab %s runs with --cross-cluster-proxy %s, not %s: change it with 'weft cluster network"
                  + " set CLUSTER --cross-cluster-proxy' or '--no-cross-cluster-proxy'")
              .formatted(runs.name(), runs.crossClusterProxy(), wanted.crossClusterProxy()));
    }
    return Optional.empty();
  }

  /** Why a lab that is stored cannot come back as what is wanted. */
  static Optional<String> refused(LabPlan stored, LabPlan wanted) {
    if (stored.model() != wanted.model()) {
      return Optional.of(other(stored, stored.model().option(), wanted.model().option()));
    }
    if (stored.isolated() != wanted.isolated()) {
      return Optional.of(other(stored, network(stored), network(wanted)));
    }
    Optional<String> changed = changed(stored, wanted);
    if (changed.isPresent()) {
      return Optional.of(
          ("lab %s was made with another cluster %s (its ranges, addresses, network or region) and"
                  + " its objects are made for that: choose another with --lab NAME, or delete this"
                  + " one with 'weft lab reset'")
              .formatted(stored.name(), changed.get()));
    }
    if (stored.model().installed()
        && !stored.crossClusterProxy().equals(wanted.crossClusterProxy())) {
      return Optional.of(
          ("lab %s was made with --cross-cluster-proxy %s: add a gateway with 'weft gateway"
                  + " generate' and 'weft install', take one away with kubectl, or delete the lab with"
                  + " 'weft lab reset'")
              .formatted(stored.name(), stored.crossClusterProxy()));
    }
    return Optional.empty();
  }

  /** A cluster that is another one than it was; there may be more of them, or fewer. */
  private static Optional<String> changed(LabPlan stored, LabPlan wanted) {
    int both = Math.min(stored.clusters().size(), wanted.clusters().size());
    for (int i = 0; i < both; i++) {
      ClusterPlan was = stored.clusters().get(i);
      if (!was.equals(wanted.clusters().get(i))) {
        return Optional.of(was.name());
      }
    }
    return Optional.empty();
  }

  private static String other(LabPlan stored, String has, String wants) {
    return ("lab %s was made with %s and its objects are made for that, not for %s: choose another"
            + " with --lab NAME, or delete this one with 'weft lab reset'")
        .formatted(stored.name(), has, wants);
  }

  private static String network(LabPlan plan) {
    return "--network " + (plan.isolated() ? "isolated" : "flat");
  }

  private static String clusters(int count) {
    return count == 1 ? "1 cluster" : count + " clusters";
  }
}
