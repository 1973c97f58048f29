package dev.weft.console.api;

import dev.weft.topology.Sentence;
import java.util.List;

/**
 * What would come of wishes.
 *
 * @param paths from every cluster to every cluster
 * @param consequences the most important first
 * @param yaml the objects that say it
 */
public record NetworkPreview(List<NetworkPath> paths, List<Sentence> consequences, String yaml) {
  public NetworkPreview {
    paths = List.copyOf(paths);
    consequences = List.copyOf(consequences);
  }

  /** How requests get from one cluster to another, and why so. */
  public record NetworkPath(String from, String to, Way way, String reason) {}

  /** The way that requests take. */
  public enum Way {
    LOCAL("local"),
    DIRECT("direct"),
    GATEWAY("gateway"),
    NONE("none");

    private final String word;

    Way(String word) {
      this.word = word;
    }

    /** As JSON has it. */
    @Override
    public String toString() {
      return word;
    }
  }
}
