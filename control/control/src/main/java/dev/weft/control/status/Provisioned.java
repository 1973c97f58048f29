package dev.weft.control.status;

import dev.weft.types.ClusterId;
import java.util.List;

/** How far clusters have got what the mesh keeps in them. */
public interface Provisioned {
  /** Why a cluster has not got it, a line each; empty where it has, or nothing is known. */
  List<String> complaints(ClusterId cluster);

  /** Whether nobody has looked yet. */
  boolean pending(ClusterId cluster);
}
