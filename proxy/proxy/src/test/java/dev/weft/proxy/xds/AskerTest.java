package dev.weft.proxy.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weft.demand.Demand;
import dev.weft.demand.Demands;
import dev.weft.runtime.Change;
import dev.weft.runtime.Compiled;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.runtime.RuntimeConfigCompiler;
import dev.weft.xds.ListenersBeside;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AskerTest {
  private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
  private final Demands demands = Demands.asking();

  @AfterEach
  void end() {
    loop.shutdownNow();
  }

  private Needs needs(String domain, String... hosts) {
    for (String host : hosts) {
      var unused = demands.await(List.of(new Demand(XdsType.VIRTUAL_HOST, host)), loop, () -> {});
    }
    return Needs.of(RuntimeConfig.EMPTY, new Asker(demands, false, domain));
  }

  @ParameterizedTest
  @CsvSource({
    "cart, cart.shop.svc.cluster.local",
    "cart.till, cart.till.svc.cluster.local",
    "cart.till.svc, cart.till.svc.cluster.local",
    "cart.till.svc.cluster.local, cart.till.svc.cluster.local",
    "api.outside.example, api.outside.example",
  })
  void with_a_virtual_host_the_cluster_is_asked_for_that_it_probably_routes_to(
      String host, String service) {
    Needs needs = needs("shop.svc.cluster.local", "8000/" + host);
    assertThat(needs.names().get(XdsType.CLUSTER)).containsExactly("outbound|8000||" + service);
    assertThat(needs.names().get(XdsType.ENDPOINT)).containsExactly("outbound|8000||" + service);
  }

  @Test
  void nothing_is_asked_for_any_more_when_the_virtual_host_was_answered() {
    assertThat(needs("shop.svc.cluster.local", "8000/cart").names().get(XdsType.CLUSTER))
        .hasSize(1);
    demands.answered(XdsType.VIRTUAL_HOST, "8000/cart", false);
    Needs later = Needs.of(RuntimeConfig.EMPTY, new Asker(demands, false, "shop.svc.x"));
    assertThat(later.names().get(XdsType.CLUSTER)).isEmpty();
    assertThat(later.names().get(XdsType.ENDPOINT)).isEmpty();
  }

  /** Nobody connects to a socket that is not there, so that traffic cannot ask for it. */
  @Test
  void listeners_with_sockets_of_their_own_are_asked_for_where_others_name_them() {
    Listener capturing =
        Listener.newBuilder()
            .setName("virtualOutbound")
            .setAddress(
                Address.newBuilder()
                    .setSocketAddress(
                        SocketAddress.newBuilder().setAddress("0.0.0.0").setPortValue(15001)))
            .setMetadata(
                Metadata.newBuilder()
                    .putFilterMetadata(
                        ListenersBeside.METADATA,
                        Struct.newBuilder()
                            .putFields(
                                ListenersBeside.LISTENERS,
                                Value.newBuilder()
                                    .setListValue(
                                        ListValue.newBuilder()
                                            .addValues(
                                                Value.newBuilder()
                                                    .setStringValue("127.0.0.1_9080")))
                                    .build())
                            .build()))
            .build();
    Compiled compiled =
        RuntimeConfigCompiler.compile(
            RuntimeConfig.EMPTY,
            List.of(
                new Change.Set(XdsType.LISTENER, capturing.getName(), capturing.toByteArray())));
    assertThat(compiled.rejections()).isEmpty();
    assertThat(
            Needs.of(compiled.config(), new Asker(demands, false, "shop.svc.x"))
                .names()
                .get(XdsType.LISTENER))
        .containsExactlyInAnyOrder("virtualOutbound", "virtualInbound", "127.0.0.1_9080");
  }

  @Test
  void no_service_is_named_by_a_table_that_is_not_of_a_port_or_in_a_domain_of_another_kind() {
    assertThat(needs("shop.svc.cluster.local", "http.80.gw/cart").names().get(XdsType.CLUSTER))
        .isEmpty();
    assertThat(needs("shop", "80/cart", "99999/cart").names().get(XdsType.CLUSTER))
        .containsExactly("outbound|80||cart");
  }
}
