package dev.weft.snapshot;

import dev.weft.config.CredentialKey;
import dev.weft.config.GatewayConfig;
import dev.weft.config.GatewayConfig.Server;
import dev.weft.config.GatewayConfig.ServerTls;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which Secrets gateways need for TLS. */
public final class Credentials {
  private Credentials() {}

  /** Those of all gateways that there are, each in the cluster and namespace of its pods. */
  public static SortedSet<CredentialKey> wanted(MeshSnapshot snapshot) {
    SortedSet<CredentialKey> wanted = new TreeSet<>();
    for (GatewayConfig gateway : snapshot.gateways()) {
      List<String> names =
          gateway.servers().stream().flatMap(s -> names(s).stream()).distinct().toList();
      if (names.isEmpty() || gateway.selector().isEmpty()) {
        continue;
      }
      for (Workload pod : snapshot.workloads().values()) {
        if (pod.labels().entrySet().containsAll(gateway.selector().entrySet())) {
          names.forEach(
              name ->
                  wanted.add(new CredentialKey(pod.key().cluster(), pod.key().namespace(), name)));
        }
      }
    }
    return wanted;
  }

  /** The names of the Secrets of a server. */
  public static List<String> names(Server server) {
    @Nullable ServerTls tls = server.tls();
    if (tls == null || tls.credentialName().isEmpty()) {
      return List.of();
    }
    return switch (tls.mode()) {
      case SIMPLE -> List.of(tls.credentialName());
      case MUTUAL, OPTIONAL_MUTUAL ->
          List.of(tls.credentialName(), CredentialKey.roots(tls.credentialName()));
      case ISTIO_MUTUAL, PASSTHROUGH, AUTO_PASSTHROUGH -> List.of();
    };
  }
}
