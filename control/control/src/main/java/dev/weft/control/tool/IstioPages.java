package dev.weft.control.tool;

import dev.weft.config.ConfigKind;
import dev.weft.config.ControlIdentity;
import dev.weft.config.MeshSettings;
import dev.weft.control.admin.DebugPages;
import dev.weft.control.admin.NoAnswerException;
import dev.weft.control.admin.Tree;
import dev.weft.control.ads.ProxyStatus;
import dev.weft.control.ads.RefusedPart;
import dev.weft.control.ads.Watching;
import dev.weft.control.ingest.Ingest;
import dev.weft.discovery.KubeApi;
import dev.weft.inject.InjectionSettings;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.ServicePort;
import dev.weft.snapshot.Workload;
import dev.weft.snapshot.WorkloadKey;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The debug pages that Istio has and {@code weft} does not need. Istio: pilot/pkg/xds/debug.go. */
public final class IstioPages {
  private final Ingest ingest;
  private final KubeApi config;
  private final ConnectedProxies proxies;
  private final ControlIdentity control;

  /**
   * @param config the config API
   * @param control which control plane this is
   */
  public IstioPages(
      Ingest ingest, KubeApi config, ConnectedProxies proxies, ControlIdentity control) {
    this.control = control;
    this.ingest = ingest;
    this.config = config;
    this.proxies = proxies;
  }

  /** Adds them. */
  public void addTo(DebugPages pages) {
    pages
        .add("syncz", query -> syncz(query.text("namespace")))
        .add("adsz", query -> clients(true))
        .add("connections", query -> clients(false))
        .add("configz", query -> objects())
        .add("instancesz", query -> instances(ingest.current()))
        .add("push_status", query -> pushStatus())
        .add("mesh", query -> mesh(ingest.current().settings()))
        .add("inject", query -> Map.of("sidecar", injected()));
    new Dumps(proxies).addTo(pages);
  }

  private String injected() {
    return InjectedPod.text(InjectionSettings.of(ingest.current().settings(), control, true));
  }

  private List<Map<String, Object>> syncz(String namespace) {
    return proxies.connectedProxies().stream()
        .filter(proxy -> namespace.isEmpty() || proxy.namespace().equals(namespace))
        .map(proxy -> SyncStatus.tree(proxy, proxies.view(proxy)))
        .toList();
  }

  private Map<String, Object> clients(boolean whole) {
    List<Map<String, Object>> clients =
        proxies.watching().stream().map(client -> client(client, whole)).toList();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("totalClients", clients.size());
    tree.put("clients", clients);
    return tree;
  }

  private static Map<String, Object> client(Watching watching, boolean whole) {
    ProxyStatus proxy = watching.proxy();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("connectionId", proxy.id() + "." + proxy.cluster());
    tree.put("connectedAt", proxy.connected().toString());
    tree.put("address", proxy.peer());
    if (whole) {
      tree.put(
          "metadata",
          Tree.of(
              "CLUSTER_ID", proxy.cluster().value(),
              "NAMESPACE", proxy.namespace(),
              "ISTIO_VERSION", proxy.version()));
      Map<String, Object> watches = new LinkedHashMap<>();
      watching
          .subscriptions()
          .byType()
          .forEach(
              (type, subscription) ->
                  watches.put(
                      type.url(),
                      subscription.wildcard()
                          ? List.of("*")
                          : subscription.names().stream().sorted().toList()));
      tree.put("watches", watches);
    }
    return tree;
  }

  /** The objects of users as the config API has them, whether or not they are in force. */
  private List<Object> objects() throws NoAnswerException {
    List<Object> objects = new ArrayList<>();
    for (ConfigKind kind : ConfigKind.values()) {
      if (kind.supported()) {
        String version = kind.group() + "/" + kind.versions().getFirst();
        try {
          config
              .get("/apis/" + version + "/" + kind.plural())
              .ifPresent(list -> add(objects, list.get("items"), kind.kind(), version));
        } catch (KubeApi.RefusedException e) {
          throw new NoAnswerException(503, "the config API: " + e.getMessage());
        }
      }
    }
    return objects;
  }

