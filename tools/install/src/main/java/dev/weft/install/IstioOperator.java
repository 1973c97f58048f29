package dev.weft.install;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a user wants to have installed: an IstioOperator (install.istio.io/v1alpha1), read.
 *
 * @param namespace of the control plane
 * @param revision {@code default} for the only one
 * @param control what is laid over the values of the chart {@code control}
 * @param base what is laid over the values of the chart {@code base}
 * @param cni the redirect of nodes, where it is wanted
 * @param overlays changes of rendered objects
 */
public record IstioOperator(
    Profile profile,
    String namespace,
    String revision,
    boolean withBase,
    boolean withControl,
    Map<String, Object> base,
    Map<String, Object> control,
    Optional<Cni> cni,
    List<Gateway> gateways,
    List<Overlay> overlays) {
  static final String API_VERSION = "install.istio.io/v1alpha1";
  static final String KIND = "IstioOperator";

  public IstioOperator {
    gateways = List.copyOf(gateways);
    overlays = List.copyOf(overlays);
  }

  /**
   * A gateway that is wanted.
   *
   * @param values of the chart {@code gateway}
   */
  record Gateway(String name, String namespace, Map<String, Object> values) {}

  /**
   * The redirect of nodes.
   *
   * @param values of the chart {@code cni}
   */
  record Cni(String namespace, Map<String, Object> values) {}

  /** What was read, and what was wrong in it. */
  public record Read(IstioOperator operator, List<Problem> problems) {
    public Read {
      problems = List.copyOf(problems);
    }
  }

  /** Whether the control plane is in another cluster. */
  boolean servedFromElsewhere() {
    return profile == Profile.REMOTE;
  }

  /** The network of the cluster, or empty. */
  String network() {
    return Trees.text(Trees.at(control, "global", "network"));
  }
}
