package dev.weft.topology.picture;

import dev.weft.topology.layout.Bounds;
import java.util.List;

/**
 * A card.
 *
 * @param id {@code cluster/namespace/workload}, {@code svc:cluster/namespace/service}, {@code
 *     cluster/namespace}, {@code cluster} or {@code outside}; a service of which it is not known in
 *     which cluster it would have answered has an empty cluster, one of no cluster an empty
 *     namespace too, and of many such on a coarse level the name is empty
 * @param app the canonical service
 * @param version its canonical revision
 * @param ghost whether it has no pods, and had some not long ago
 */
public record PictureNode(
    String id,
    NodeKind kind,
    String cluster,
    String namespace,
    String name,
    String app,
    String version,
    int pods,
    int ready,
    boolean ghost,
    Status status,
    List<Mark> marks,
    Bounds bounds) {
  /** Of {@link #id} for whoever is not known. */
  public static final String OUTSIDE = "outside";

  public PictureNode {
    marks = List.copyOf(marks);
  }
}
