package dev.weft.provision;

/** How the mesh marks what it keeps. */
public final class Ownership {
  /** On everything that the mesh keeps; its value is {@link #MESH}. */
  public static final String LABEL = "mesh.weft.dev/managed-by";

  public static final String MESH = "weft";

  /** On what belongs to an IstioGateway: its name. */
  public static final String GATEWAY = "mesh.weft.dev/gateway";

  /** What the mesh wrote last, so that fields that it no longer wants can be told from others'. */
  public static final String LAST_APPLIED = "mesh.weft.dev/last-applied";

  private Ownership() {}
}
