package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.routing.Cidr;
import dev.weft.routing.ClusterChoice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterChainTableTest {
  private record Connection(int destinationPort, String serverName, List<String> alpn, byte[] to)
      implements ConnectionView {
    @Override
    public byte[] destinationAddress() {
      return to;
    }

    @Override
    public byte[] sourceAddress() {
      return new byte[] {127, 0, 0, 1};
    }

    @Override
    public String transportProtocol() {
      return serverName.isEmpty() && alpn.isEmpty() ? "raw_buffer" : "tls";
    }

    @Override
    public List<String> applicationProtocols() {
      return alpn;
    }
  }

  private static Connection tls(int port, String sni, String... alpn) {
    return new Connection(port, sni, List.of(alpn), new byte[] {10, 1, 0, 5});
  }

  private static FilterChain chain(String name, ChainMatch match) {
    return new FilterChain(
        name,
        match,
        new DownstreamTls.Plain(),
        new TcpPipeline(
            name,
            new ClusterChoice.Single(name),
            false,
            Duration.ZERO,
            Duration.ZERO,
            1,
            false,
            List.of(),
            MetricRules.NONE,
            List.of()),
        Duration.ZERO);
  }

  private static ChainMatch match(int port, String transport, String... alpn) {
    return new ChainMatch(port, List.of(), List.of(), transport, List.of(alpn), List.of());
  }

  private static ChainMatch sni(String... names) {
    return new ChainMatch(
        0, List.of(), List.of(names), "", List.of("istio", "istio-h2"), List.of());
  }

  private static String name(FilterChainTable table, ConnectionView connection) {
    FilterChain chain = table.match(connection);
    return chain == null ? "none" : chain.name();
  }

  @ParameterizedTest
  @CsvSource({
    "80, x, istio, mtls",
    "80, x, h2, none",
    "80, '', '', plain",
    "81, x, istio, catch-all-tls",
    "81, '', '', catch-all",
  })
  void a_permissive_inbound_listener_tells_mesh_traffic_from_plaintext(
      int port, String serverName, String alpn, String expected) {
    FilterChainTable table =
        FilterChainTable.of(
            List.of(
                chain("catch-all-tls", match(0, "tls", "istio", "istio-h2")),
                chain("catch-all", match(0, "raw_buffer")),
                chain("mtls", match(80, "tls", "istio", "istio-http/1.1")),
                chain("plain", match(80, "raw_buffer"))));
    Connection connection = alpn.isEmpty() ? tls(port, serverName) : tls(port, serverName, alpn);

    assertThat(name(table, connection)).isEqualTo(expected);
  }

  @Test
  void a_gateway_finds_one_of_many_names_and_only_with_the_mesh_protocol() {
    List<FilterChain> chains = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      String name = "outbound_.80_._.svc-" + i + ".ns.svc.cluster.local";
      chains.add(chain(name, sni(name, "*." + name)));
    }
    FilterChainTable table = FilterChainTable.of(chains);

    String wanted = "outbound_.80_._.svc-1234.ns.svc.cluster.local";
    assertThat(name(table, tls(15443, wanted, "istio"))).isEqualTo(wanted);
    assertThat(name(table, tls(15443, "e-0a0000071f90." + wanted, "istio"))).isEqualTo(wanted);
    assertThat(name(table, tls(15443, "e-0a0000071f90" + wanted, "istio"))).isEqualTo("none");
    assertThat(name(table, tls(15443, wanted, "h2"))).isEqualTo("none");
    assertThat(name(table, tls(15443, "unknown", "istio"))).isEqualTo("none");
  }

  @Test
  void an_exact_name_beats_the_longest_wildcard_and_that_beats_the_others() {
    FilterChainTable table =
        FilterChainTable.of(
            List.of(
                chain("any", match(0, "")),
                chain("wild", sni("*.example.com")),
                chain("longer", sni("*.a.example.com")),
                chain("exact", sni("b.a.example.com"))));

    assertThat(name(table, tls(443, "b.a.example.com", "istio"))).isEqualTo("exact");
    assertThat(name(table, tls(443, "c.a.example.com", "istio"))).isEqualTo("longer");
    assertThat(name(table, tls(443, "x.example.com", "istio"))).isEqualTo("wild");
    assertThat(name(table, tls(443, "example.com", "istio"))).isEqualTo("any");
  }

  @Test
  void the_longest_range_of_the_destination_decides_before_the_name() {
    FilterChainTable table =
        FilterChainTable.of(
            List.of(
                chain(
                    "net",
                    new ChainMatch(
                        0, List.of(Cidr.of("10.1.0.0", 16)), List.of(), "", List.of(), List.of())),
                chain(
                    "host",
                    new ChainMatch(
                        0, List.of(Cidr.of("10.1.0.5", 32)), List.of(), "", List.of(), List.of())),
                chain("name", sni("x"))));

    assertThat(name(table, tls(1, "x", "istio"))).isEqualTo("host");
  }
}
