package dev.weft.control.tool;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import dev.weft.control.admin.ProxyView;
import dev.weft.control.ads.ProxyStatus;
import dev.weft.control.ads.ProxyStatus.State;
import dev.weft.control.ads.ProxyStatus.TypeStatus;
import dev.weft.control.ads.RefusedPart;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.admin.v3.UpdateFailureState;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.status.v3.ClientConfig;
import io.envoyproxy.envoy.service.status.v3.ClientConfig.GenericXdsConfig;
import io.envoyproxy.envoy.service.status.v3.ConfigStatus;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How far a proxy has followed, in Istio's two forms: the {@code SyncStatus} of {@code
 * /debug/syncz}, and Envoy's {@code ClientConfig} over xDS. Istio: pilot/pkg/xds/debug.go,
 * statusgen.go.
 */
final class SyncStatus {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<LinkedHashMap<String, Object>> TREE = new TypeReference<>() {};

  private SyncStatus() {}

  /** Our own view of it, with Istio's names beside ours. */
  static Map<String, Object> tree(ProxyStatus proxy, ProxyView view) {
    Map<String, Object> tree = JSON.convertValue(view, TREE);
    tree.put("cluster_id", proxy.cluster().value());
    tree.put("proxy_type", proxy.role());
    tree.put("istio_version", proxy.version());
    progress(tree, "cluster", proxy.types().get(XdsType.CLUSTER));
    progress(tree, "listener", proxy.types().get(XdsType.LISTENER));
    progress(tree, "route", proxy.types().get(XdsType.ROUTE));
    progress(tree, "endpoint", proxy.types().get(XdsType.ENDPOINT));
    progress(tree, "extensionconfig", proxy.types().get(XdsType.EXTENSION_CONFIG));
    return tree;
  }

  /** Istio compares the two; that they are nonces there does not matter to anybody. */
  private static void progress(Map<String, Object> tree, String type, @Nullable TypeStatus status) {
    if (status != null && status.state() != State.NOT_SENT) {
      tree.put(type + "_sent", status.version());
      tree.put(type + "_acked", status.state() == State.SYNCED ? status.version() : "");
    }
  }

  static ClientConfig message(ProxyStatus proxy) {
    Struct metadata =
        Struct.newBuilder()
            .putFields("CLUSTER_ID", text(proxy.cluster().value()))
            .putFields("NAMESPACE", text(proxy.namespace()))
            .putFields("ISTIO_VERSION", text(proxy.version()))
            .build();
    ClientConfig.Builder config =
        ClientConfig.newBuilder()
            .setNode(Node.newBuilder().setId(proxy.id()).setMetadata(metadata));
    proxy.types().forEach((type, status) -> config.addGenericXdsConfigs(message(type, status)));
    return config.build();
  }

  private static GenericXdsConfig message(XdsType type, TypeStatus status) {
    GenericXdsConfig.Builder config =
        GenericXdsConfig.newBuilder().setTypeUrl(type.url()).setConfigStatus(word(status.state()));
    Instant sent = status.sent();
    if (sent != null) {
      config.setLastUpdated(time(sent));
    }
    String details = details(status);
    if (!details.isEmpty()) {
      UpdateFailureState.Builder error = UpdateFailureState.newBuilder().setDetails(details);
      if (sent != null) {
        error.setLastUpdateAttempt(time(sent));
      }
      config.setErrorState(error);
    }
    return config.build();
  }

  private static ConfigStatus word(State state) {
    return switch (state) {
      case SYNCED -> ConfigStatus.SYNCED;
      case STALE -> ConfigStatus.STALE;
      case NOT_SENT -> ConfigStatus.NOT_SENT;
      case NACKED -> ConfigStatus.ERROR;
    };
  }

  private static String details(TypeStatus status) {
    return status.refused().isEmpty()
        ? status.reason()
        : status.refused().stream().map(RefusedPart::line).collect(Collectors.joining("; "));
  }

  private static Timestamp time(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  private static Value text(String value) {
    return Value.newBuilder().setStringValue(value).build();
  }
}
