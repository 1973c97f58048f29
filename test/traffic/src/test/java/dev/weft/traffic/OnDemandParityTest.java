package dev.weft.traffic;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weft.routing.RequestView;
import dev.weft.routing.RouteTable;
import dev.weft.routing.VirtualHost;
import dev.weft.runtime.Change;
import dev.weft.runtime.NameTable;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.runtime.RuntimeConfigCompiler;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.translate.ProxyNode;
import dev.weft.translate.RandomMesh;
import dev.weft.translate.Translation;
import dev.weft.xds.OnDemand;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.VirtualHostName;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A proxy that asks for one host at a time routes as one that is sent all of them. */
class OnDemandParityTest {
  private static final int STEPS = 80;
  private static final ProxyNode EAGER = node(false);
  private static final ProxyNode ASKING = node(true);

  private static ProxyNode node(boolean onDemand) {
    Node.Builder node =
        Node.newBuilder()
            .setId("sidecar~10.0.0.2~web-0.a~a.svc.cluster.local")
            .setUserAgentName("weft")
            .setMetadata(
                Struct.newBuilder()
                    .putFields("CLUSTER_ID", text("c1"))
                    .putFields("DNS_CAPTURE", text("true")));
    if (onDemand) {
      node.addClientFeatures(OnDemand.FEATURE);
    }
    return ProxyNode.parse(node.build());
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  private record Request(String authority) implements RequestView {
    @Override
    public String path() {
      return "/";
    }

    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String scheme() {
      return "http";
    }

    @Override
    public @Nullable String header(String lowerCaseName) {
      return null;
    }
  }

  private static void add(
      ResourceSet from, XdsType type, @Nullable VersionedResource resource, List<Change> to) {
    if (resource != null) {
      to.add(new Change.Set(type, resource.name(), resource.body().getValue().toByteArray()));
    }
  }

  private static RuntimeConfig told(ResourceSet resources, XdsType... types) {
    List<Change> changes = new ArrayList<>();
    for (XdsType type : types) {
      resources.of(type).values().forEach(r -> add(resources, type, r, changes));
    }
    return RuntimeConfigCompiler.compile(RuntimeConfig.EMPTY, changes).config();
  }

  private static RuntimeConfig asked(
      RuntimeConfig before, ResourceSet resources, XdsType type, String name) {
    List<Change> changes = new ArrayList<>();
    add(resources, type, resources.get(type, name), changes);
    return RuntimeConfigCompiler.compile(before, changes).config();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void every_host_on_every_port_has_the_same_routes(long seed) throws IOException {
    RandomMesh mesh = new RandomMesh(seed);
    for (int step = 0; step < STEPS; step++) {
      MeshSnapshot snapshot = mesh.file().snapshot();
      ResourceSet all = new Translation().resources(snapshot, EAGER);
      ResourceSet some = new Translation().resources(snapshot, ASKING);
      assertThat(some.of(XdsType.LISTENER)).isEqualTo(all.of(XdsType.LISTENER));
      assertThat(some.of(XdsType.CLUSTER)).isEqualTo(all.of(XdsType.CLUSTER));
      assertThat(some.of(XdsType.ENDPOINT)).isEqualTo(all.of(XdsType.ENDPOINT));
      RuntimeConfig eager = told(all, XdsType.ROUTE);
      RuntimeConfig base = told(some, XdsType.ROUTE);
      assertThat(base.routeTables()).containsOnlyKeys(eager.routeTables().keySet());
      for (RouteTable table : eager.routeTables().values()) {
        for (String host : hosts(table)) {
          RuntimeConfig config = base;
          if (table(base, table.name()).isOnDemand()) {
            String name = new VirtualHostName(table.name(), host.toLowerCase(Locale.ROOT)).format();
            config = asked(base, some, XdsType.VIRTUAL_HOST, name);
          }
          assertThat(routes(table(config, table.name()), host))
              .as("seed %d, step %d, %s of table %s", seed, step, host, table.name())
              .isEqualTo(routes(table, host));
        }
      }
      mesh.step();
    }
  }

  private static RouteTable table(RuntimeConfig config, String name) {
    return requireNonNull(config.routeTables().get(name));
  }

  private static Set<String> hosts(RouteTable table) {
    Set<String> hosts = new TreeSet<>(Set.of("unknown.example", "any.svc.cluster.local", "x"));
    for (VirtualHost host : table.virtualHosts()) {
      host.domains().forEach(domain -> hosts.add(domain.replace("*", "any")));
    }
    return hosts;
  }

  private static @Nullable VirtualHost routes(RouteTable table, String host) {
    return table.virtualHost(new Request(host + ":8000"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void every_dns_name_has_the_same_addresses(long seed) throws IOException {
    RandomMesh mesh = new RandomMesh(seed);
    for (int step = 0; step < STEPS; step++) {
      MeshSnapshot snapshot = mesh.file().snapshot();
      NameTable eager =
          told(new Translation().resources(snapshot, EAGER), XdsType.NAME_TABLE).nameTable();
      ResourceSet some = new Translation().resources(snapshot, ASKING);
      for (String host : eager.entries().keySet()) {
        NameTable.Entry entry = requireNonNull(eager.entries().get(host));
        for (String name : names(host, entry)) {
          if (!name.equals(host) && eager.entries().containsKey(name)) {
            // It is the whole name of another one.
            continue;
          }
          assertThat(asked(RuntimeConfig.EMPTY, some, XdsType.NAME_TABLE, name).nameTable())
              .as("seed %d, step %d, %s", seed, step, name)
              .satisfies(one -> assertThat(one.entries().get(host)).isEqualTo(entry));
        }
      }
      mesh.step();
    }
  }

  private static Set<String> names(String host, NameTable.Entry entry) {
    if (entry.shortName().isEmpty()) {
      return Set.of(host);
    }
    Set<String> names =
        new TreeSet<>(
            Set.of(
                host,
                entry.shortName() + "." + entry.namespace(),
                entry.shortName() + "." + entry.namespace() + ".svc"));
    if (entry.namespace().equals("a")) {
      names.add(entry.shortName());
    }
    return names;
  }
}
