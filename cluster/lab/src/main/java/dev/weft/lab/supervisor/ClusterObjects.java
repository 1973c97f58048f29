package dev.weft.lab.supervisor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ResourceType;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.Trees;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The objects that every cluster of a lab has from the start; what is there already is kept. */
public final class ClusterObjects {
  private final ObjectStore store;

  public ClusterObjects(ObjectStore store) {
    this.store = store;
  }

  /** A namespace with labels that are set once. */
  public void namespace(String name, Map<String, String> labels) {
    Optional<ObjectNode> has = store.get(Kinds.NAMESPACES, "", name);
    if (has.isEmpty()) {
      ObjectNode namespace = object("v1", "Namespace", "", name);
      ObjectNode all = ((ObjectNode) namespace.path("metadata")).putObject("labels");
      labels.forEach(all::put);
      store.create(Kinds.NAMESPACES, "", namespace);
      return;
    }
    // Set once, so that injection stays off after the next start for users who switched it off.
    String marker = "lab.weft.dev/labelled";
    if (!labels.isEmpty() && Meta.annotation(has.get(), marker).isEmpty()) {
      ObjectNode patch = Trees.object();
      ObjectNode metadata = patch.putObject("metadata");
      metadata.putObject("annotations").put(marker, "true");
      ObjectNode all = metadata.putObject("labels");
      labels.forEach(all::put);
      store.mergePatch(Kinds.NAMESPACES, "", name, patch);
    }
  }

