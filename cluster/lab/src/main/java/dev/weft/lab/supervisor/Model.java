package dev.weft.lab.supervisor;

/** How a mesh lies over the clusters of a lab. */
public enum Model {
  /** Bare clusters, for installing a mesh by hand. */
  NONE("--no-mesh"),
  /** The control plane lives outside all clusters, with a config API of its own. */
  HOSTED("--model hosted");

  private final String option;

  Model(String option) {
    this.option = option;
  }

  /** What people type to get it. */
  public String option() {
    return option;
  }
}
