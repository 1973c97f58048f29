package dev.weft.inject;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.inject.SidecarInjector.Template;
import dev.weft.types.MeshPorts;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The containers that injection adds: the proxy, and the one that captures traffic for it. */
record ProxyContainer(
    ObjectNode pod,
    InjectionInputs inputs,
    ProxyOptions options,
    WorkloadOwner owner,
    PodContainers containers,
    ObjectNode probers,
    String scrape,
    Template template) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /**
   * The proxy.
   *
   * @param own fields that the user wrote for it; they win
   */
  ObjectNode proxy(@Nullable ObjectNode own) throws InvalidPodException {
    ObjectNode proxy = JSON.objectNode().put("name", ProxyPod.CONTAINER);
    image(proxy);
    arguments(proxy.putArray("args"));
    proxy
        .putArray("ports")
        .addObject()
        .put("name", "http-envoy-prom")
        .put("containerPort", MeshPorts.PROXY_STATS)
        .put("protocol", "TCP");
    EnvVars env = environment();
    if (own != null) {
      env.written(own.path("env"));
    }
    proxy.set("env", env.json());
    proxy.set("resources", ProxyPod.resources(options.resources()));
    proxy.set("securityContext", ProxyPod.securityContext());
    if (options.statusPort() > 0) {
      ProxyOptions.Readiness readiness = options.readiness();
      proxy.set(
          "readinessProbe",
          ProxyPod.readiness(readiness.initialDelay(), readiness.period(), readiness.failures()));
      if (template == Template.SIDECAR) {
        proxy.set("startupProbe", ProxyPod.readiness(0, 1, 600));
      }
    }
    ArrayNode mounts = ProxyPod.volumeMounts();
    mounts.addAll(PodVolumes.ownMounts(PodAnnotations.of(pod)));
    proxy.set("volumeMounts", mounts);
    if (own != null) {
      ContainerOverlay.apply(proxy, own);
    }
    return proxy;
  }

  /** Captures the pod's traffic before anything else runs. */
  ObjectNode init() {
    ObjectNode init = redirect(ProxyPod.INIT_CONTAINER);
    ObjectNode security = init.putObject("securityContext");
    security.put("allowPrivilegeEscalation", false);
    ObjectNode capabilities = security.putObject("capabilities");
    capabilities.putArray("add").add("NET_ADMIN").add("NET_RAW");
    capabilities.putArray("drop").add("ALL");
    security
        .put("privileged", false)
        .put("readOnlyRootFilesystem", false)
        .put("runAsGroup", 0)
        .put("runAsNonRoot", false)
        .put("runAsUser", 0);
    ProxyPod.seccomp(security);
    return init;
  }

  /**
   * Waits, without any right, until the pod's node captures the pod's traffic; the node reads here
   * how. Istio: the template's istio-validation.
   */
  ObjectNode validation() {
    ObjectNode validation = redirect(ProxyPod.VALIDATION_CONTAINER);
    validation.withArrayProperty("args").add("--run-validation").add("--skip-rule-apply");
    validation.set("securityContext", ProxyPod.securityContext());
    validation.put("terminationMessagePolicy", "FallbackToLogsOnError");
    return validation;
  }

  private ObjectNode redirect(String name) {
    ObjectNode init = JSON.objectNode().put("name", name);
    image(init);
    ProxyOptions.Capture capture = options.capture();
    ArrayNode args = init.putArray("args");
    args.add("istio-iptables");
    option(args, "-p", String.valueOf(MeshPorts.OUTBOUND_CAPTURE));
    option(args, "-z", String.valueOf(MeshPorts.INBOUND_CAPTURE));
    option(args, "-u", String.valueOf(ProxyPod.USER));
    option(args, "-m", options.interceptionMode());
    option(args, "-i", capture.outboundRanges());
    option(args, "-x", capture.withoutOutboundRanges());
    option(args, "-b", capture.inboundPorts());
    option(args, "-d", neverCaptured(capture));
    if (!capture.outboundPorts().isEmpty()) {
      option(args, "-q", capture.outboundPorts());
    }
    if (!capture.withoutOutboundPorts().isEmpty()) {
      option(args, "-o", capture.withoutOutboundPorts());
    }
    if (!capture.withoutInterfaces().isEmpty()) {
      option(args, "-c", capture.withoutInterfaces());
    }
    args.add("--log_output_level=" + options.agentLogLevel());
    init.set("env", new EnvVars().values(options.metadata()).json());
    init.set("resources", ProxyPod.resources(options.resources()));
    return init;
  }

  private String neverCaptured(ProxyOptions.Capture capture) {
    StringBuilder ports =
        new StringBuilder().append(MeshPorts.PROXY_STATS).append(',').append(MeshPorts.READINESS);
    if (options.statusPort() > 0) {
      ports.append(',').append(options.statusPort());
    }
    if (!capture.withoutInboundPorts().isEmpty()) {
      ports.append(',').append(capture.withoutInboundPorts());
    }
    return ports.toString();
  }

  private static void option(ArrayNode args, String name, String value) {
    args.add(name).add(value);
  }

  private void image(ObjectNode container) {
    ProxyPod.image(container, options.image(), inputs.settings().image());
  }

  private void arguments(ArrayNode args) {
    String role =
        switch (template) {
          case SIDECAR -> "sidecar";
          case GATEWAY -> "router";
        };
    args.add("proxy")
        .add(role)
        .add("--domain")
        .add("$(POD_NAMESPACE).svc." + inputs.settings().domainSuffix())
        .add("--proxyLogLevel=" + options.logLevel())
        .add("--proxyComponentLogLevel=" + options.componentLogLevel())
        .add("--log_output_level=" + options.agentLogLevel());
  }

  private EnvVars environment() {
    EnvVars env =
        ProxyPod.environment(options.discoveryAddress())
            .value("PROXY_CONFIG", options.proxyConfig().toString())
            .value("ISTIO_META_POD_PORTS", podPorts().toString())
            .value(
                "ISTIO_META_APP_CONTAINERS",
                containers.applications().stream()
                    .map(c -> c.path("name").asText())
                    .collect(Collectors.joining(",")))
            .value("ISTIO_META_CLUSTER_ID", home().cluster())
            .field("ISTIO_META_NODE_NAME", "spec.nodeName")
            .value("ISTIO_META_INTERCEPTION_MODE", options.interceptionMode());
    if (!home().network().isEmpty() && atHome()) {
      env.value("ISTIO_META_NETWORK", home().network());
    }
    env.values(inputs.environment());
    // The pod's own word about its network wins over the URL's, and that over the installation's.
    // Without any the control plane derives it from the cluster's registration, so that it may
    // change while the pod runs.
    String network = pod.at("/metadata/labels/topology.istio.io~1network").asText("");
    if (!network.isEmpty()) {
      env.value("ISTIO_META_NETWORK", network);
    }
    if (!owner.name().isEmpty()) {
      env.value("ISTIO_META_WORKLOAD_NAME", owner.name())
          .value("ISTIO_META_OWNER", owner.uri(inputs.namespace()));
    }
    String meshId = options.proxyConfig().path("meshId").asText("");
    if (!meshId.isEmpty()) {
      env.value("ISTIO_META_MESH_ID", meshId);
    }
    env.value("TRUST_DOMAIN", inputs.settings().trustDomain().value());
    if (!scrape.isEmpty()) {
      env.value("ISTIO_PROMETHEUS_ANNOTATIONS", scrape);
    }
    if (!probers.isEmpty()) {
      env.value("ISTIO_KUBE_APP_PROBERS", probers.toString());
    }
    options
        .metadata()
        .forEach(
            (name, value) -> {
              // A gateway resolves nothing for an application: no traffic of its pod is captured.
              if (template == Template.SIDECAR || !name.startsWith("ISTIO_META_DNS_")) {
                env.value(name, value);
              }
            });
    return env;
  }

  private InjectionSettings.Home home() {
    return inputs.settings().home();
  }

  /** Whether the pod is in the control plane's own cluster. */
  private boolean atHome() {
    String cluster = inputs.environment().getOrDefault("ISTIO_META_CLUSTER_ID", "");
    return cluster.isEmpty() || cluster.equals(home().cluster());
  }

  private ArrayNode podPorts() {
    ArrayNode ports = JSON.arrayNode();
    for (ObjectNode container : containers.applications()) {
      container.path("ports").forEach(p -> ports.add(p.deepCopy()));
    }
    return ports;
  }
}
