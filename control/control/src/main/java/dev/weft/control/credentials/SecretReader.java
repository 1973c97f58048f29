package dev.weft.control.credentials;

import dev.weft.config.Credential;
import dev.weft.config.CredentialKey;
import dev.weft.discovery.KubeApi;
import dev.weft.types.ClusterId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads Secrets: in the cluster of the gateway's pods, else in the config API, where the Gateway
 * objects are. The roots of client certificates are in a Secret {@code <credentialName>-cacert}, or
 * in the credential itself.
 */
public final class SecretReader implements CredentialFeed.Reader {
  private final Function<ClusterId, Optional<KubeApi>> clusters;
  private final KubeApi config;

  public SecretReader(Function<ClusterId, Optional<KubeApi>> clusters, KubeApi config) {
    this.clusters = clusters;
    this.config = config;
  }

  @Override
  public Credential read(CredentialKey key) throws KubeApi.RefusedException {
    List<CredentialKey> places = new ArrayList<>(List.of(key));
    if (key.ofRoots()) {
      places.add(key.whole());
    }
    List<KubeApi> servers = new ArrayList<>();
    clusters.apply(key.cluster()).ifPresent(servers::add);
    servers.add(config);
    KubeApi.RefusedException refused = null;
    for (KubeApi server : servers) {
      for (CredentialKey place : places) {
        try {
          Optional<Map<String, Object>> secret =
              server.get(
                  "/api/v1/namespaces/%s/secrets/%s".formatted(place.namespace(), place.name()));
          if (secret.isPresent()) {
            return SecretContent.of(
                key, secret.get().get("data") instanceof Map<?, ?> data ? data : Map.of());
          }
        } catch (KubeApi.RefusedException e) {
          refused = e;
        }
      }
    }
    if (refused == null) {
      return Credential.missing(
          key + " is not there: create it in the namespace of the gateway's pods");
    }
    if (refused.forbidden()) {
      return Credential.missing(
          key
              + " may not be read: give the control plane the right to get Secrets of that"
              + " namespace ("
              + refused.getMessage()
              + ")");
    }
    throw refused;
  }
}
