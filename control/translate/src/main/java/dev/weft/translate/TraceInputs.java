package dev.weft.translate;

import dev.weft.config.Copies;
import dev.weft.config.Telemetry;
import dev.weft.config.Telemetry.Side;
import dev.weft.config.TraceProvider;
import dev.weft.config.TraceTag;
import dev.weft.snapshot.Collectors;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.TraceMerge;
import dev.weft.snapshot.TraceMerge.Traced;
import dev.weft.types.ClusterId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The spans that a proxy makes of one side.
 *
 * @param host of the service that takes them
 * @param producer who makes them, where their format says it apart from tags; else empty
 * @param sampling in percent
 * @param byRequestId whether an identifier of a request says if it is traced
 * @param tags in the order of their names
 * @param maxPathLength in characters; 0 for the proxy's own
 */
record TraceInputs(
    String host,
    int port,
    TraceProvider.Protocol protocol,
    String producer,
    double sampling,
    boolean byRequestId,
    Map<String, TraceTag> tags,
    int maxPathLength) {
  TraceInputs {
    tags = Copies.map(tags);
  }

  /**
   * The proxy that makes them.
   *
   * @param names what spans call its workload
   */
  record By(ClusterId cluster, String namespace, TraceNames names) {}

  /**
   * None where there is nobody to take them: requests do not depend on it.
   *
   * @param by null where spans are made nowhere
   */
  static @Nullable TraceInputs of(
      MeshSnapshot snapshot, List<Telemetry> holding, Side side, @Nullable By by) {
    if (by == null) {
      return null;
    }
    Optional<Traced> traced = TraceMerge.traces(snapshot.settings().traces(), holding, side);
    return traced
        .flatMap(t -> Collectors.service(snapshot, t.provider()))
        .filter(service -> reaches(service, by))
        .map(service -> of(snapshot, traced.get(), service.hostname(), by))
        .orElse(null);
  }

  private static boolean reaches(MeshService service, By by) {
    return service.visibleTo(by.namespace())
        && (!service.clusterLocal() || service.clusters().contains(by.cluster()));
  }

  private static TraceInputs of(MeshSnapshot snapshot, Traced traced, String host, By by) {
    Map<String, TraceTag> tags = new TreeMap<>(traced.tags());
    if (traced.istioTags()) {
      String mesh = snapshot.settings().meshId();
      tags.put("istio.canonical_revision", new TraceTag.Literal(by.names().revision()));
      tags.put("istio.canonical_service", new TraceTag.Literal(by.names().service()));
      tags.put("istio.cluster_id", new TraceTag.Literal(by.cluster().value()));
      tags.put("istio.mesh_id", new TraceTag.Literal(mesh.isEmpty() ? "unknown" : mesh));
      tags.put("istio.namespace", new TraceTag.Literal(by.namespace()));
    }
    return new TraceInputs(
        host,
        traced.provider().port(),
        traced.provider().protocol(),
        switch (traced.provider().protocol()) {
          case TraceProvider.Zipkin zipkin -> "";
          case TraceProvider.OtlpGrpc grpc -> by.names().producer();
          case TraceProvider.OtlpHttp http -> by.names().producer();
        },
        traced.sampling(),
        traced.byRequestId(),
        tags,
        traced.maxPathLength());
  }
}
