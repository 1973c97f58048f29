package dev.weft.console.api;

import java.util.List;

/**
 * A connected proxy.
 *
 * @param id {@code pod.namespace.cluster}
 * @param workload of its pod; empty for a pod that the mesh does not know
 * @param version of its program, in its own words
 * @param controlPlane the replica that serves it
 */
public record ProxyRow(
    String id,
    String cluster,
    String namespace,
    String workload,
    String version,
    String connectedSince,
    String controlPlane,
    List<TypeState> types) {
  public ProxyRow {
    types = List.copyOf(types);
  }

  /**
   * How far it has followed in one type of resources.
   *
   * @param type such as {@code CDS}
   * @param message why it refused; else empty
   * @param sent when it was sent something last; empty before that
   * @param acknowledged when it took something last; empty before that
   */
  public record TypeState(
      String type, SyncWord state, String message, String sent, String acknowledged) {}

  /** Whether it has what was sent last. */
  public enum SyncWord {
    SYNCED("synced"),
    PENDING("pending"),
    REJECTED("rejected"),
    NEVER("never");

    private final String word;

    SyncWord(String word) {
      this.word = word;
    }

    /** As JSON has it. */
    @Override
    public String toString() {
      return word;
    }
  }
}
