package dev.weft.topology;

/**
 * A workload.
 *
 * @param network of its cluster; empty for one without a name
 * @param pods that the control plane knows
 * @param ready of them
 */
public record Node(Place place, String network, int pods, int ready) {
  /** Whether it was seen in traffic only: gone, or never ours. */
  public boolean gone() {
    return pods == 0;
  }
}
