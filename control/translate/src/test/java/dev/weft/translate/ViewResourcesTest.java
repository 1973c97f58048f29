package dev.weft.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weft.config.ConfigSet;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.SnapshotBuilder;
import dev.weft.snapshot.SnapshotBuilder.Built;
import dev.weft.xds.OnDemand;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.Resources;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept up to date is at every moment what would be made from scratch. */
class ViewResourcesTest {
  private static final int STEPS = Integer.getInteger("weft.steps", 250);

  private static final List<ProxyNode> PROXIES =
      List.of(
          node("sidecar", "web-0.a", "c1", "weft"),
          node("sidecar", "web-0.a", "c2", "weft"),
          node("sidecar", "cart-1.b", "c1", "weft"),
          node("sidecar", "web-1.b", "c1", "weft"),
          node("sidecar", "db-0.a", "c1", "envoy"),
          onDemand("web-0.a", "c1"),
          onDemand("cart-1.b", "c2"),
          node("router", "gate-0.istio-system", "c1", "weft"),
          node("router", "istio-asm-cross-network-c2-0.istio-system", "c2", "weft"));

  private static ProxyNode node(String role, String pod, String cluster, String program) {
    return ProxyNode.parse(message(role, pod, cluster, program).build());
  }

  private static ProxyNode onDemand(String pod, String cluster) {
    return ProxyNode.parse(
        message("sidecar", pod, cluster, "weft").addClientFeatures(OnDemand.FEATURE).build());
  }

  private static Node.Builder message(String role, String pod, String cluster, String program) {
    String namespace = pod.substring(pod.indexOf('.') + 1);
    return Node.newBuilder()
        .setId(role + "~10.0.0.2~" + pod + "~" + namespace + ".svc.cluster.local")
        .setUserAgentName(program)
        .setMetadata(
            Struct.newBuilder()
                .putFields("CLUSTER_ID", text(cluster))
                .putFields("NAMESPACE", text(namespace))
                .putFields("DNS_CAPTURE", text(program.equals("weft") ? "true" : "")));
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void equals_from_scratch_after_every_change(long seed) throws IOException {
    RandomMesh mesh = new RandomMesh(seed);
    Translation translation = new Translation();
    Map<ProxyNode, ViewResources> views = new HashMap<>();
    Built built = Built.nothing(mesh.file().config().settings());
    for (int step = 0; step < STEPS; step++) {
      built = SnapshotBuilder.build(mesh.file().config(), built);
      MeshSnapshot snapshot = built.snapshot();
      PolicyReads reads = PolicyReads.of(snapshot);
      for (ProxyNode proxy : PROXIES) {
        Viewpoint at = Viewpoint.of(snapshot, proxy, reads);
        ViewResources view = views.get(proxy);
        if (view == null || !view.at().equals(at)) {
          view = translation.view(at, snapshot);
          views.put(proxy, view);
        } else {
          ResourceSet before = together(view, ResourceSet.EMPTY);
          Changes changes = view.advance(snapshot, built.delta());
          ResourceSet after = together(view, ResourceSet.EMPTY);
          assertThat(changes.names()).isEqualTo(differences(before, after));
        }
        ResourceSet now = together(view, ResourceSet.EMPTY);
        assertThat(together(now, translation.own(snapshot, proxy)))
            .as("%s, seed %d, step %d, %s", proxy.id(), seed, step, built.delta())
            .isEqualTo(new Translation().resources(snapshot, proxy));
      }
      mesh.step();
    }
  }

  /** What a Sidecar does not import costs its proxies nothing. */
  @Test
  void a_change_beyond_the_hosts_of_a_sidecar_makes_nothing() throws IOException {
    ProxyNode proxy = node("sidecar", "web-0.a", "c1", "weft");
    Translation translation = new Translation();
    Built built =
        SnapshotBuilder.build(narrowed("80", "1s"), Built.nothing(narrowed("80", "1s").settings()));
    MeshSnapshot snapshot = built.snapshot();
    ViewResources view =
        translation.view(Viewpoint.of(snapshot, proxy, PolicyReads.of(snapshot)), snapshot);
    assertThat(view.get(XdsType.CLUSTER, "outbound|80||cart.a.svc.cluster.local")).isNotNull();
    assertThat(view.get(XdsType.CLUSTER, "outbound|80||db.b.svc.cluster.local")).isNull();
    long made = translation.translations();
    built = SnapshotBuilder.build(narrowed("90", "2s"), built);
    assertThat(built.delta().servicesBeyondEndpoints()).hasSize(1);
    assertThat(built.delta().virtualServices()).hasSize(1);
    assertThat(built.delta().destinationRules()).hasSize(1);
    assertThat(view.advance(built.snapshot(), built.delta()).isEmpty()).isTrue();
    assertThat(translation.translations()).isEqualTo(made);
  }

  /** Two namespaces; in the second one, a service with this port, a route and a rule. */
  private static ConfigSet narrowed(String port, String timeout) throws IOException {
    String mesh =
        """
        clusters:
          c1:
            services:
              - {name: cart.a, vip: 10.96.0.1, ports: [{name: http, port: 80}]}
              - {name: db.b, vip: 10.96.0.2, ports: [{name: http, port: PORT}]}
            pods: [{name: web-0.a, app: web, ip: 10.0.0.1}]
        objects:
          - kind: Sidecar
            metadata: {name: own, namespace: a}
            spec: {egress: [{hosts: [./*]}]}
          - kind: VirtualService
            metadata: {name: db, namespace: b}
            spec: {hosts: [db], http: [{timeout: TIME, route: [{destination: {host: db}}]}]}
          - kind: DestinationRule
            metadata: {name: db, namespace: b}
            spec: {host: db, trafficPolicy: {connectionPool: {tcp: {connectTimeout: TIME}}}}
        """
            .replace("PORT", port)
            .replace("TIME", timeout);
    return MeshFile.of(
            new ObjectMapper(new YAMLFactory())
                .readValue(mesh, new TypeReference<Map<String, Object>>() {}))
        .config();
  }

  private static ResourceSet together(Resources a, Resources b) {
    ResourceSet.Builder all = ResourceSet.builder();
    for (XdsType type : XdsType.values()) {
      all.add(type, a.all(type)).add(type, b.all(type));
    }
    return all.build();
  }

  private static Map<XdsType, Set<String>> differences(ResourceSet before, ResourceSet now) {
    Map<XdsType, Set<String>> differences = new EnumMap<>(XdsType.class);
    for (XdsType type : XdsType.values()) {
      Set<String> names = new TreeSet<>(before.of(type).keySet());
      names.addAll(now.of(type).keySet());
      names.removeIf(name -> alike(before.get(type, name), now.get(type, name)));
      if (!names.isEmpty()) {
        differences.put(type, names);
      }
    }
    return differences;
  }

  private static boolean alike(@Nullable VersionedResource a, @Nullable VersionedResource b) {
    return a != null && b != null && a.version().equals(b.version());
  }
}
