package dev.weft.mesh;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ResourceType;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.Trees;
import dev.weft.lab.supervisor.ClusterObjects;
import dev.weft.lab.supervisor.LabCluster;
import dev.weft.lab.supervisor.LabPlan;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What {@code weft install} brings into a cluster, and what goes with it. */
record Installation(Operator operator, LabCluster cluster) {
  private static final String MESH = "mesh1";
  private static final String GATEWAY = "istio-eastwestgateway";

  /** A lab waits for as long as anything moves, and so does the command. */
  private static final String PATIENCE_SECONDS = "86400";

  private static final ResourceType GATEWAYS =
      new ResourceType("networking.istio.io", "v1", "gateways", "Gateway", true);
  private static final ResourceType VIRTUAL_SERVICES =
      new ResourceType("networking.istio.io", "v1", "virtualservices", "VirtualService", true);

  /** Every service of the cluster, for callers that hold a certificate of the mesh. */
  private static final String EXPOSED_SERVICES =
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

  /** The ports of the control plane, passed on as they are. */
  private static final String EXPOSED_CONTROL_PLANE =
      """
      apiVersion: networking.istio.io/v1
      kind: Gateway
      metadata: {name: istiod-gateway, namespace: istio-system}
      spec:
        selector: {istio: eastwestgateway}
        servers:
        - port: {number: 15012, name: tls-istiod, protocol: TLS}
          tls: {mode: PASSTHROUGH}
          hosts: ["*"]
        - port: {number: 15017, name: tls-istiodwebhook, protocol: TLS}
          tls: {mode: PASSTHROUGH}
          hosts: ["*"]
      """;

  private static final String WAY_TO_CONTROL_PLANE =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: istiod-vs, namespace: istio-system}
      spec:
        hosts: ["*"]
        gateways: [istiod-gateway]
        tls:
        - match: [{port: 15012, sniHosts: ["*"]}]
          route:
          - destination: {host: istiod.istio-system.svc.cluster.local, port: {number: 15012}}
        - match: [{port: 15017, sniHosts: ["*"]}]
          route:
          - destination: {host: istiod.istio-system.svc.cluster.local, port: {number: 443}}
      """;

  /** The namespaces of a fresh lab. */
  void namespaces() {
    ClusterObjects objects = new ClusterObjects(cluster.api().store());
    objects.namespace(
        MeshObjects.NAMESPACE, Map.of("topology.istio.io/network", cluster.plan().network()));
    objects.namespace("default", Map.of("istio-injection", "enabled"));
  }

  /** Says whose control plane serves this cluster, before anything asks. */
  void servedBy(String primary) {
    ObjectNode patch = Trees.object();
    patch
        .putObject("metadata")
        .putObject("annotations")
        .put("topology.istio.io/controlPlaneClusters", primary);
    cluster.api().store().mergePatch(Kinds.NAMESPACES, "", MeshObjects.NAMESPACE, patch);
  }

  /**
   * A control plane that reads its configuration in this cluster, with an entrance from outside.
   *
   * @param external whether it serves other clusters too
   */
  void controlPlane(boolean external) throws IOException {
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
                        externalIstiod: %s
                  """
                      .formatted(MESH, name(), cluster.plan().network(), external));
              operator.ground().say(name() + ": control plane and ingress gateway");
            });
  }

  /** The way to a control plane behind an address. */
  void remote(String address) throws IOException {
    new Steps(cluster)
        .once(
            "remote",
            () -> {
              install(
                  """
                  apiVersion: install.istio.io/v1alpha1
                  kind: IstioOperator
                  spec:
                    profile: remote
                    values:
                      istiodRemote: {injectionPath: /inject/cluster/%s/net/%s}
                      global: {remotePilotAddress: %s}
                  """
                      .formatted(name(), cluster.plan().network(), address));
              operator.ground().say(name() + ": the way to the control plane, " + address);
            });
  }

  /** Whether other networks are to enter this one: not where all pods reach each other. */
  boolean entered() {
    LabPlan plan = operator.ground().plan();
    return plan.isolated() && plan.proxied(name());
  }

  /** The gateway by which other networks, and clusters without a control plane, enter. */
  void eastWestGateway() throws IOException {
    new Steps(cluster)
        .once(
            "east-west-gateway",
            () -> {
              String network = cluster.plan().network();
              install(operator.weft(generate(network)));
              operator.ground().say(name() + ": gateway of " + network);
            });
  }

  private List<String> generate(String network) {
    return List.of(
        "gateway", "generate", "--mesh", MESH, "--cluster", name(), "--network", network);
  }

  /** Lets those who have entered go on to every service of the cluster. */
  void exposeServices() {
    create(GATEWAYS, EXPOSED_SERVICES);
  }

  /** Lets those who have entered go on to the control plane. */
  void exposeControlPlane() {
    create(GATEWAYS, EXPOSED_CONTROL_PLANE);
    create(VIRTUAL_SERVICES, WAY_TO_CONTROL_PLANE);
  }

  private void create(ResourceType type, String yaml) {
    ObjectNode object = Trees.yaml(yaml);
    new ClusterObjects(cluster.api().store())
        .createMissing(type, MeshObjects.NAMESPACE, Meta.name(object), object);
  }

  /** Where the gateway is reached; its Service has an address by the time that its pods run. */
  String gatewayAddress() throws IOException {
    String address =
        cluster
            .api()
            .store()
            .get(Kinds.SERVICES, MeshObjects.NAMESPACE, GATEWAY)
            .map(service -> service.at("/status/loadBalancer/ingress/0/ip").asText(""))
            .orElse("");
    if (address.isEmpty()) {
      throw new IOException("Service %s of %s has no address".formatted(GATEWAY, name()));
    }
    return address;
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
