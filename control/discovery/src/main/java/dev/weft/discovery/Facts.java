package dev.weft.discovery;

import dev.weft.config.Copies;
import dev.weft.config.KubeEndpointSlice;
import dev.weft.config.KubeFact;
import dev.weft.config.KubeNamespace;
import dev.weft.config.KubeNode;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.types.Locality;
import dev.weft.types.ServiceId;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Strips objects of a member cluster to what the mesh keeps of them. What many objects of a cluster
 * have in common, such as the labels of the pods of a workload, is kept once. Thread-safe.
 */
final class Facts {
  // Longer ones may be of any size, and an interner holds on to them for a while.
  private static final int LONGEST_WORD = 1024;

  // Some ten words for each workload; a few thousand workloads have theirs without crowding.
  private final Interner<String> words = new Interner<>(1 << 15);
  private final Interner<Map<String, String>> maps = new Interner<>(1 << 12);
  private final Interner<List<KubePod.ContainerPort>> containerPorts = new Interner<>(1 << 12);
  private final Interner<List<KubeEndpointSlice.Port>> slicePorts = new Interner<>(1 << 12);

  /**
   * Empty where the object counts as gone, such as a pod that has run to its end.
   *
   * @throws RuntimeException where it lacks what every object of its kind has
   */
  Optional<KubeFact> of(HasMetadata object) {
    if (text(object.getMetadata().getName()).isEmpty()) {
      throw new IllegalArgumentException("it has no name");
    }
    return switch (object) {
      case Service s -> Optional.of(service(s));
      case EndpointSlice s -> Optional.of(slice(s));
      case Pod p -> pod(p);
      case Node n -> Optional.of(node(n));
      case Namespace n -> Optional.of(namespace(n));
      default ->
          throw new IllegalArgumentException(
              "objects of kind " + object.getKind() + " are not kept");
    };
  }

  static KubeFact.Key key(KubeFact.Kind kind, HasMetadata object) {
    return new KubeFact.Key(
        kind, text(object.getMetadata().getNamespace()), object.getMetadata().getName());
  }

  KubeNamespace namespace(Namespace n) {
    return new KubeNamespace(
        word(n.getMetadata().getName()),
        text(n.getMetadata().getUid()),
        shared(n.getMetadata().getLabels()),
        ofMesh(n.getMetadata().getAnnotations()),
        n.getMetadata().getDeletionTimestamp() != null);
  }

  private KubeService service(Service s) {
    ObjectMeta meta = s.getMetadata();
    var spec = s.getSpec();
    List<String> clusterIps = new ArrayList<>(orEmpty(spec.getClusterIPs()));
    if (clusterIps.isEmpty() && spec.getClusterIP() != null) {
      clusterIps.add(spec.getClusterIP());
    }
    boolean headless = clusterIps.contains("None");
    clusterIps.removeIf(ip -> ip.equals("None") || ip.isEmpty());
    List<String> ingress = new ArrayList<>();
    if (s.getStatus() != null && s.getStatus().getLoadBalancer() != null) {
      for (var i : orEmpty(s.getStatus().getLoadBalancer().getIngress())) {
        String address = text(i.getIp()).isEmpty() ? text(i.getHostname()) : text(i.getIp());
        if (!address.isEmpty()) {
          ingress.add(address);
        }
      }
    }
    List<KubeService.Port> ports = new ArrayList<>();
    for (var p : orEmpty(spec.getPorts())) {
      Object target = p.getTargetPort() == null ? null : p.getTargetPort().getValue();
      ports.add(
          new KubeService.Port(
              word(p.getName()),
              p.getPort(),
              protocol(p.getProtocol()),
              word(p.getAppProtocol()),
              word(target == null ? String.valueOf(p.getPort()) : target.toString()),
              p.getNodePort() == null ? 0 : p.getNodePort()));
    }
    return new KubeService(
        new ServiceId(word(meta.getNamespace()), meta.getName()),
        shared(meta.getLabels()),
        withDistribution(ofMesh(meta.getAnnotations()), text(spec.getTrafficDistribution())),
        instant(meta.getCreationTimestamp()),
        switch (text(spec.getType())) {
          case "NodePort" -> KubeService.Type.NODE_PORT;
          case "LoadBalancer" -> KubeService.Type.LOAD_BALANCER;
          case "ExternalName" -> KubeService.Type.EXTERNAL_NAME;
          default -> KubeService.Type.CLUSTER_IP;
        },
        clusterIps,
        headless,
        text(spec.getExternalName()),
        orEmpty(spec.getExternalIPs()),
        ingress,
        shared(spec.getSelector()),
        ports,
        Boolean.TRUE.equals(spec.getPublishNotReadyAddresses()),
        "Local".equals(spec.getInternalTrafficPolicy()));
  }

  /** The field, as the annotation that it has taken the place of. */
  private Map<String, String> withDistribution(Map<String, String> annotations, String field) {
    if (field.isEmpty()) {
      return annotations;
    }
    Map<String, String> all = new HashMap<>(annotations);
    all.put(KubeService.TRAFFIC_DISTRIBUTION, field);
    return shared(all);
  }

