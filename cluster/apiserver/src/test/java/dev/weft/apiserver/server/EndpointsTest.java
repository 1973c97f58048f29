package dev.weft.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Samples;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndpointsTest extends RealClient {
  private static final ResourceType SLICES =
      new ResourceType("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true);
  private static final ResourceType ENDPOINTS = ResourceType.core("endpoints", "Endpoints");

  private static void slice(String name, String service, String ports, String endpoints) {
    server
        .objects()
        .create(
            SLICES,
            "default",
            Samples.yaml(
                """
                metadata: {name: %s, labels: {kubernetes.io/service-name: %s}}
                addressType: IPv4
                ports: %s
                endpoints: %s
                """
                    .formatted(name, service, ports, endpoints)));
  }

  @Test
  void the_slices_of_a_service_are_seen_as_endpoints() throws Exception {
    kubectl("create", "service", "clusterip", "web", "--tcp=80:8080");
    slice(
        "web-1",
        "web",
        "[{name: http, port: 8080, protocol: TCP}]",
        "[{addresses: [10.0.0.2]}, {addresses: [10.0.0.1], conditions: {ready: true}},"
            + " {addresses: [10.0.0.3], conditions: {ready: false}}]");
    slice("web-2", "web", "[{name: http, port: 9090, protocol: TCP}]", "[{addresses: [10.0.0.9]}]");
    assertThat(kubectl("get", "endpoints", "web", "--no-headers"))
        .startsWith("web   10.0.0.1:8080,10.0.0.2:8080,10.0.0.9:9090   ");
    assertThat(kubectl("get", "ep", "web", "-o", "jsonpath={.subsets[0].notReadyAddresses[*].ip}"))
        .isEqualTo("10.0.0.3");
    server.objects().delete(SLICES, "default", "web-1", ObjectStore.DeleteOptions.BACKGROUND);
    assertThat(kubectl("get", "endpoints", "web", "--no-headers"))
        .startsWith("web   10.0.0.9:9090");
    kubectl("delete", "service", "web");
    assertThat(server.objects().get(ENDPOINTS, "default", "web")).isEqualTo(Optional.empty());
  }

  @Test
  void endpoints_that_somebody_wrote_stay_theirs() throws Exception {
    kubectl("create", "service", "clusterip", "own", "--tcp=80");
    server
        .objects()
        .create(
            ENDPOINTS,
            "default",
            Samples.yaml(
                "{metadata: {name: own}, subsets: [{addresses: [{ip: 192.0.2.1}], ports: [{port:"
                    + " 80}]}]}"));
    slice("own-1", "own", "[{port: 8080}]", "[{addresses: [10.0.0.2]}]");
    assertThat(kubectl("get", "endpoints", "own", "--no-headers")).startsWith("own   192.0.2.1:80");
  }
}
