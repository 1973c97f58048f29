package dev.weft.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import dev.weft.config.KubeEndpointSlice;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class FactsTest {
  private static final String META =
      """
      "metadata":{"name":"cart","namespace":"shop","uid":"u-1","labels":{"app":"cart",
      "topology.kubernetes.io/zone":"z-1","kubernetes.io/service-name":"cart"},
      "annotations":{"networking.istio.io/exportTo":"*","other":"x"},
      "creationTimestamp":"2026-05-04T08:15:30Z","deletionTimestamp":"2026-05-04T09:15:30Z",
      "managedFields":[{"manager":"kubectl"}]}
      """;

  /** An object of every kind, with something in each field that counts and in some that do not. */
  private record Case(Supplier<? extends HasMetadata> blank, String json) {
    HasMetadata whole() {
      return new KubernetesSerialization().unmarshal(json, blank.get().getClass());
    }

    HasMetadata trimmed() throws IOException {
      HasMetadata object = blank.get();
      try (JsonParser parser =
          KubeJson.parser(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)))) {
        KubeJson.into(object, parser);
      }
      return object;
    }
  }

  private static final List<Case> CASES =
      List.of(
          new Case(Pod::new, ManyPods.pod(7)),
          new Case(
              Pod::new,
              "{%s,\"spec\":{\"hostname\":\"h\",\"subdomain\":\"s\",\"hostNetwork\":true},\"status\":"
                      .formatted(META)
                  + "{\"podIP\":\"10.0.0.1\"}}"),
          new Case(
              Namespace::new, "{%s,\"spec\":{\"finalizers\":[\"kubernetes\"]}}".formatted(META)),
          new Case(
              Node::new,
              "{%s,\"spec\":{\"podCIDR\":\"10.0.0.0/24\"},\"status\":{\"addresses\":["
                      .formatted(META)
                  + "{\"type\":\"InternalIP\",\"address\":\"10.0.0.1\"},"
                  + "{\"type\":\"ExternalIP\",\"address\":\"192.0.2.1\"}],"
                  + "\"images\":[{\"names\":[\"a\"],\"sizeBytes\":1}]}}"),
          new Case(
              Service::new,
              "{%s,\"spec\":{\"type\":\"LoadBalancer\",\"clusterIP\":\"10.1.0.1\",".formatted(META)
                  + "\"clusterIPs\":[\"10.1.0.1\"],\"externalIPs\":[\"192.0.2.2\"],"
                  + "\"externalName\":\"example.com\",\"selector\":{\"app\":\"cart\"},"
                  + "\"publishNotReadyAddresses\":true,\"internalTrafficPolicy\":\"Local\","
                  + "\"trafficDistribution\":\"PreferClose\","
                  + "\"sessionAffinity\":\"None\",\"ports\":[{\"name\":\"http\",\"port\":80,"
                  + "\"appProtocol\":\"http\",\"targetPort\":\"web\",\"nodePort\":30080},"
                  + "{\"name\":\"dns\",\"port\":53,\"protocol\":\"UDP\",\"targetPort\":5353}]},"
                  + "\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"192.0.2.3\"},"
                  + "{\"hostname\":\"lb.example.com\"}]},\"conditions\":[]}}"),
          new Case(
              EndpointSlice::new,
              "{%s,\"addressType\":\"IPv4\",\"endpoints\":[{\"addresses\":[\"10.0.0.1\"],"
                      .formatted(META)
                  + "\"conditions\":{\"ready\":false,\"serving\":true,\"terminating\":true},"
                  + "\"targetRef\":{\"kind\":\"Pod\",\"name\":\"cart-1\",\"uid\":\"x\"},"
                  + "\"nodeName\":\"n\",\"zone\":\"z\",\"hostname\":\"h\",\"hints\":{}}],"
                  + "\"ports\":[{\"name\":\"http\",\"port\":8080,\"protocol\":\"TCP\"}]}"));

  @TestFactory
  Stream<DynamicTest> nothing_that_counts_is_skipped() {
    return CASES.stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.whole().getKind(),
                    () ->
                        assertThat(new Facts().of(each.trimmed()))
                            .isPresent()
                            .isEqualTo(new Facts().of(each.whole()))));
  }

  @Test
  void what_is_managed_and_what_runs_in_a_container_is_skipped() throws IOException {
    Pod pod = (Pod) CASES.getFirst().trimmed();
    assertThat(pod.getMetadata().getManagedFields()).isEmpty();
    assertThat(pod.getSpec().getVolumes()).isEmpty();
    assertThat(pod.getSpec().getContainers()).allMatch(container -> container.getEnv().isEmpty());
    assertThat(pod.getStatus().getContainerStatuses()).isEmpty();
  }

  @Test
  void the_traffic_distribution_of_a_service_stands_in_the_annotation_that_it_came_from() {
    Case service =
        CASES.stream().filter(c -> c.blank().get() instanceof Service).findFirst().orElseThrow();
    KubeService fact = (KubeService) new Facts().of(service.whole()).orElseThrow();
    assertThat(fact.annotations())
        .containsEntry(KubeService.TRAFFIC_DISTRIBUTION, "PreferClose")
        .containsEntry("networking.istio.io/exportTo", "*");
  }

  /** A target, and the pod that is meant by it. */
  record Target(String type, String target, List<String> pods) {}

  @TestFactory
  Stream<DynamicTest> an_endpoint_names_a_pod_of_its_own_namespace_or_none() {
    return Stream.of(
            new Target("IPv4", "{\"kind\":\"Pod\",\"name\":\"cart-1\"}", List.of("cart-1")),
            new Target(
                "IPv6",
                "{\"kind\":\"Pod\",\"name\":\"cart-1\",\"namespace\":\"shop\"}",
                List.of("cart-1")),
            new Target(
                "IPv4",
                "{\"kind\":\"Pod\",\"name\":\"cart-1\",\"namespace\":\"bank\"}",
                List.of("")),
            new Target("IPv4", "{\"kind\":\"Node\",\"name\":\"cart-1\"}", List.of("")),
            new Target("IPv4", "null", List.of("")),
            new Target("FQDN", "null", List.of()))
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.type() + " " + each.target(),
                    () -> {
                      Case slice =
                          new Case(
                              EndpointSlice::new,
                              "{\"metadata\":{\"name\":\"a\",\"namespace\":\"shop\"},\"addressType\":\"%s\","
                                      .formatted(each.type())
                                  + "\"endpoints\":[{\"addresses\":[\"10.0.0.1\"],\"targetRef\":%s}]}"
                                      .formatted(each.target()));
                      KubeEndpointSlice fact =
                          (KubeEndpointSlice) new Facts().of(slice.trimmed()).orElseThrow();
                      assertThat(fact.endpoints())
                          .extracting(KubeEndpointSlice.Endpoint::pod)
                          .isEqualTo(each.pods());
                    }));
  }

  @Test
  void pods_of_a_workload_share_what_they_have_in_common() throws IOException {
    Facts facts = new Facts();
    KubePod one = (KubePod) facts.of(new Case(Pod::new, ManyPods.pod(0)).trimmed()).orElseThrow();
    KubePod two = (KubePod) facts.of(new Case(Pod::new, ManyPods.pod(1)).trimmed()).orElseThrow();
    assertThat(one.name()).isNotEqualTo(two.name());
    assertThat(one.namespace()).isSameAs(two.namespace());
    assertThat(one.serviceAccount()).isSameAs(two.serviceAccount());
    assertThat(one.ownerName()).isSameAs(two.ownerName());
    assertThat(one.ports()).isSameAs(two.ports());
    assertThat(one.labels().get("app")).isSameAs(two.labels().get("app"));
  }
}
