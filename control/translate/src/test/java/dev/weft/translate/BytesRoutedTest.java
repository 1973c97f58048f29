package dev.weft.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.routing.ClusterChoice;
import dev.weft.runtime.Change;
import dev.weft.runtime.Compiled;
import dev.weft.runtime.ConnectionView;
import dev.weft.runtime.FilterChain;
import dev.weft.runtime.Listener;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.runtime.RuntimeConfigCompiler;
import dev.weft.runtime.TcpPipeline;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where our proxy sends connections, by the routes of bytes that people write. */
class BytesRoutedTest {
  private static final MeshFile MESH =
      MeshFile.read(Path.of("src/test/golden/routing/bytes/input.yaml"));

  /**
   * @param serverName empty: no TLS
   * @param to the clusters, shortened; empty: the connection is closed
   */
  private record Case(
      String name, String proxy, String listener, String address, String serverName, String to) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case mesh(String name, String address, int port, String serverName, String to) {
    return new Case(name, "client", address + "_" + port, address, serverName, to);
  }

  private static Case gateway(String name, int port, String address, String serverName, String to) {
    return new Case(name, "front", "0.0.0.0_" + port, address, serverName, to);
  }

  static Stream<Case> cases() {
    return Stream.of(
        mesh("a wildcard", "10.96.0.1", 443, "a.api.example", "api:4000 own:443"),
        mesh("a name that no route has", "10.96.0.1", 443, "other.example", ""),
        mesh("what is not TLS on a port of TLS", "10.96.0.1", 443, "", ""),
        mesh("a port that no route is for", "10.96.0.1", 4000, "", "api:4000"),
        mesh("TLS that nobody routes", "10.96.0.2", 443, "any.example", "own:443"),
        mesh("a destination in a range", "10.96.0.3", 9000, "", "queue:9000 by source"),
        mesh("a service that is balanced by source", "10.96.0.4", 9000, "", "queue:9000 by source"),
        gateway("a name at a gateway", 443, "10.0.0.3", "api.shop.svc.cluster.local", "api:4000"),
        gateway(
            "a name for some clients of the mesh",
            443,
            "10.0.0.3",
            "silver.api.example",
            "own:443"),
        gateway("a name for another address", 443, "10.0.0.3", "a.api.example", ""),
        gateway("a destination at a gateway", 9000, "10.0.0.3", "", "queue:9000 by source"),
        gateway("any other destination", 9000, "10.0.0.4", "", "db:9000"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void a_connection_goes_where_the_first_route_for_it_says(Case c) {
    Listener listener = Objects.requireNonNull(config(c.proxy()).listeners().get(c.listener()));

    FilterChain chain = listener.chainFor(connection(c));

    assertThat(chain == null ? "" : show((TcpPipeline) chain.pipeline())).isEqualTo(c.to());
  }

  private static String show(TcpPipeline pipeline) {
    List<String> clusters =
        switch (pipeline.clusters()) {
          case ClusterChoice.Single single -> List.of(single.cluster());
          case ClusterChoice.Weighted weighted ->
              weighted.clusters().stream().map(ClusterChoice.WeightedCluster::cluster).toList();
          case ClusterChoice.ByHeader header -> List.of();
        };
    return clusters.stream()
            .map(name -> name.split("[|]", -1))
            .map(parts -> parts[3].substring(0, parts[3].indexOf('.')) + ":" + parts[1])
            .collect(Collectors.joining(" "))
        + (pipeline.bySource() ? " by source" : "");
  }

  private static RuntimeConfig config(String proxy) {
    ProxyNode node = Objects.requireNonNull(MESH.proxies().get(proxy));
    List<Change> changes = new ArrayList<>();
    for (VersionedResource listener :
        new Translation().resources(MESH.snapshot(), node).of(XdsType.LISTENER).values()) {
      changes.add(
          new Change.Set(
              XdsType.LISTENER, listener.name(), listener.body().getValue().toByteArray()));
    }
    Compiled compiled = RuntimeConfigCompiler.compile(RuntimeConfig.EMPTY, changes);
    assertThat(compiled.rejections()).isEmpty();
    return compiled.config();
  }

  private static ConnectionView connection(Case c) {
    byte[] address = InetAddress.ofLiteral(c.address()).getAddress();
    return new ConnectionView() {
      @Override
      public int destinationPort() {
        return Integer.parseInt(c.listener().substring(c.listener().indexOf('_') + 1));
      }

      @Override
      public byte[] destinationAddress() {
        return address;
      }

      @Override
      public byte[] sourceAddress() {
        return address;
      }

      @Override
      public String serverName() {
        return c.serverName();
      }

      @Override
      public String transportProtocol() {
        return c.serverName().isEmpty() ? "raw_buffer" : "tls";
      }

      @Override
      public List<String> applicationProtocols() {
        return List.of();
      }
    };
  }
}
