package dev.weft.control.lastknown;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigEvent;
import dev.weft.config.KubeFact;
import dev.weft.config.KubeNamespace;
import dev.weft.config.KubeNode;
import dev.weft.config.SyncState;
import dev.weft.types.ClusterId;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The content of one file: a member cluster's facts, JSON. It holds what {@link ClusterFacts}
 * holds, and so nothing secret: neither credentials nor Secrets are among the facts.
 */
final class MemberFile {
  private static final String FORMAT = "weft-member-cluster";
  private static final int VERSION = 2;

  private MemberFile() {}

  static byte[] write(ClusterFacts facts, Instant changed) throws IOException {
    JsonMapper mapper = new JsonMapper();
    ObjectNode json =
        mapper
            .createObjectNode()
            .put("format", FORMAT)
            .put("version", VERSION)
            .put("cluster", facts.id().value())
            .put("changed", changed.toString());
    json.set("services", FactJson.list(facts.services().values(), FactJson::of));
    json.set("endpointSlices", FactJson.list(facts.slices().values(), FactJson::of));
    json.set("pods", FactJson.list(facts.pods().values(), FactJson::of));
    json.set("nodes", FactJson.list(facts.nodes().values(), FactJson::of));
    json.set("namespaces", FactJson.list(facts.namespaces().values(), FactJson::of));
    return mapper.writeValueAsBytes(json);
  }

  /**
   * Reads it back.
   *
   * @param cluster by the file's name
   * @throws IOException where the content is not that of such a file; the message says why
   */
  static ConfigEvent.ClusterRemembered read(ClusterId cluster, byte[] content) throws IOException {
    JsonNode json;
    try {
      json = new JsonMapper().readTree(content);
    } catch (JsonProcessingException e) {
      throw new IOException("it is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!json.path("format").asText().equals(FORMAT)) {
      throw new IOException("it is not a file of the control plane's");
    }
    if (json.path("version").asInt() != VERSION) {
      throw new IOException(
          "it has the version "
              + json.path("version")
              + " of another control plane, not "
              + VERSION);
    }
    if (!json.path("cluster").asText().equals(cluster.value())) {
      throw new IOException("it is about the cluster " + json.path("cluster"));
    }
    Fields fields = new Fields(json, "");
    try {
      return new ConfigEvent.ClusterRemembered(
          new ClusterFacts(
              cluster,
              SyncState.LAST_KNOWN,
              "",
              by(KubeFact::key, fields.list("services", FactJson::service)),
              by(KubeFact::key, fields.list("endpointSlices", FactJson::slice)),
              by(KubeFact::key, fields.list("pods", FactJson::pod)),
              by(KubeNode::name, fields.list("nodes", FactJson::node)),
              by(KubeNamespace::name, fields.list("namespaces", FactJson::namespace))),
          fields.time("changed"));
    } catch (Fields.BrokenException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static <K extends Comparable<K>, V> Map<K, V> by(
      Function<? super V, K> key, List<V> values) {
    Map<K, V> map = new TreeMap<>();
    values.forEach(v -> map.put(key.apply(v), v));
    return map;
  }
}
