package dev.weft.install;

/** The labels and annotations by which installed objects are known; the charts put them there. */
final class Marks {
  /** The namespace of the control plane to which an object belongs. */
  static final String OWNER = "install.weft.dev/owner";

  /**
   * The part: {@code base}, {@code control}, {@code cni}, {@code crds}, or the name of a gateway.
   */
  static final String COMPONENT = "install.weft.dev/component";

  static final String BASE = "base";
  static final String CONTROL = "control";
  static final String CNI = "cni";
  static final String TYPES = "crds";

  /** The version of the types, an annotation. */
  static final String VERSION = "install.weft.dev/version";

  /** The revision of the control plane that the object belongs to. */
  static final String REVISION = "istio.io/rev";

  /** A further name of a revision. */
  static final String TAG = "istio.io/tag";

  /** On what a running control plane keeps by itself. */
  static final String KEPT = "mesh.weft.dev/managed-by";

  /** Who makes an EndpointSlice; Kubernetes'. */
  static final String SLICE_MANAGER = "endpointslice.kubernetes.io/managed-by";

  static final String NETWORK = "topology.istio.io/network";

  /**
   * On the system namespace of a cluster without a control plane: whose control plane serves it.
   */
  static final String SERVED_BY = "topology.istio.io/controlPlaneClusters";

  private Marks() {}
}
