package dev.weft.topology.layout;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * What is to be put in its place: all that a layout depends on. Equal scenes look equal; the lists
 * are in the order of their keys.
 *
 * @param clusters to draw, with or without anything in them
 * @param ties that order what they tie, drawn or not
 * @param boxes whether namespaces are boxes
 */
public record Scene(
    List<Cluster> clusters, List<Item> items, List<Link> links, List<Tie> ties, boolean boxes) {
  // Of a SHA-256, in bytes: nobody attacks this.
  private static final int DIGEST = 8;

  public Scene {
    clusters = List.copyOf(clusters);
    items = List.copyOf(items);
    links = List.copyOf(links);
    ties = List.copyOf(ties);
  }

  /**
   * A box to draw.
   *
   * @param network clusters of one stand side by side
   * @param registered those that are not come last
   * @param gateway whether there is a chip on its border
   */
  public record Cluster(String id, String network, boolean registered, boolean gateway) {}

  /** A card. */
  public record Item(String id, Home home) {}

  /** Where a card belongs. */
  public sealed interface Home {
    /** In a cluster. */
    record In(String cluster, Slot slot) implements Home {}

    /** Before all clusters. */
    record Before() implements Home {}

    /** Behind all clusters. */
    record Behind() implements Home {}
  }

  /**
   * A place that is the same one in all clusters, whether something is in it or not.
   *
   * @param name unique in the namespace
   */
  public record Slot(String namespace, String name) implements Comparable<Slot> {
    private static final Comparator<Slot> ORDER =
        Comparator.comparing(Slot::namespace).thenComparing(Slot::name);

    @Override
    public int compareTo(Slot other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * An edge to draw.
   *
   * @param source the card that it comes from
   * @param through the cluster whose chip it passes; empty for none
   */
  public record Link(String id, String source, String target, String through) {}

  /** That one calls the other, in whatever clusters. */
  public record Tie(Slot from, Slot to) implements Comparable<Tie> {
    private static final Comparator<Tie> ORDER =
        Comparator.comparing(Tie::from).thenComparing(Tie::to);

    @Override
    public int compareTo(Tie other) {
      return ORDER.compare(this, other);
    }
  }

  /** The same for equal scenes, in every process. */
  public String hash() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] digest = sha.digest(toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(digest, DIGEST));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