  private KubeEndpointSlice slice(EndpointSlice s) {
    ObjectMeta meta = s.getMetadata();
    List<KubeEndpointSlice.Port> ports = new ArrayList<>();
    for (var p : orEmpty(s.getPorts())) {
      if (p.getPort() != null) {
        ports.add(
            new KubeEndpointSlice.Port(word(p.getName()), p.getPort(), protocol(p.getProtocol())));
      }
    }
    List<KubeEndpointSlice.Endpoint> endpoints = new ArrayList<>();
    // Host names have no meaning to Kubernetes here, and no node forwards to them.
    boolean addresses = !"FQDN".equals(s.getAddressType());
    for (Endpoint e : addresses ? orEmpty(s.getEndpoints()) : List.<Endpoint>of()) {
      EndpointConditions c = e.getConditions();
      boolean ready = c == null || c.getReady() == null || c.getReady();
      boolean serving = c == null || c.getServing() == null ? ready : c.getServing();
      boolean terminating = c != null && Boolean.TRUE.equals(c.getTerminating());
      endpoints.add(
          new KubeEndpointSlice.Endpoint(
              orEmpty(e.getAddresses()),
              ready,
              serving,
              terminating,
              pod(e.getTargetRef(), text(meta.getNamespace())),
              word(e.getNodeName()),
              word(e.getZone()),
              text(e.getHostname())));
    }
    return new KubeEndpointSlice(
        word(meta.getNamespace()),
        meta.getName(),
        meta.getLabels() == null ? "" : word(meta.getLabels().get("kubernetes.io/service-name")),
        slicePorts.one(ports, List::copyOf),
        endpoints);
  }

  /** Empty for what is no pod of the namespace: a pod of another one is found by its address. */
  private static String pod(@Nullable ObjectReference target, String namespace) {
    if (target == null || !"Pod".equals(target.getKind())) {
      return "";
    }
    String in = text(target.getNamespace());
    return in.isEmpty() || in.equals(namespace) ? text(target.getName()) : "";
  }

  private Optional<KubeFact> pod(Pod p) {
    ObjectMeta meta = p.getMetadata();
    var status = p.getStatus();
    String phase = status == null ? "" : text(status.getPhase());
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      return Optional.empty();
    }
    List<String> ips = new ArrayList<>();
    boolean ready = false;
    if (status != null) {
      for (PodIP ip : orEmpty(status.getPodIPs())) {
        ips.add(ip.getIp());
      }
      if (ips.isEmpty() && !text(status.getPodIP()).isEmpty()) {
        ips.add(status.getPodIP());
      }
      for (PodCondition c : orEmpty(status.getConditions())) {
        ready |= "Ready".equals(c.getType()) && "True".equals(c.getStatus());
      }
    }
    var spec = p.getSpec();
    List<KubePod.ContainerPort> ports = new ArrayList<>();
    for (var container : orEmpty(spec.getContainers())) {
      for (var port : orEmpty(container.getPorts())) {
        if (port.getContainerPort() != null) {
          ports.add(
              new KubePod.ContainerPort(
                  word(port.getName()), port.getContainerPort(), protocol(port.getProtocol())));
        }
      }
    }
    Map<String, String> labels = shared(meta.getLabels());
    String ownerKind = "";
    String ownerName = "";
    for (OwnerReference owner : orEmpty(meta.getOwnerReferences())) {
      if (Boolean.TRUE.equals(owner.getController())) {
        ownerKind = owner.getKind();
        ownerName = owner.getName();
      }
    }
    String hash = labels.getOrDefault("pod-template-hash", "");
    if (ownerKind.equals("ReplicaSet") && !hash.isEmpty() && ownerName.endsWith("-" + hash)) {
      ownerKind = "Deployment";
      ownerName = ownerName.substring(0, ownerName.length() - hash.length() - 1);
    }
    return Optional.of(
        new KubePod(
            word(meta.getNamespace()),
            meta.getName(),
            labels,
            ofMesh(meta.getAnnotations()),
            ips,
            word(spec.getServiceAccountName()),
            word(spec.getNodeName()),
            word(ownerKind),
            word(ownerName),
            text(spec.getHostname()),
            word(spec.getSubdomain()),
            containerPorts.one(ports, List::copyOf),
            Boolean.TRUE.equals(spec.getHostNetwork()),
            ready,
            meta.getDeletionTimestamp() != null));
  }

  private KubeNode node(Node n) {
    Map<String, String> labels = shared(n.getMetadata().getLabels());
    List<String> addresses = new ArrayList<>();
    if (n.getStatus() != null) {
      orEmpty(n.getStatus().getAddresses()).stream()
          // Other networks reach a node by its external address, if at all.
          .sorted(Comparator.comparing(a -> !"ExternalIP".equals(a.getType())))
          .map(NodeAddress::getAddress)
          .forEach(addresses::add);
    }
    return new KubeNode(
        n.getMetadata().getName(),
        labels,
        addresses,
        new Locality(
            labels.getOrDefault("topology.kubernetes.io/region", ""),
            labels.getOrDefault("topology.kubernetes.io/zone", ""),
            labels.getOrDefault("topology.istio.io/subzone", "")));
  }

  /** In order. */
  private Map<String, String> shared(@Nullable Map<String, String> map) {
    Map<String, String> words = new TreeMap<>();
    if (map != null) {
      map.forEach((key, value) -> words.put(word(key), word(value)));
    }
    return maps.one(words, Copies::map);
  }

  /**
   * Without what is of no concern here and may be large, such as the last applied configuration.
   */
  private Map<String, String> ofMesh(@Nullable Map<String, String> annotations) {
    if (annotations == null) {
      return Map.of();
    }
    Map<String, String> kept = new HashMap<>(annotations);
    kept.keySet().removeIf(key -> !key.contains("istio.io/"));
    return shared(kept);
  }

  /** Empty for none. */
  private String word(@Nullable String text) {
    return text == null ? "" : text.length() > LONGEST_WORD ? text : words.one(text);
  }

  private String protocol(@Nullable String protocol) {
    return protocol == null ? "TCP" : word(protocol);
  }

  private static <E> List<E> orEmpty(@Nullable List<E> list) {
    return list == null ? List.of() : list;
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static Instant instant(@Nullable String text) {
    try {
      return text == null ? Instant.EPOCH : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }
}
