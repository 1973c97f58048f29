package dev.weft.control.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.weft.config.ConfigKind;
import dev.weft.config.Diagnostic;
import dev.weft.config.ObjectParser;
import dev.weft.config.Parsed;
import dev.weft.runtime.Change;
import dev.weft.runtime.Compiled;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.runtime.RuntimeConfigCompiler;
import dev.weft.translate.MeshFile;
import dev.weft.translate.ProxyNode;
import dev.weft.translate.Translation;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whatever is accepted at apply is carried out: a mesh of objects at random is translated, and no
 * proxy refuses anything of it. {@code -Dweft.steps} sets how many objects are tried, {@code
 * -Dweft.seed} where to begin.
 */
class AcceptedIsTakenTest {
  private static final int ENOUGH = 10_000;
  private static final int OBJECTS = Integer.getInteger("weft.steps", ENOUGH);
  private static final long SEED = Long.getLong("weft.seed", 1);
  private static final int PER_MESH = 10;
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String MESH =
      """
      clusters:
        c1:
          services:
            - {name: web.shop, vip: 10.96.0.1, ports: [{name: http, port: 80}]}
            - {name: other.shop, vip: 10.96.0.2, ports: [{name: http, port: 80}, {name: grpc, port: 8080}]}
            - {name: raw.shop, vip: 10.96.0.3, ports: [{name: tcp, port: 9000}]}
            - {name: db.shop, ports: [{name: tcp, port: 9000}, {name: http, port: 8080}]}
            - {name: tls.shop, vip: 10.96.0.5, ports: [{name: tls, port: 443}, {port: 8080}]}
          pods:
            - {name: web-1.shop, app: web, ip: 10.0.0.1, labels: {version: v1}}
            - {name: db-1.shop, app: db, ip: 10.0.0.4}
            - {name: client-1.shop, app: client, ip: 10.0.0.2}
            - {name: front-1.shop, app: front, ip: 10.0.0.3}
      proxies:
        client: {id: sidecar~10.0.0.2~client-1.shop~shop.svc.cluster.local, metadata: {CLUSTER_ID: c1, NAMESPACE: shop}}
        web: {id: sidecar~10.0.0.1~web-1.shop~shop.svc.cluster.local, metadata: {CLUSTER_ID: c1, NAMESPACE: shop}}
        ingress: {id: router~10.0.0.3~front-1.shop~shop.svc.cluster.local, metadata: {CLUSTER_ID: c1, NAMESPACE: shop}}
      """;

  @Test
  void what_is_accepted_is_taken_whole_by_every_proxy() throws IOException {
    Set<String> written = new TreeSet<>();
    for (int tried = 0; tried < OBJECTS; tried += PER_MESH) {
      long seed = SEED + tried;
      RandomIstioObjects objects = new RandomIstioObjects(new SplittableRandom(seed));
      List<Object> mesh = new ArrayList<>();
      for (int i = 0; i < PER_MESH; i++) {
        Map<String, Object> object = objects.next("odd-" + i);
        if (isAccepted(object)) {
          mesh.add(object);
          RandomIstioObjects.addFields(object, written);
        }
      }
      if (!refusals(mesh).isEmpty()) {
        fail(seed, mesh);
      }
    }
    Set<String> never = RandomIstioObjects.fields();
    never.removeAll(written);
    if (OBJECTS >= ENOUGH) {
      assertThat(never).as("fields that no accepted object had").isEmpty();
    }
  }

  private static boolean isAccepted(Map<String, Object> object) {
    Parsed parsed = ObjectParser.parse(kind(object), object);
    List<Diagnostic> errors =
        parsed.diagnostics().stream()
            .filter(d -> d.severity() == Diagnostic.Severity.ERROR)
            .toList();
    assertThat(parsed.value().isEmpty())
        .as("refused with a reason, and only then: %s", object)
        .isEqualTo(!errors.isEmpty());
    assertThat(errors).allMatch(e -> e.path().startsWith("spec") && !e.message().isBlank());
    return errors.isEmpty();
  }

  private static ConfigKind kind(Map<String, Object> object) {
    return Arrays.stream(ConfigKind.values())
        .filter(k -> k.kind().equals(object.get("kind")))
        .findFirst()
        .orElseThrow();
  }

  /** Names the one object that is refused, and who refuses what of it. */
  private static void fail(long seed, List<Object> mesh) throws IOException {
    for (Object object : mesh) {
      List<String> refusals = refusals(List.of(object));
      assertThat(refusals).as("seed %d: %s", seed, json(object)).isEmpty();
    }
    assertThat(refusals(mesh)).as("seed %d: %s", seed, json(mesh)).isEmpty();
  }

  private static List<String> refusals(List<Object> objects) throws IOException {
    Map<String, Object> tree = YAML.readValue(MESH, new TypeReference<>() {});
    List<Object> all = new ArrayList<>(objects);
    all.add(gateway());
    tree.put("objects", all);
    MeshFile mesh = MeshFile.of(tree);
    List<String> refusals = new ArrayList<>();
    mesh.proxies().forEach((name, node) -> refusals.addAll(refusals(mesh, name, node)));
    return refusals;
  }

  private static Map<String, Object> gateway() {
    return Map.of(
        "kind",
        "Gateway",
        "metadata",
        Map.of("name", "front", "namespace", "shop"),
        "spec",
        Map.of(
            "selector",
            Map.of("app", "front"),
            "servers",
            Stream.of("HTTP", "TCP", "TLS")
                .map(
                    protocol ->
                        server(
                            protocol,
                            protocol.equals("TLS")
                                ? Map.of("tls", Map.of("mode", "PASSTHROUGH"))
                                : Map.of()))
                .toList()));
  }

  private static Map<String, Object> server(String protocol, Map<String, Object> more) {
    Map<String, Object> server = new LinkedHashMap<>(more);
    server.put(
        "port",
        Map.of("number", 80 + protocol.hashCode() % 20, "name", protocol, "protocol", protocol));
    server.put("hosts", List.of("*"));
    return server;
  }

  private static List<String> refusals(MeshFile mesh, String name, ProxyNode node) {
    ResourceSet resources = new Translation().resources(mesh.snapshot(), node);
    List<Change> changes = new ArrayList<>();
    for (XdsType type : XdsType.values()) {
      for (VersionedResource resource : resources.of(type).values()) {
        changes.add(
            new Change.Set(type, resource.name(), resource.body().getValue().toByteArray()));
      }
    }
    Compiled compiled = RuntimeConfigCompiler.compile(RuntimeConfig.EMPTY, changes);
    return compiled.rejections().stream().map(r -> name + ": " + r).toList();
  }

  private static String json(Object tree) throws JsonProcessingException {
    return new JsonMapper().writeValueAsString(tree);
  }
}
