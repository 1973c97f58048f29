package dev.weft.proxy.xds;

import dev.weft.xds.client.ProtoStruct;
import dev.weft.xds.client.ProtoWriter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** What this workload tells its peers about itself ({@code x-envoy-peer-metadata}). */
public final class PeerMetadata {
  private static final String[] KEYS = {
    "CLUSTER_ID", "INSTANCE_IPS", "MESH_ID", "NAME", "NAMESPACE", "OWNER", "WORKLOAD_NAME"
  };
  private static final String[] LABELS = {
    "app", "version", "service.istio.io/canonical-name", "service.istio.io/canonical-revision"
  };

  private PeerMetadata() {}

  /** Base64 of a {@code google.protobuf.Struct}. */
  public static String of(ProxyEnvironment environment) {
    Map<String, Object> struct = new LinkedHashMap<>();
    for (String key : KEYS) {
      Object value = environment.meta().get(key);
      if (value instanceof String) {
        struct.put(key, value);
      }
    }
    Map<String, Object> labels = new LinkedHashMap<>();
    for (String label : LABELS) {
      String value = environment.labels().get(label);
      if (value != null) {
        labels.put(label, value);
      }
    }
    struct.put("LABELS", labels);
    ProtoWriter out = new ProtoWriter();
    ProtoStruct.write(out, struct);
    return Base64.getEncoder().encodeToString(out.toBytes());
  }
}
