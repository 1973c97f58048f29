package dev.weft.translate;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weft.config.Copies;
import dev.weft.snapshot.Workload;
import dev.weft.types.ClusterId;
import dev.weft.types.HopLabel;
import dev.weft.types.Locality;
import dev.weft.types.NetworkId;
import dev.weft.xds.OnDemand;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy says of itself in its first request. Nothing of it is proven; the discovery server
 * compares it with the caller's identity. Istio: pkg/model/proxy.go.
 *
 * @param id the whole node id, {@code <role>~<ip>~<pod>.<namespace>~<dns domain>}
 * @param network metadata {@code NETWORK}; unnamed where the proxy leaves it to us
 * @param networkView metadata {@code REQUESTED_NETWORK_VIEW}; empty for all
 * @param dnsCapture whether it answers its pod's DNS queries from a name table
 * @param onDemand whether it asks for what its pod calls, instead of being told everything; of
 *     sidecars that know how to
 * @param version of its program, metadata {@code ISTIO_VERSION}; may be empty
 * @param byEndpoint whether it can name one endpoint to a gateway
 * @param locality as {@code region/zone/subzone}, used until the pod is known
 */
public record ProxyNode(
    String id,
    ProxyRole role,
    List<String> ips,
    String pod,
    String namespace,
    ClusterId cluster,
    NetworkId network,
    List<NetworkId> networkView,
    Map<String, String> labels,
    String serviceAccount,
    String workloadName,
    String nodeName,
    boolean dnsCapture,
    boolean onDemand,
    String version,
    Dialect dialect,
    boolean byEndpoint,
    Locality locality) {

  private static final int ID_PARTS = 4;

  /** As much as annotations, labels and settings of a pod can be. */
  private static final int MAX_BYTES = 1 << 20;

  public ProxyNode {
    ips = List.copyOf(ips);
    networkView = List.copyOf(networkView);
    labels = Copies.map(labels);
  }

  /**
   * Reads a node.
   *
   * @throws IllegalArgumentException naming the field where it does not say who it is
   */
  public static ProxyNode parse(Node node) {
    if (node.getSerializedSize() > MAX_BYTES) {
      throw new IllegalArgumentException(
          "node has %d bytes; the limit is %d: leave out metadata that nobody reads"
              .formatted(node.getSerializedSize(), MAX_BYTES));
    }
    String[] parts = node.getId().split("~", -1);
    if (parts.length != ID_PARTS) {
      throw new IllegalArgumentException(
          "node.id '"
              + node.getId()
              + "' is not <role>~<ip>~<pod>.<namespace>~<dns domain>, as in"
              + " 'sidecar~10.1.0.5~sleep-x.default~default.svc.cluster.local'");
    }
    ProxyRole role =
        switch (parts[0]) {
          case "sidecar" -> ProxyRole.SIDECAR;
          case "router" -> ProxyRole.ROUTER;
          default ->
              throw new IllegalArgumentException(
                  "node.id '"
                      + node.getId()
                      + "' begins with the role '"
                      + parts[0]
                      + "'; known are 'sidecar' and 'router'");
        };
    // Pod names may have dots, namespaces may not.
    int dot = parts[2].lastIndexOf('.');
    if (dot <= 0 || dot == parts[2].length() - 1) {
      throw new IllegalArgumentException(
          "node.id '" + node.getId() + "' has '" + parts[2] + "' where <pod>.<namespace> belongs");
    }
    Map<String, Value> metadata = node.getMetadata().getFieldsMap();
    String namespaceOfId = parts[2].substring(dot + 1);
    String namespace = text(metadata, "NAMESPACE");
    if (!namespace.isEmpty() && !namespace.equals(namespaceOfId)) {
      throw new IllegalArgumentException(
          "node.metadata.NAMESPACE is '"
              + namespace
              + "', but node.id says '"
              + namespaceOfId
              + "'");
    }
    String version = text(metadata, "ISTIO_VERSION");
    return new ProxyNode(
        node.getId(),
        role,
        ips(parts[1], text(metadata, "INSTANCE_IPS")),
        parts[2].substring(0, dot),
        namespaceOfId,
        cluster(text(metadata, "CLUSTER_ID")),
        new NetworkId(text(metadata, "NETWORK")),
        list(text(metadata, "REQUESTED_NETWORK_VIEW")).stream().map(NetworkId::new).toList(),
        strings(metadata.get("LABELS")),
        text(metadata, "SERVICE_ACCOUNT"),
        text(metadata, "WORKLOAD_NAME"),
        text(metadata, "NODE_NAME"),
        text(metadata, "DNS_CAPTURE").toLowerCase(Locale.ROOT).equals("true"),
        role == ProxyRole.SIDECAR && node.getClientFeaturesList().contains(OnDemand.FEATURE),
        version,
        node.getUserAgentName().equals("weft")
            ? Dialect.WEFT
            : version.isEmpty() ? Dialect.STOCK : Dialect.ISTIO,
        node.getClientFeaturesList().contains(HopLabel.FEATURE),
        new Locality(
            node.getLocality().getRegion(),
            node.getLocality().getZone(),
            node.getLocality().getSubZone()));
  }

  /** What the proxy of a pod, of our own program, says of itself when it connects. */
  public static ProxyNode of(Workload pod, ProxyRole role) {
    String namespace = pod.key().namespace();
    String ip = pod.ips().isEmpty() ? "" : pod.ips().getFirst();
    return new ProxyNode(
        String.join(
            "~",
            role == ProxyRole.SIDECAR ? "sidecar" : "router",
            ip,
            pod.key().pod() + "." + namespace,
            namespace + ".svc.cluster.local"),
        role,
        ip.isEmpty() ? List.of() : List.of(ip),
        pod.key().pod(),
        namespace,
        pod.key().cluster(),
        NetworkId.UNNAMED,
        List.of(),
        Map.of(),
        "",
        "",
        "",
        false,
        false,
        "",
        Dialect.WEFT,
        true,
        Locality.UNKNOWN);
  }

  private static ClusterId cluster(String id) {
    if (id.isEmpty()) {
      throw new IllegalArgumentException(
          "node.metadata.CLUSTER_ID is missing: set ISTIO_META_CLUSTER_ID to the name under which"
              + " the proxy's cluster was registered");
    }
    try {
      return ClusterId.of(id);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("node.metadata.CLUSTER_ID: " + e.getMessage(), e);
    }
  }

  private static List<String> ips(String first, String instanceIps) {
    List<String> ips = new ArrayList<>(list(instanceIps));
    if (!first.isEmpty() && !ips.contains(first)) {
      ips.addFirst(first);
    }
    return ips;
  }

  private static List<String> list(String commaSeparated) {
    return List.of(commaSeparated.split(",")).stream()
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  private static String text(Map<String, Value> metadata, String key) {
    Value value = metadata.get(key);
    if (value == null) {
      return "";
    }
    return switch (value.getKindCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      case NUMBER_VALUE, NULL_VALUE, STRUCT_VALUE, LIST_VALUE, KIND_NOT_SET -> "";
    };
  }

  private static Map<String, String> strings(@Nullable Value value) {
    Struct struct = value == null ? Struct.getDefaultInstance() : value.getStructValue();
    Map<String, String> strings = new TreeMap<>();
    struct.getFieldsMap().forEach((key, v) -> strings.put(key, v.getStringValue()));
    return strings;
  }
}