  private static void add(
      List<Object> objects, @Nullable Object items, String kind, String version) {
    if (items instanceof List<?> list) {
      for (Object item : list) {
        Map<String, Object> object = new LinkedHashMap<>();
        // Items of a list need not say what they are.
        object.put("kind", kind);
        object.put("apiVersion", version);
        if (item instanceof Map<?, ?> fields) {
          fields.forEach((name, value) -> object.put(String.valueOf(name), value));
        }
        objects.add(object);
      }
    }
  }

  /** Which ports of which services lead to the pod of each connected proxy. */
  private Map<String, Object> instances(MeshSnapshot snapshot) {
    Map<WorkloadKey, List<Object>> targets = new TreeMap<>();
    for (MeshService service : snapshot.services().values()) {
      for (WorkloadKey pod : pods(service)) {
        for (ServicePort port : service.ports()) {
          targets.computeIfAbsent(pod, p -> new ArrayList<>()).add(target(service, port));
        }
      }
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    for (ProxyStatus proxy : proxies.connectedProxies()) {
      String pod = proxy.id().substring(0, proxy.id().lastIndexOf('.'));
      tree.put(
          proxy.id(),
          targets.getOrDefault(
              new WorkloadKey(proxy.cluster(), proxy.namespace(), pod), List.of()));
    }
    return tree;
  }

  private static Set<WorkloadKey> pods(MeshService service) {
    Set<WorkloadKey> pods = new TreeSet<>();
    for (ServiceEndpoint endpoint : service.endpoints()) {
      Workload workload = endpoint.workload();
      if (workload != null) {
        pods.add(workload.key());
      }
    }
    return pods;
  }

  private static Map<String, Object> target(MeshService service, ServicePort port) {
    return Tree.of(
        "Service",
        Map.of("hostname", service.hostname()),
        "Port",
        Tree.of("name", port.name(), "port", port.number(), "protocol", port.protocol().name()));
  }

  /** What the last pushes came to. */
  private Map<String, Object> pushStatus() {
    Map<String, Object> refused = new TreeMap<>();
    for (ProxyStatus proxy : proxies.connectedProxies()) {
      if (!proxy.refused().isEmpty()) {
        refused.put(
            proxy.id(),
            Tree.of(
                "proxy",
                proxy.id(),
                "message",
                proxy.refused().stream().map(RefusedPart::line).collect(Collectors.joining("; "))));
      }
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("snapshot", ingest.current().version());
    tree.put("buildMillis", ingest.buildTime().toMillis());
    tree.put("events", ingest.events());
    tree.put("proxies", proxies.connectedProxies().size());
    tree.put("ProxyStatus", Map.of("pilot_total_xds_rejects", refused));
    return tree;
  }

  /** As protobuf's JSON has durations. */
  private static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString() + "s";
  }

  /** With the names of Istio's MeshConfig. */
  private static Map<String, Object> mesh(MeshSettings settings) {
    Map<String, Object> proxy = new LinkedHashMap<>();
    proxy.put("discoveryAddress", settings.discoveryAddress());
    proxy.put("meshId", settings.meshId());
    proxy.put("proxyMetadata", settings.proxyMetadata());
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("rootNamespace", settings.rootNamespace());
    tree.put("trustDomain", settings.trustDomain().toString());
    tree.put(
        "trustDomainAliases",
        settings.trustDomainAliases().stream().map(Object::toString).toList());
    tree.put("enableAutoMtls", settings.autoMtls());
    tree.put("outboundTrafficPolicy", Map.of("mode", settings.outboundPolicy().name()));
    tree.put("connectTimeout", seconds(settings.connectTimeout()));
    tree.put("accessLogFile", settings.accessLog().path());
    tree.put("defaultConfig", proxy);
    return tree;
  }
}
