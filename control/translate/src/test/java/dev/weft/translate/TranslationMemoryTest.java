package dev.weft.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TranslationMemoryTest {
  private static final int SERVICES = 200;
  private static final int EDITS = 200;

  private static ProxyNode client() {
    return ProxyNode.parse(
        Node.newBuilder()
            .setId("sidecar~10.0.0.2~client-1.shop~shop.svc.cluster.local")
            .setMetadata(
                Struct.newBuilder()
                    .putFields("CLUSTER_ID", Value.newBuilder().setStringValue("c1").build())
                    .putFields("NAMESPACE", Value.newBuilder().setStringValue("shop").build()))
            .build());
  }

  private static Map<String, Object> edit(int number) {
    return Map.of(
        "kind",
        "VirtualService",
        "metadata",
        Map.of("name", "edited", "namespace", "shop"),
        "spec",
        Map.of(
            "hosts",
            List.of("s0"),
            "http",
            List.of(
                Map.of(
                    "timeout",
                    (number + 1) + "s",
                    "route",
                    List.of(Map.of("destination", Map.of("host", "s0")))))));
  }

  private static MeshFile mesh(int edit) throws IOException {
    List<Object> services = new ArrayList<>();
    for (int i = 0; i < SERVICES; i++) {
      services.add(
          Map.of(
              "name",
              "s" + i + ".shop",
              "vip",
              "10.96." + i / 250 + "." + (i % 250 + 1),
              "ports",
              List.of(Map.of("name", "http", "port", 80))));
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("clusters", Map.of("c1", Map.of("services", services)));
    tree.put("objects", List.of(edit(edit)));
    return MeshFile.of(tree);
  }

  /** Each edit makes a route table of all services, which nobody serves after the next. */
  @Test
  void edits_of_a_big_mesh_leave_nothing_behind() throws IOException {
    Translation translation = new Translation();
    ProxyNode client = client();
    ResourceSet served = translation.resources(mesh(0).snapshot(), client);
    long ofOne = translation.remembered();
    for (int i = 1; i <= EDITS; i++) {
      served = translation.resources(mesh(i).snapshot(), client);
    }
    // Nothing but what changed was made again.
    assertThat(translation.translations()).isEqualTo(ofOne + EDITS);
    assertThat(rememberedAfterCollection(translation, ofOne)).isEqualTo(ofOne);
    assertThat(served.all(XdsType.ROUTE)).isNotEmpty();
  }

  /** References are told of a collection a moment after it. */
  private static long rememberedAfterCollection(Translation translation, long wanted) {
    for (int tries = 0; tries < 100 && translation.remembered() != wanted; tries++) {
      System.gc();
    }
    return translation.remembered();
  }
}
