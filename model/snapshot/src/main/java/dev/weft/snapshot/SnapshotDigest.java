package dev.weft.snapshot;

import dev.weft.config.Copies;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is served out of a snapshot, in a few characters: two processes that made theirs of the same
 * facts have the same digest, whatever happened before. How well the clusters can be read, and
 * findings, are not in it: they may differ from replica to replica without a difference for
 * proxies.
 *
 * @param total of everything
 * @param parts of each part of a snapshot, which tells where two differ
 */
public record SnapshotDigest(String total, Map<String, String> parts) {
  // Of a SHA-256, in hexadecimal digits: nobody attacks this.
  private static final int DIGITS = 16;

  public SnapshotDigest {
    parts = Copies.map(parts);
  }

  public static SnapshotDigest of(MeshSnapshot snapshot) {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("settings", digest(List.of(snapshot.settings())));
    parts.put(
        "networks",
        digest(
            snapshot.clusters().values().stream().map(m -> m.id() + "=" + m.network()).toList()));
    parts.put("networkGateways", digest(snapshot.networkGateways().all()));
    parts.put("services", digest(snapshot.services().values()));
    parts.put("workloads", digest(snapshot.workloads().values()));
    parts.put("peerAuthentications", digest(List.of(snapshot.peerAuthentications())));
    parts.put("accessPolicies", digest(List.of(snapshot.accessPolicies())));
    parts.put("destinationRules", digest(List.of(snapshot.destinationRules())));
    parts.put("gateways", digest(snapshot.gateways()));
    parts.put("virtualServices", digest(snapshot.virtualServices()));
    parts.put("sidecars", digest(List.of(snapshot.sidecars())));
    parts.put("telemetries", digest(List.of(snapshot.telemetries())));
    parts.put("envoyFilters", digest(List.of(snapshot.envoyFilters())));
    parts.put("istioGateways", digest(snapshot.istioGateways()));
    // By a number of 32 bits, since their texts say nothing.
    parts.put(
        "credentials",
        digest(
            snapshot.credentials().entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue().hashCode())
                .toList()));
    parts.put("namespaces", digest(snapshot.namespaces().values()));
    return new SnapshotDigest(digest(parts.entrySet()), parts);
  }

  /** Values are records in the order of their keys, so that their texts are the same everywhere. */
  private static String digest(Collection<?> values) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (Object value : values) {
        sha.update(value.toString().getBytes(StandardCharsets.UTF_8));
        sha.update((byte) '\n');
      }
      return HexFormat.of().formatHex(Arrays.copyOf(sha.digest(), DIGITS / 2));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
