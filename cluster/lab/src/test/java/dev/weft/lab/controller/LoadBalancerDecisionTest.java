package dev.weft.lab.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class LoadBalancerDecisionTest {
  private static final List<AddressPool> POOLS =
      List.of(
          new AddressPool("mine", List.of("172.18.1.10-172.18.1.11")),
          new AddressPool("lab", List.of("172.18.1.240/30")));

  /** A Service beside one that has 172.18.1.10. */
  record Case(String name, String service, String address) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("the first free address", "spec: {type: LoadBalancer}", "172.18.1.11"),
        new Case(
            "the address that was asked for",
            "spec: {type: LoadBalancer, loadBalancerIP: 172.18.1.242}",
            "172.18.1.242"),
        new Case(
            "none where the one asked for is taken",
            "spec: {type: LoadBalancer, loadBalancerIP: 172.18.1.10}",
            "failed"),
        new Case(
            "none outside of all pools",
            "spec: {type: LoadBalancer, loadBalancerIP: 10.0.0.1}",
            "failed"),
        new Case(
            "from the pool that was asked for",
            "metadata: {name: s, annotations: {metallb.universe.tf/address-pool: lab}}\n"
                + "spec: {type: LoadBalancer}",
            "172.18.1.240"),
        new Case(
            "kept where it is right",
            "spec: {type: LoadBalancer}\n"
                + "status: {loadBalancer: {ingress: [{ip: 172.18.1.241}]}}",
            "unchanged"),
        new Case(
            "taken away from a Service that is none any more",
            "spec: {type: ClusterIP}\nstatus: {loadBalancer: {ingress: [{ip: 172.18.1.241}]}}",
            ""),
        new Case("nothing for a ClusterIP", "spec: {type: ClusterIP}", "unchanged"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void a_service_gets(Case each) {
    ObjectNode service =
        Trees.yaml(
            each.service().startsWith("metadata")
                ? each.service()
                : "metadata: {name: s}\n" + each.service());
    ObjectNode other =
        Trees.yaml(
            "metadata: {name: other}\n"
                + "spec: {type: LoadBalancer}\n"
                + "status: {loadBalancer: {ingress: [{ip: 172.18.1.10}]}}");

    List<String> results = new ArrayList<>();
    for (Action action : LoadBalancerDecision.decide(service, List.of(service, other), POOLS)) {
      switch (action) {
        case Action.PatchStatus p ->
            results.add(p.patch().at("/status/loadBalancer/ingress/0/ip").asText(""));
        case Action.Tell t when t.warning() -> results.add("failed");
        default -> {}
      }
    }
    if (each.address().equals("unchanged")) {
      assertThat(results).isEmpty();
    } else {
      assertThat(results).first().isEqualTo(each.address());
    }
  }

  @Test
  void a_pool_gives_out_its_addresses_in_order_and_then_none() {
    AddressPool pool = new AddressPool("p", List.of("172.18.1.255-172.18.2.1", "nonsense"));

    assertThat(pool.first(Set.of())).contains("172.18.1.255");
    assertThat(pool.first(Set.of("172.18.1.255"))).contains("172.18.2.0");
    assertThat(pool.first(Set.of("172.18.1.255", "172.18.2.0", "172.18.2.1"))).isEmpty();
    assertThat(pool.contains("172.18.2.1")).isTrue();
    assertThat(pool.contains("172.18.2.2")).isFalse();
  }
}
