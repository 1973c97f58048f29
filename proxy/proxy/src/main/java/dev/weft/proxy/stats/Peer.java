package dev.weft.proxy.stats;

import dev.weft.xds.client.FieldException;
import dev.weft.xds.client.ProtoFields;
import dev.weft.xds.client.ProtoStruct;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One side of a call, as labels show it. What is not known is {@code unknown}. */
record Peer(
    String workload,
    String namespace,
    String app,
    String version,
    String cluster,
    String canonicalService,
    String canonicalRevision) {
  static final String NOTHING = "unknown";
  static final Peer UNKNOWN =
      new Peer(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING);

  /** What a peer said of itself: base64 of a {@code Struct}; nonsense is an unknown peer. */
  static Peer ofMetadata(String base64) {
    try {
      Map<String, @Nullable Object> struct =
          ProtoStruct.read(ProtoFields.of(Base64.getDecoder().decode(base64), ""));
      Map<?, ?> labels = struct.get("LABELS") instanceof Map<?, ?> map ? map : Map.of();
      String workload = text(struct.get("WORKLOAD_NAME"));
      String app = text(labels.get("app"));
      String version = text(labels.get("version"));
      String canonical = text(labels.get("service.istio.io/canonical-name"));
      String revision = text(labels.get("service.istio.io/canonical-revision"));
      return new Peer(
          workload,
          text(struct.get("NAMESPACE")),
          app,
          version,
          text(struct.get("CLUSTER_ID")),
          canonical.equals(NOTHING) ? first(app, workload) : canonical,
          revision.equals(NOTHING) ? first(version, "latest") : revision);
    } catch (IllegalArgumentException | FieldException e) {
      return UNKNOWN;
    }
  }

  /** What the control plane says of an endpoint: {@code workload;ns;canonical;revision;cluster}. */
  static Peer ofEndpoint(String workload) {
    String[] parts = workload.split(";", -1);
    if (parts.length < 5) {
      return UNKNOWN;
    }
    return new Peer(
        text(parts[0]),
        text(parts[1]),
        text(parts[2]),
        text(parts[3]),
        text(parts[4]),
        text(parts[2]),
        text(parts[3]));
  }

  private static String first(String a, String b) {
    return a.equals(NOTHING) ? b : a;
  }

  private static String text(@Nullable Object value) {
    return value instanceof String text && !text.isEmpty() ? text : NOTHING;
  }
}
