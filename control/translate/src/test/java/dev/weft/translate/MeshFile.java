package dev.weft.translate;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.Credential;
import dev.weft.config.CredentialKey;
import dev.weft.config.KubeEndpointSlice;
import dev.weft.config.KubeFact;
import dev.weft.config.KubeNamespace;
import dev.weft.config.KubeNode;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.config.MeshSettings;
import dev.weft.config.MeshSettingsParser;
import dev.weft.config.ObjectParser;
import dev.weft.config.ObjectRef;
import dev.weft.config.Parsed;
import dev.weft.config.SyncState;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.SnapshotBuilder;
import dev.weft.types.ClusterId;
import dev.weft.types.Locality;
import dev.weft.types.ServiceId;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A mesh written as YAML: {@code mesh} (settings), {@code clusters} with services, pods and slices
 * that name none, {@code objects} (Istio's, as users write them), {@code credentials} (of
 * gateways), {@code proxies} (nodes as they introduce themselves).
 */
public record MeshFile(
    ConfigSet config, MeshSnapshot snapshot, Map<String, ProxyNode> proxies, List<String> show) {

  public static MeshFile read(Path file) {
    try {
      return new Reader(
              new ObjectMapper(new YAMLFactory())
                  .readValue(Files.readString(file), new TypeReference<Map<String, Object>>() {}))
          .read();
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /** Of a tree as YAML gives it. */
  public static MeshFile of(Map<String, Object> tree) throws IOException {
    return new Reader(tree).read();
  }

  /** Confined to one reading. */
  private static final class Reader {
    private final Map<String, Object> tree;
    private final Map<ObjectRef, ConfigObject> objects = new TreeMap<>();
    private final Map<ClusterId, ClusterFacts> clusters = new TreeMap<>();

    Reader(Map<String, Object> tree) {
      this.tree = tree;
    }

    MeshFile read() throws IOException {
      MeshSettings settings =
          MeshSettingsParser.read(
                  map(tree.get("mesh")), map(tree.get("meshNetworks")), MeshSettings.defaults())
              .settings();
      for (var cluster : map(tree.get("clusters")).entrySet()) {
        cluster(new ClusterId(cluster.getKey()), map(cluster.getValue()));
      }
      for (Object object : list(tree.get("objects"))) {
        object(map(object));
      }
      ConfigSet config =
          new ConfigSet(
              settings, clusters, objects, Map.of(), List.of(), Map.of(), credentials(), Map.of());
      MeshSnapshot snapshot =
          SnapshotBuilder.build(config, MeshSnapshot.empty(settings)).snapshot();
      Map<String, ProxyNode> proxies = new LinkedHashMap<>();
      for (var proxy : map(tree.get("proxies")).entrySet()) {
        proxies.put(proxy.getKey(), node(map(proxy.getValue())));
      }
      return new MeshFile(
          config, snapshot, proxies, list(tree.get("show")).stream().map(String::valueOf).toList());
    }

    /**
     * Secrets in cluster c1: {@code namespace/name}, and either {@code chain, key} or {@code
     * roots}.
     */
    private Map<CredentialKey, Credential> credentials() {
      Map<CredentialKey, Credential> credentials = new TreeMap<>();
      map(tree.get("credentials"))
          .forEach(
              (name, written) -> {
                Map<String, Object> in = map(written);
                int slash = name.indexOf('/');
                credentials.put(
                    new CredentialKey(
                        new ClusterId("c1"), name.substring(0, slash), name.substring(slash + 1)),
                    new Credential(
                        in.containsKey("roots")
                            ? new Credential.Content.Roots(text(in, "roots"), text(in, "revoked"))
                            : new Credential.Content.KeyPair(text(in, "chain"), text(in, "key")),
                        ""));
              });
      return credentials;
    }

    private void object(Map<String, Object> object) {
      for (ConfigKind kind : ConfigKind.values()) {
        if (kind.kind().equals(object.get("kind"))) {
          Parsed parsed = ObjectParser.parse(kind, object);
          ConfigObject value =
              parsed
                  .value()
                  .orElseThrow(() -> new IllegalArgumentException(parsed.diagnostics().toString()));
          objects.put(value.ref(), value);
          return;
        }
      }
      throw new IllegalArgumentException("kind " + object.get("kind") + " is not known");
    }

    private void cluster(ClusterId id, Map<String, Object> in) {
      if (in.containsKey("network")) {
        object(
            Map.of(
                "kind",
                "MemberCluster",
                "metadata",
                Map.of("name", id.value()),
                "spec",
                Map.of(
                    "network",
                    text(in, "network"),
                    "crossClusterProxy",
                    Map.of("enabled", in.getOrDefault("crossClusterProxy", false)))));
      }
      KubeNode node =
          new KubeNode(id + "-node", Map.of(), List.of(), Locality.parse(text(in, "locality")));
      Map<KubeFact.Key, KubeService> services = new TreeMap<>();
      for (Object service : list(in.get("services"))) {
        KubeService value = service(map(service));
        services.put(value.key(), value);
      }
      Map<KubeFact.Key, KubePod> pods = new TreeMap<>();
      for (Object pod : list(in.get("pods"))) {
        KubePod value = pod(map(pod), node.name());
        pods.put(value.key(), value);
      }
      Map<KubeFact.Key, KubeEndpointSlice> slices = new TreeMap<>();
      services.values().forEach(service -> slice(service, pods, slices));
      for (Object written : list(in.get("slices"))) {
        KubeEndpointSlice value = slice(map(written));
        slices.put(value.key(), value);
      }
      clusters.put(
          id,
          new ClusterFacts(
              id,
              SyncState.SYNCED,
              "",
              services,
              slices,
              pods,
              Map.of(node.name(), node),
              Map.of("default", new KubeNamespace("default", Map.of(), false))));
    }

    private static KubeService service(Map<String, Object> in) {
      List<KubeService.Port> ports = new ArrayList<>();
      for (Object port : list(in.get("ports"))) {
        Map<String, Object> p = map(port);
        ports.add(
            new KubeService.Port(
                text(p, "name"),
                (Integer) p.getOrDefault("port", 0),
                p.getOrDefault("protocol", "TCP").toString(),
                text(p, "appProtocol"),
                p.getOrDefault("targetPort", p.getOrDefault("port", 0)).toString(),
                0));
      }
      String[] name = text(in, "name").split("\\.", 2);
      List<String> vip = in.containsKey("vip") ? List.of(text(in, "vip")) : List.of();
      List<String> balancer = list(in.get("loadBalancer")).stream().map(String::valueOf).toList();
      return new KubeService(
          new ServiceId(name[1], name[0]),
          Map.of(),
          strings(in.get("annotations")),
          Instant.parse(in.getOrDefault("created", Instant.EPOCH).toString()),
          in.containsKey("externalName")
              ? KubeService.Type.EXTERNAL_NAME
              : balancer.isEmpty() ? KubeService.Type.CLUSTER_IP : KubeService.Type.LOAD_BALANCER,
          vip,
          vip.isEmpty() && !in.containsKey("externalName"),
          text(in, "externalName"),
          List.of(),
          balancer,
          in.containsKey("externalName")
              ? Map.of()
              : Map.of("app", in.getOrDefault("app", name[0]).toString()),
          ports,
          false,
          false);
    }

    private static Map<String, String> strings(@Nullable Object value) {
      Map<String, String> strings = new TreeMap<>();
      map(value).forEach((key, text) -> strings.put(key, text.toString()));
      return strings;
    }

    private static KubePod pod(Map<String, Object> in, String node) {
      String[] name = text(in, "name").split("\\.", 2);
      String app = text(in, "app");
      Map<String, String> labels = new TreeMap<>();
      labels.put("app", app);
      if (!Boolean.FALSE.equals(in.get("injected"))) {
        labels.put("security.istio.io/tlsMode", "istio");
        labels.put("service.istio.io/canonical-name", app);
        labels.put("service.istio.io/canonical-revision", "latest");
      }
      map(in.get("labels")).forEach((key, value) -> labels.put(key, value.toString()));
      return new KubePod(
          name[1],
          name[0],
          labels,
          Map.of(),
          List.of(text(in, "ip")),
          in.getOrDefault("serviceAccount", app).toString(),
          node,
          "Deployment",
          app,
          text(in, "hostname"),
          text(in, "hostname").isEmpty() ? "" : app,
          List.of(),
          false,
          true,
          false);
    }

    private static void slice(
        KubeService service,
        Map<KubeFact.Key, KubePod> pods,
        Map<KubeFact.Key, KubeEndpointSlice> slices) {
      if (service.selector().isEmpty()) {
        return;
      }
      List<KubeEndpointSlice.Endpoint> endpoints =
          pods.values().stream()
              .filter(p -> p.namespace().equals(service.id().namespace()))
              .filter(p -> p.labels().entrySet().containsAll(service.selector().entrySet()))
              .map(
                  p ->
                      new KubeEndpointSlice.Endpoint(
                          p.ips(), true, true, false, p.name(), p.node(), "", p.hostname()))
              .toList();
      KubeEndpointSlice slice =
          new KubeEndpointSlice(
              service.id().namespace(),
              service.id().name() + "-1",
              service.id().name(),
              service.ports().stream()
                  .map(
                      p ->
                          new KubeEndpointSlice.Port(
                              p.name(), Integer.parseInt(p.targetPort()), p.protocol()))
                  .toList(),
              endpoints);
      slices.put(slice.key(), slice);
    }

    /** A slice that names no pods: {@code name, service, namespace, addresses, ports}. */
    private static KubeEndpointSlice slice(Map<String, Object> in) {
      return new KubeEndpointSlice(
          text(in, "namespace"),
          text(in, "name"),
          text(in, "service"),
          list(in.get("ports")).stream()
              .map(Reader::map)
              .map(
                  p ->
                      new KubeEndpointSlice.Port(
                          text(p, "name"), (Integer) p.getOrDefault("port", 0), "TCP"))
              .toList(),
          list(in.get("addresses")).stream()
              .map(
                  address ->
                      new KubeEndpointSlice.Endpoint(
                          List.of(address.toString()), true, true, false, "", "", "", ""))
              .toList());
    }

    private static ProxyNode node(Map<String, Object> in) throws IOException {
      Struct.Builder metadata = Struct.newBuilder();
      JsonFormat.parser()
          .merge(new ObjectMapper().writeValueAsString(map(in.get("metadata"))), metadata);
      return ProxyNode.parse(
          Node.newBuilder()
              .setId(text(in, "id"))
              .setUserAgentName(in.getOrDefault("userAgent", "weft").toString())
              .setMetadata(metadata)
              .addAllClientFeatures(list(in.get("features")).stream().map(String::valueOf).toList())
              .build());
    }

    private static String text(Map<String, Object> in, String key) {
      Object value = in.get(key);
      return value == null ? "" : value.toString();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object value) {
      return value == null ? Map.of() : (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(@Nullable Object value) {
      return value == null ? List.of() : (List<Object>) value;
    }
  }
}
