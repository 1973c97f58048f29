package dev.weft.lab.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore.Change;
import dev.weft.lab.net.LabNetwork.ServiceRule;
import dev.weft.lab.net.LabNetwork.Target;
import dev.weft.lab.net.LabNetwork.Transport;
import dev.weft.lab.object.Mirror;
import dev.weft.lab.object.Trees;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules and names of Services. */
final class ServiceTableTest {
  private static final ObjectNode SERVICE =
      Trees.yaml(
          """
          metadata: {name: web, namespace: shop}
          spec:
            type: LoadBalancer
            clusterIP: 10.96.0.7
            ports: [{name: http, port: 80, targetPort: 8080, nodePort: 30080, protocol: TCP}]
          status: {loadBalancer: {ingress: [{ip: 172.18.1.230}]}}
          """);

  private static ObjectNode slice(String service, String endpoints) {
    return Trees.yaml(
        """
        metadata: {name: %s-x, namespace: shop, labels: {kubernetes.io/service-name: %s}}
        ports: [{name: http, port: 8080, protocol: TCP}]
        endpoints: %s
        """
            .formatted(service, service, endpoints));
  }

  @Test
  void a_rule_has_all_addresses_and_the_ready_endpoints() {
    ObjectNode slice =
        slice(
            "web",
            "[{addresses: [10.244.0.9], conditions: {ready: true}},"
                + " {addresses: [10.244.0.5]},"
                + " {addresses: [10.244.0.6], conditions: {ready: false, serving: true}}]");

    assertThat(ServiceTable.rules(List.of(SERVICE), List.of(slice), Set.of()))
        .containsExactly(
            new ServiceRule(
                "shop/web:80",
                List.of("10.96.0.7"),
                List.of("172.18.1.230"),
                80,
                30080,
                Transport.TCP,
                List.of(new Target("10.244.0.5", 8080), new Target("10.244.0.9", 8080))));
  }

  @Test
  void terminating_endpoints_serve_while_there_are_no_others() {
    ObjectNode slice =
        slice(
            "web",
            "[{addresses: [10.244.0.6], conditions: {ready: false, serving: true}},"
                + " {addresses: [10.244.0.7], conditions: {ready: false, serving: false}}]");

    assertThat(
            ServiceTable.rules(List.of(SERVICE), List.of(slice), Set.of()).getFirst().endpoints())
        .containsExactly(new Target("10.244.0.6", 8080));
  }

  @Test
  void headless_services_and_those_of_the_node_itself_have_no_rules() {
    ObjectNode headless =
        Trees.yaml("metadata: {name: h}\nspec: {clusterIP: None, ports: [{port: 80}]}");

    assertThat(ServiceTable.rules(List.of(SERVICE, headless), List.of(), Set.of("10.96.0.7")))
        .isEmpty();
  }

  @Test
  void names_answer_as_dns_based_service_discovery_says() {
    Mirror services = new Mirror();
    Mirror slices = new Mirror();
    for (String each :
        List.of(
            "metadata: {name: web, namespace: shop}\nspec: {clusterIP: 10.96.0.7}",
            "metadata: {name: db, namespace: shop}\nspec: {clusterIP: None}",
            "metadata: {name: alias, namespace: shop}\n"
                + "spec: {type: ExternalName, externalName: web.shop.svc.cluster.local}")) {
      services.on(Change.ADDED, Trees.yaml(each));
    }
    slices.on(
        Change.ADDED,
        slice(
            "db",
            "[{addresses: [10.244.0.1], hostname: db-0, conditions: {ready: true}},"
                + " {addresses: [10.244.0.2], conditions: {ready: false}}]"));
    ClusterNames names = new ClusterNames(services, slices);

    Map<String, Optional<List<String>>> expected =
        Map.of(
            "web.shop.svc.cluster.local", Optional.of(List.of("10.96.0.7")),
            "WEB.shop.svc.cluster.local", Optional.of(List.of("10.96.0.7")),
            "db.shop.svc.cluster.local", Optional.of(List.of("10.244.0.1")),
            "db-0.db.shop.svc.cluster.local", Optional.of(List.of("10.244.0.1")),
            "alias.shop.svc.cluster.local", Optional.of(List.of("10.96.0.7")),
            "10-244-0-9.shop.pod.cluster.local", Optional.of(List.of("10.244.0.9")),
            "web.other.svc.cluster.local", Optional.empty(),
            "web.shop", Optional.empty(),
            "example.com", Optional.empty());
    expected.forEach(
        (name, answer) -> assertThat(names.addresses(name)).as(name).isEqualTo(answer));
  }
}