  /** A service account that may do everything. */
  void administrator(String namespace, String name) {
    createMissing(
        Kinds.SERVICE_ACCOUNTS, namespace, name, object("v1", "ServiceAccount", namespace, name));
    ObjectNode binding =
        object("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "", "lab:" + name);
    binding
        .putObject("roleRef")
        .put("apiGroup", "rbac.authorization.k8s.io")
        .put("kind", "ClusterRole")
        .put("name", "cluster-admin");
    binding
        .putArray("subjects")
        .addObject()
        .put("kind", "ServiceAccount")
        .put("namespace", namespace)
        .put("name", name);
    createMissing(Kinds.CLUSTER_ROLE_BINDINGS, "", "lab:" + name, binding);
  }

  /** A Service without a selector whose endpoint is the node itself. */
  void nodeService(ServicePlan plan, String nodeAddress) {
    if (store.get(Kinds.SERVICES, plan.namespace(), plan.name()).isEmpty()) {
      ObjectNode service = object("v1", "Service", plan.namespace(), plan.name());
      ObjectNode labels = ((ObjectNode) service.path("metadata")).putObject("labels");
      plan.labels().forEach(labels::put);
      ObjectNode spec = service.putObject("spec");
      spec.put("type", "ClusterIP").put("clusterIP", plan.clusterAddress());
      var ports = spec.putArray("ports");
      plan.ports()
          .forEach(
              (name, port) ->
                  ports
                      .addObject()
                      .put("name", name)
                      .put("port", port.port())
                      .put("targetPort", port.target())
                      .put("protocol", port.protocol()));
      store.create(Kinds.SERVICES, plan.namespace(), service);
    }
    ObjectNode slice =
        object("discovery.k8s.io/v1", "EndpointSlice", plan.namespace(), plan.name());
    ((ObjectNode) slice.path("metadata"))
        .putObject("labels")
        .put("kubernetes.io/service-name", plan.name());
    slice.put("addressType", "IPv4");
    var ports = slice.putArray("ports");
    plan.ports()
        .forEach(
            (name, port) ->
                ports
                    .addObject()
                    .put("name", name)
                    .put("port", port.target())
                    .put("protocol", port.protocol()));
    ObjectNode endpoint = slice.putArray("endpoints").addObject();
    endpoint.putArray("addresses").add(nodeAddress);
    endpoint.putObject("conditions").put("ready", true);
    createMissing(Kinds.ENDPOINT_SLICES, plan.namespace(), plan.name(), slice);
  }

  /** A service that the lab itself provides; ports by name. */
  record ServicePlan(
      String namespace,
      String name,
      String clusterAddress,
      Map<String, String> labels,
      Map<String, Port> ports) {}

  record Port(int port, int target, String protocol) {}

  void node(ClusterPlan plan, Instant now) {
    ObjectNode node = object("v1", "Node", "", plan.nodeName());
    ObjectNode labels = ((ObjectNode) node.path("metadata")).putObject("labels");
    labels.put("kubernetes.io/hostname", plan.nodeName());
    labels.put("kubernetes.io/os", "linux").put("kubernetes.io/arch", "amd64");
    labels.put("node-role.kubernetes.io/control-plane", "");
    labels.put("topology.kubernetes.io/region", plan.region());
    labels.put("topology.kubernetes.io/zone", plan.zone());
    ObjectNode spec = node.putObject("spec");
    spec.put("podCIDR", plan.podRange()).putArray("podCIDRs").add(plan.podRange());
    spec.put("providerID", "weft://" + plan.nodeName());
    createMissing(Kinds.NODES, "", plan.nodeName(), node);
    ObjectNode patch = Trees.object();
    ObjectNode status = patch.putObject("status");
    for (String field : new String[] {"capacity", "allocatable"}) {
      ObjectNode resources = status.putObject(field);
      resources.put("cpu", Integer.toString(Runtime.getRuntime().availableProcessors()));
      resources.put("memory", "8Gi").put("pods", "110").put("ephemeral-storage", "50Gi");
    }
    var conditions = status.putArray("conditions");
    condition(conditions.addObject(), "MemoryPressure", "False", "KubeletHasSufficientMemory", now);
    condition(conditions.addObject(), "DiskPressure", "False", "KubeletHasNoDiskPressure", now);
    condition(conditions.addObject(), "PIDPressure", "False", "KubeletHasSufficientPID", now);
    condition(conditions.addObject(), "Ready", "True", "KubeletReady", now);
    var addresses = status.putArray("addresses");
    addresses.addObject().put("type", "InternalIP").put("address", plan.wanAddress());
    addresses.addObject().put("type", "Hostname").put("address", plan.nodeName());
    status.putObject("daemonEndpoints").putObject("kubeletEndpoint").put("Port", 10250);
    ObjectNode about = status.putObject("nodeInfo");
    about.put("architecture", "amd64").put("operatingSystem", "linux");
    about.put("containerRuntimeVersion", "weft://0.1.0").put("kubeletVersion", "v1.32.0");
    about.put("kubeProxyVersion", "v1.32.0").put("osImage", "Weft lab");
    about.put("kernelVersion", System.getProperty("os.version", ""));
    about.put("bootID", "").put("machineID", "").put("systemUUID", "");
    store.mergePatchStatus(Kinds.NODES, "", plan.nodeName(), patch);
  }

  private static void condition(
      ObjectNode condition, String type, String status, String reason, Instant now) {
    condition.put("type", type).put("status", status).put("reason", reason);
    condition.put("message", reason);
    condition.put("lastHeartbeatTime", Meta.timestamp(now));
    condition.put("lastTransitionTime", Meta.timestamp(now));
  }

  public void createMissing(ResourceType type, String namespace, String name, ObjectNode object) {
    if (store.get(type, namespace, name).isEmpty()) {
      store.create(type, namespace, object);
    }
  }

  /** Creates an object, or gives the one that is there the same content but for its metadata. */
  public void put(ResourceType type, String namespace, String name, ObjectNode object) {
    if (store.get(type, namespace, name).isEmpty()) {
      store.create(type, namespace, object);
    } else {
      ObjectNode patch = object.deepCopy();
      patch.remove("apiVersion");
      patch.remove("kind");
      ((ObjectNode) patch.path("metadata")).remove("name");
      ((ObjectNode) patch.path("metadata")).remove("namespace");
      store.mergePatch(type, namespace, name, patch);
    }
  }

  /** An object with nothing but its name; the namespace is empty for a cluster's own. */
  public static ObjectNode object(String apiVersion, String kind, String namespace, String name) {
    ObjectNode object = Trees.object();
    object.put("apiVersion", apiVersion).put("kind", kind);
    ObjectNode metadata = object.putObject("metadata").put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    return object;
  }
}
