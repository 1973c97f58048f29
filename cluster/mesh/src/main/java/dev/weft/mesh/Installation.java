package dev.weft.mesh;

import dev.weft.apiserver.ResourceType;
import dev.weft.lab.object.Trees;
import dev.weft.lab.supervisor.ClusterObjects;
import dev.weft.lab.supervisor.LabCluster;
import dev.weft.lab.supervisor.LabPlan;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What {@code weft install} brings into a cluster. */
record Installation(Operator operator, LabCluster cluster) {
  private static final String MESH = "mesh1";

  /** A lab waits for as long as anything moves, and so does the command. */
  private static final String PATIENCE_SECONDS = "86400";

  private static final ResourceType GATEWAYS =
      new ResourceType("networking.istio.io", "v1", "gateways", "Gateway", true);

  /** Every service of the cluster, for callers that hold a certificate of the mesh. */
  private static final String EXPOSED =
      """
      apiVersion: networking.istio.io/v1
      kind: Gateway
      metadata: {name: cross-network-gateway, namespace: istio-system}
      spec:
        selector: {istio: eastwestgateway}
        servers:
        - port: {number: 15443, name: tls, protocol: TLS}
          tls: {mode: AUTO_PASSTHROUGH}
          hosts: ["*.local"]
      """;

  /** The namespaces of a fresh lab. */
  void namespaces() {
    ClusterObjects objects = new ClusterObjects(cluster.api().store());
    objects.namespace(
        MeshObjects.NAMESPACE, Map.of("topology.istio.io/network", cluster.plan().network()));
    objects.namespace("default", Map.of("istio-injection", "enabled"));
  }

  /**
   * A control plane that reads its configuration in this cluster, with an entrance from outside.
   */
  void controlPlane() throws IOException {
    new Steps(cluster)
        .once(
            "control-plane",
            () -> {
              install(
                  """
                  apiVersion: install.istio.io/v1alpha1
                  kind: IstioOperator
                  spec:
                    values:
                      global:
                        meshID: %s
                        multiCluster: {clusterName: %s}
                        network: %s
                  """
                      .formatted(MESH, name(), cluster.plan().network()));
              operator.ground().say(name() + ": control plane and ingress gateway");
            });
  }

  /** The gateway by which other networks enter; none where all pods reach each other. */
  void eastWestGateway() throws IOException {
    if (!entered()) {
      return;
    }
    new Steps(cluster)
        .once(
            "east-west-gateway",
            () -> {
              String network = cluster.plan().network();
              install(
                  operator.weft(
                      List.of(
                          "gateway",
                          "generate",
                          "--mesh",
                          MESH,
                          "--cluster",
                          name(),
                          "--network",
                          network)));
              new ClusterObjects(cluster.api().store())
                  .createMissing(
                      GATEWAYS,
                      MeshObjects.NAMESPACE,
                      "cross-network-gateway",
                      Trees.yaml(EXPOSED));
              operator.ground().say(name() + ": gateway of " + network + ", services exposed");
            });
  }

  private boolean entered() {
    LabPlan plan = operator.ground().plan();
    return plan.isolated() && plan.proxied(name());
  }

  private void install(String operatorYaml) throws IOException {
    operator.weft(
        operatorYaml,
        List.of(
            "install",
            "-y",
            "--context",
            name(),
            "--readiness-timeout",
            PATIENCE_SECONDS,
            "-f",
            "-"));
  }

  private String name() {
    return cluster.plan().name();
  }
}
