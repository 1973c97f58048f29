package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.server.Peer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests to hosts that are no Services, in a mesh that lets nothing else out. */
class ServiceEntryTest {
  private static final String MESH =
      """
      mesh: {outboundTrafficPolicy: {mode: REGISTRY_ONLY}, accessLogFile: /dev/stdout}
      clusters:
        west:
          services:
            - {name: web.shop, vip: 10.96.0.1, ports: [{name: http, port: 8000, targetPort: 8080}]}
          pods:
            - {name: client-1.shop, app: client, ip: NET.9}
            - {name: web-1.shop, app: web, ip: NET.11}
            - {name: vm-1.outside, app: vm, ip: NET.21}
            - {name: vm-2.outside, app: vm, ip: NET.22}
      """;

  private static final String ENTRY =
      """
      - kind: ServiceEntry
        metadata: {name: out, namespace: shop}
        spec:
          hosts: [api.example]
          resolution: RESOLUTION
          location: LOCATION
          ports: [{number: 8000, name: http, protocol: HTTP, targetPort: 8080}]
          endpoints: [ENDPOINTS]
      """;

  @TempDir private Path files;

  /** The application of a pod, beside its proxy. */
  private static String outside(World world, String pod) {
    return world.pod(pod).application();
  }

  private static String entry(String resolution, String location, String endpoints) {
    return ENTRY
        .replace("RESOLUTION", resolution)
        .replace("LOCATION", location)
        .replace("ENDPOINTS", endpoints);
  }

  private static Map<String, Integer> answers(World world, String objects, String host) {
    world.objects(objects);
    try (Client client = world.client("client-1", true, host)) {
      return client.times(40, "/", "host: " + host);
    }
  }

  @Test
  void reaches_addresses_that_are_written_by_their_weights() {
    try (World world = new World(MESH, files)) {
      assertThat(answers(world, "[]", "api.example")).isEqualTo(Map.of("502", 40));
      String endpoints =
          "{address: %s, weight: 9}, {address: %s}"
              .formatted(outside(world, "vm-1"), outside(world, "vm-2"));
      Map<String, Integer> answers =
          answers(world, entry("STATIC", "MESH_EXTERNAL", endpoints), "api.example");
      assertThat(answers).containsOnlyKeys("vm-1", "vm-2");
      assertThat(answers.get("vm-1")).isGreaterThan(20);
      assertThat(answers(world, entry("STATIC", "MESH_EXTERNAL", endpoints), "b.example"))
          .isEqualTo(Map.of("502", 40));
    }
  }

  @Test
  void looks_names_up() {
    try (World world = new World(MESH, files)) {
      String endpoint = "{address: %s}".formatted(outside(world, "vm-1"));
      for (String resolution : new String[] {"DNS", "DNS_ROUND_ROBIN"}) {
        assertThat(answers(world, entry(resolution, "MESH_EXTERNAL", endpoint), "api.example"))
            .isEqualTo(Map.of("vm-1", 40));
      }
    }
  }

  @Test
  void dials_what_its_client_dials() {
    try (World world = new World(MESH, files)) {
      world.objects(
          """
          - kind: ServiceEntry
            metadata: {name: out, namespace: shop}
            spec:
              hosts: ["*.example"]
              ports: [{number: 8000, name: http, protocol: HTTP}, {number: 8080, name: alt, protocol: HTTP}]
          """);
      try (Client client = world.client("client-1", true, "dialled")) {
        client.proxy().dials(outside(world, "vm-2"), 8080);
        assertThat(client.get("/", "host: any.example").pod()).isEqualTo("vm-2");
        assertThat(client.get("/", "host: any.other").status()).isEqualTo(502);
      }
    }
  }

  @Test
  void speaks_mutual_tls_to_workloads_of_the_mesh() {
    try (World world = new World(MESH, files)) {
      String vm = world.pod("vm-1").address();
      String inside =
          entry("STATIC", "MESH_INTERNAL", "{address: %s, serviceAccount: vm}".formatted(vm))
              .replace("namespace: shop", "namespace: outside");
      String strict =
          """
          - kind: PeerAuthentication
            metadata: {name: strict, namespace: outside}
            spec: {mtls: {mode: STRICT}}
          """;
      assertThat(answers(world, inside + strict, "api.example")).isEqualTo(Map.of("vm-1", 40));
      String external = inside.replace("MESH_INTERNAL", "MESH_EXTERNAL");
      assertThat(answers(world, external + strict, "api.example")).isEqualTo(Map.of("503", 40));
    }
  }

  @Test
  void workloads_are_selected_by_service_entries_and_services() {
    try (World world = new World(MESH, files)) {
      String objects =
          """
          - kind: ServiceEntry
            metadata: {name: out, namespace: shop}
            spec:
              hosts: [old.example]
              location: MESH_INTERNAL
              resolution: STATIC
              ports: [{number: 8000, name: http, protocol: HTTP, targetPort: 8080}]
              workloadSelector: {labels: {kind: old}}
          - kind: WorkloadEntry
            metadata: {name: vm-1, namespace: shop, labels: {kind: old}}
            spec: {address: %s}
          - kind: WorkloadEntry
            metadata: {name: vm-2, namespace: shop}
            spec: {address: %s, labels: {app: web}}
          """
              .formatted(outside(world, "vm-1"), outside(world, "vm-2"));
      assertThat(answers(world, objects, "old.example")).isEqualTo(Map.of("vm-1", 40));
      assertThat(answers(world, objects, "web.shop")).containsOnlyKeys("web-1", "vm-2");
    }
  }

  @Test
  void routes_subsets_and_names_of_servers_hold() {
    try (World world = new World(MESH, files)) {
      String endpoints =
          "{address: %s, labels: {version: v1}}, {address: %s, labels: {version: v2}}"
              .formatted(outside(world, "vm-1"), outside(world, "vm-2"));
      String routes =
          """
          - kind: DestinationRule
            metadata: {name: out, namespace: shop}
            spec: {host: api.example, subsets: [{name: two, labels: {version: v2}}]}
          - kind: VirtualService
            metadata: {name: out, namespace: shop}
            spec:
              hosts: [api.example]
              http: [{route: [{destination: {host: api.example, subset: two}}]}]
          """;
      assertThat(
              answers(world, entry("STATIC", "MESH_EXTERNAL", endpoints) + routes, "api.example"))
          .isEqualTo(Map.of("vm-2", 40));
      world.objects(
          """
          - kind: ServiceEntry
            metadata: {name: tls, namespace: shop}
            spec:
              hosts: [one.example]
              resolution: STATIC
              ports: [{number: 7443, name: tls, protocol: TLS, targetPort: 8080}]
              endpoints: [{address: %s}]
          """
              .formatted(outside(world, "vm-1")));
      try (Client client = world.client("client-1", true, "sni")) {
        assertThat(hello(world, "one.example")).contains("vm-1");
        assertThat(hello(world, "two.example")).isEmpty();
      }
    }
  }

  private static String hello(World world, String name) {
    try (Peer peer = Peer.connect(new InetSocketAddress(world.pod("client-1").address(), 7443))) {
      peer.send(ClientHellos.naming(name));
      return peer.rest();
    }
  }
}
