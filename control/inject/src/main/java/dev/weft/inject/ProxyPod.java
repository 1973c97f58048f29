package dev.weft.inject;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.config.InjectorValues.Resources;
import dev.weft.inject.InjectionSettings.Image;
import dev.weft.types.MeshPorts;
import java.util.HashSet;
import java.util.Set;

/**
 * What every pod with a proxy has in common, be it a sidecar or a gateway: environment, volumes,
 * probes. Istio: files/injection-template.yaml of the istio-discovery chart.
 */
public final class ProxyPod {
  /** The name of the proxy's container. */
  public static final String CONTAINER = "istio-proxy";

  /** The name of the container that captures the pod's traffic. */
  public static final String INIT_CONTAINER = "istio-init";

  /**
   * The name of the container that waits until somebody else captures it. The redirect of the node
   * ({@code dev.weft.redirect.node}) knows pods by it.
   */
  public static final String VALIDATION_CONTAINER = "istio-validation";

  /** The user and group of the proxy, whose own traffic is not captured. */
  public static final int USER = 1337;

  private static final int TOKEN_SECONDS = 43_200;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ProxyPod() {}

  /** Who and where the proxy is, and whom it asks. */
  public static EnvVars environment(String discoveryAddress) {
    return new EnvVars()
        .value("PILOT_CERT_PROVIDER", "istiod")
        .value("CA_ADDR", discoveryAddress)
        .field("POD_NAME", "metadata.name")
        .field("POD_NAMESPACE", "metadata.namespace")
        .field("INSTANCE_IP", "status.podIP")
        .field("SERVICE_ACCOUNT", "spec.serviceAccountName")
        .field("HOST_IP", "status.hostIP")
        .resource("ISTIO_CPU_LIMIT", "limits.cpu")
        .resource("GOMEMLIMIT", "limits.memory");
  }

  public static ArrayNode volumes() {
    ArrayNode volumes = JSON.arrayNode();
    volumes.addObject().put("name", "workload-socket").putObject("emptyDir");
    volumes.addObject().put("name", "credential-socket").putObject("emptyDir");
    volumes.addObject().put("name", "workload-certs").putObject("emptyDir");
    volumes.addObject().put("name", "istio-envoy").putObject("emptyDir").put("medium", "Memory");
    volumes.addObject().put("name", "istio-data").putObject("emptyDir");
    ArrayNode podFields =
        volumes.addObject().put("name", "istio-podinfo").putObject("downwardAPI").putArray("items");
    for (String field : new String[] {"labels", "annotations"}) {
      podFields
          .addObject()
          .put("path", field)
          .putObject("fieldRef")
          .put("fieldPath", "metadata." + field);
    }
    volumes
        .addObject()
        .put("name", "istio-token")
        .putObject("projected")
        .putArray("sources")
        .addObject()
        .putObject("serviceAccountToken")
        .put("audience", "istio-ca")
        .put("expirationSeconds", TOKEN_SECONDS)
        .put("path", "istio-token");
    volumes
        .addObject()
        .put("name", "istiod-ca-cert")
        .putObject("configMap")
        .put("name", "istio-ca-root-cert");
    return volumes;
  }

  public static ArrayNode volumeMounts() {
    ArrayNode mounts = JSON.arrayNode();
    mount(mounts, "workload-socket", "/var/run/secrets/workload-spiffe-uds");
    mount(mounts, "credential-socket", "/var/run/secrets/credential-uds");
    mount(mounts, "workload-certs", "/var/run/secrets/workload-spiffe-credentials");
    mount(mounts, "istiod-ca-cert", "/var/run/secrets/istio");
    mount(mounts, "istio-data", "/var/lib/istio/data");
    mount(mounts, "istio-envoy", "/etc/istio/proxy");
    mount(mounts, "istio-token", "/var/run/secrets/tokens");
    mount(mounts, "istio-podinfo", "/etc/istio/pod");
    return mounts;
  }

  private static void mount(ArrayNode mounts, String name, String path) {
    mounts.addObject().put("name", name).put("mountPath", path);
  }

  /** {@code GET :15021/healthz/ready}. */
  public static ObjectNode readiness(int initialDelay, int period, int failures) {
    ObjectNode probe = JSON.objectNode();
    probe.putObject("httpGet").put("path", "/healthz/ready").put("port", MeshPorts.READINESS);
    if (initialDelay > 0) {
      probe.put("initialDelaySeconds", initialDelay);
    }
    return probe
        .put("periodSeconds", period)
        .put("timeoutSeconds", 3)
        .put("failureThreshold", failures);
  }

  /** Sets the image of a container, and when nodes pull it. */
  public static void image(ObjectNode container, String reference, Image image) {
    container.put("image", reference);
    if (!image.pullPolicy().isEmpty()) {
      container.put("imagePullPolicy", image.pullPolicy());
    }
  }

  /** Adds the Secrets with which nodes pull the image to those that the pod has. */
  public static void pullSecrets(ObjectNode podSpec, Image image) {
    if (image.pullSecrets().isEmpty()) {
      return;
    }
    ArrayNode secrets = podSpec.withArrayProperty("imagePullSecrets");
    Set<String> there = new HashSet<>();
    secrets.forEach(s -> there.add(s.path("name").asText()));
    for (String name : image.pullSecrets()) {
      if (there.add(name)) {
        secrets.addObject().put("name", name);
      }
    }
  }

  /** The proxy needs no privilege: this is what Pod Security's {@code restricted} asks for. */
  public static ObjectNode securityContext() {
    ObjectNode context = JSON.objectNode();
    context.put("allowPrivilegeEscalation", false);
    context.putObject("capabilities").putArray("drop").add("ALL");
    context
        .put("privileged", false)
        .put("readOnlyRootFilesystem", true)
        .put("runAsGroup", USER)
        .put("runAsNonRoot", true)
        .put("runAsUser", USER);
    seccomp(context);
    return context;
  }

  /** The container runtime's own filter of system calls. */
  public static void seccomp(ObjectNode securityContext) {
    securityContext.putObject("seccompProfile").put("type", "RuntimeDefault");
  }

  public static ObjectNode resources(Resources resources) {
    ObjectNode json = JSON.objectNode();
    quantities(json, "limits", resources.cpuLimit(), resources.memoryLimit());
    quantities(json, "requests", resources.cpu(), resources.memory());
    return json;
  }

  private static void quantities(ObjectNode json, String kind, String cpu, String memory) {
    if (cpu.isEmpty() && memory.isEmpty()) {
      return;
    }
    ObjectNode quantities = json.putObject(kind);
    if (!cpu.isEmpty()) {
      quantities.put("cpu", cpu);
    }
    if (!memory.isEmpty()) {
      quantities.put("memory", memory);
    }
  }
}
