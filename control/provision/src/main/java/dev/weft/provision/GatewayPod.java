package dev.weft.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.config.IstioGatewaySpec.Port;
import dev.weft.inject.EnvVars;
import dev.weft.inject.InjectionSettings;
import dev.weft.inject.ProxyConfigs;
import dev.weft.inject.ProxyPod;
import dev.weft.types.MeshPorts;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pod of a gateway: one container, complete, so that no webhook has to touch it. */
record GatewayPod(GatewayWorkload workload, ProxyConfigs.Start start) {
  private static final int LOWEST_UNPRIVILEGED = 1024;

  // Istio gives a proxy five seconds to drain; the kubelet must give it more.
  private static final String DRAIN = "5s";
  private static final int GRACE_SECONDS = 30;

  ObjectNode spec() {
    Map<String, Object> written = workload.parts().kubernetes();
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    spec.put("serviceAccountName", workload.name());
    spec.put("terminationGracePeriodSeconds", GRACE_SECONDS);
    for (String field :
        new String[] {"nodeSelector", "affinity", "tolerations", "dnsPolicy", "hostNetwork"}) {
      if (written.get(field) != null) {
        spec.set(field, Objects.tree(written.get(field)));
      }
    }
    podSecurity(spec);
    ArrayNode volumes = ProxyPod.volumes();
    ArrayNode mounts = ProxyPod.volumeMounts();
    files(written.get("secretVolumes"), "secret", "secretName", "secretName", volumes, mounts);
    files(written.get("configVolumes"), "configMap", "configMapName", "name", volumes, mounts);
    ObjectNode proxy = spec.putArray("containers").addObject();
    container(proxy, written);
    proxy.set("volumeMounts", mounts);
    spec.set("volumes", volumes);
    ProxyPod.pullSecrets(spec, workload.settings().proxies().image());
    return spec;
  }

  private void podSecurity(ObjectNode spec) {
    if (asRoot()) {
      return;
    }
    ObjectNode security = spec.putObject("securityContext");
    security
        .put("runAsGroup", ProxyPod.USER)
        .put("runAsNonRoot", true)
        .put("runAsUser", ProxyPod.USER);
    ProxyPod.seccomp(security);
    // A pod in its node's network may not change that network's settings.
    boolean low =
        !Boolean.TRUE.equals(workload.parts().kubernetes().get("hostNetwork"))
            && workload.ports().stream()
                .anyMatch(p -> GatewayWorkload.target(p) < LOWEST_UNPRIVILEGED);
    if (low) {
      security
          .putArray("sysctls")
          .addObject()
          .put("name", "net.ipv4.ip_unprivileged_port_start")
          .put("value", "0");
    }
  }

  private boolean asRoot() {
    return Boolean.TRUE.equals(workload.parts().kubernetes().get("runAsRoot"));
  }

  private void container(ObjectNode proxy, Map<String, Object> written) {
    InjectionSettings mesh = workload.settings().proxies();
    proxy.put("name", ProxyPod.CONTAINER);
    ProxyPod.image(proxy, start.image(mesh.image().reference()), mesh.image());
    proxy
        .putArray("args")
        .add("proxy")
        .add("router")
        .add("--domain")
        .add("$(POD_NAMESPACE).svc." + mesh.domainSuffix())
        .add("--proxyLogLevel=" + mesh.logLevel())
        .add("--proxyComponentLogLevel=misc:error")
        .add("--log_output_level=default:info");
    if (!Boolean.TRUE.equals(written.get("disableContainerPortExposed"))) {
      ports(proxy.putArray("ports"));
    }
    proxy.set("env", environment(mesh, written));
    proxy.set(
        "resources",
        written.get("resources") != null
            ? Objects.tree(written.get("resources"))
            : ProxyPod.resources(mesh.resources()));
    if (!asRoot()) {
      proxy.set("securityContext", ProxyPod.securityContext());
    }
    ObjectNode readiness = ProxyPod.readiness(0, 2, 30);
    if (Objects.tree(written.get("readinessProbe")) instanceof ObjectNode own) {
      readiness.setAll(own);
    }
    proxy.set("readinessProbe", readiness);
    if (written.get("lifecycle") != null) {
      proxy.set("lifecycle", Objects.tree(written.get("lifecycle")));
    }
  }

  private void ports(ArrayNode ports) {
    for (Port port : workload.ports()) {
      ports
          .addObject()
          .put("containerPort", GatewayWorkload.target(port))
          .put("protocol", port.protocol());
    }
    ports
        .addObject()
        .put("name", "http-envoy-prom")
        .put("containerPort", MeshPorts.PROXY_STATS)
        .put("protocol", "TCP");
  }

  private ArrayNode environment(InjectionSettings mesh, Map<String, Object> written) {
    ObjectNode config =
        JsonNodeFactory.instance
            .objectNode()
            .put("discoveryAddress", mesh.discoveryAddress())
            .put("terminationDrainDuration", DRAIN);
    Integer concurrency = start.concurrency();
    if (concurrency != null) {
      config.put("concurrency", concurrency);
    }
    EnvVars env =
        ProxyPod.environment(mesh.discoveryAddress())
            .value("PROXY_CONFIG", config.toString())
            .value("ISTIO_META_CLUSTER_ID", workload.cluster().value())
            .field("ISTIO_META_NODE_NAME", "spec.nodeName")
            .value("ISTIO_META_UNPRIVILEGED_POD", "true")
            .value("ISTIO_META_WORKLOAD_NAME", workload.name())
            .value(
                "ISTIO_META_OWNER",
                "kubernetes://apis/apps/v1/namespaces/"
                    + workload.settings().rootNamespace()
                    + "/deployments/"
                    + workload.name())
            .value("TRUST_DOMAIN", mesh.trustDomain().value());
    if (!mesh.meshId().isEmpty()) {
      env.value("ISTIO_META_MESH_ID", mesh.meshId());
    }
    String view = workload.parts().requestedNetworkView();
    if (view != null) {
      env.value("ISTIO_META_REQUESTED_NETWORK_VIEW", view);
    }
    told(env, mesh.proxyMetadata());
    told(env, start.environment());
    own(env, Objects.tree(written.get("env")));
    return env.json();
  }

  /** A gateway resolves nothing for an application: no traffic of its pod is captured. */
  private static void told(EnvVars env, Map<String, String> variables) {
    variables.forEach(
        (name, value) -> {
          if (!name.startsWith("ISTIO_META_DNS_")) {
            env.value(name, value);
          }
        });
  }

  /** The user's variables: a list as in a container, or a map. */
  private static void own(EnvVars env, JsonNode written) {
    if (written.isArray()) {
      env.written(written);
    } else {
      written.properties().forEach(e -> env.value(e.getKey(), e.getValue().asText()));
    }
  }

  private static void files(
      @Nullable Object written,
      String source,
      String nameField,
      String kubernetesField,
      ArrayNode volumes,
      ArrayNode mounts) {
    for (JsonNode each : Objects.tree(written)) {
      String name = each.path("name").asText();
      ObjectNode volume = volumes.addObject().put("name", name);
      volume
          .putObject(source)
          .put(kubernetesField, each.path(nameField).asText(name))
          .put("optional", true);
      mounts
          .addObject()
          .put("name", name)
          .put("mountPath", each.path("mountPath").asText("/etc/istio/" + name))
          .put("readOnly", true);
    }
  }
}
