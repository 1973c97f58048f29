package dev.weft.console.api;

import dev.weft.topology.SourceState;
import java.util.List;

/**
 * Whom a token is of, and what there is to see.
 *
 * @param user as the config API knows them
 * @param mesh the mesh's id, else its trust domain
 * @param version of the control plane
 * @param configContext where the mesh's objects are: the address of its config API
 * @param namespaces of the config API and of all clusters
 * @param source how whoever knows of traffic is
 */
public record Session(
    String user,
    Role role,
    String mesh,
    String version,
    String configContext,
    List<String> clusters,
    List<String> namespaces,
    SourceState source) {
  public Session {
    clusters = List.copyOf(clusters);
    namespaces = List.copyOf(namespaces);
  }

  /** What somebody may do here. */
  public enum Role {
    /** See everything. */
    READER("reader"),
    /** Change what the config API lets them change, too. */
    ADMIN("admin");

    private final String word;

    Role(String word) {
      this.word = word;
    }

    /** As JSON has it. */
    @Override
    public String toString() {
      return word;
    }
  }
}
