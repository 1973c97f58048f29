package dev.weft.discovery;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;

/**
 * An API server as others see it: with the token that they bring, and with nothing of the
 * credentials of this process, neither its token nor its client certificate. Thread-safe.
 */
public final class UserApis implements AutoCloseable {
  private final KubernetesClient nobody;

  private UserApis(KubernetesClient nobody) {
    this.nobody = nobody;
  }

  /** The same server that a client has. */
  static UserApis of(KubernetesClient client) {
    Config config =
        new ConfigBuilder(client.getConfiguration())
            .withAutoConfigure(false)
            .withOauthToken(null)
            .withAutoOAuthToken(null)
            // Without one, the library reads the kubeconfig again after a minute, or a refusal, and
            // sends the token that stands there instead of the caller's.
            .withOauthTokenProvider(() -> "")
            .withUsername(null)
            .withPassword(null)
            .withAuthProvider(null)
            .withClientCertData(null)
            .withClientCertFile(null)
            .withClientKeyData(null)
            .withClientKeyFile(null)
            .withKeyStoreFile(null)
            .withCurrentContext(null)
            .withContexts(List.of())
            .build();
    return new UserApis(Kubeconfigs.client(config));
  }

  /**
   * As whoever has a token.
   *
   * @param token not empty, and fit for a header
   */
  public KubeApi with(String token) {
    if (token.isBlank()) {
      throw new IllegalArgumentException("a token is needed");
    }
    return new KubeApi(nobody, token);
  }

  @Override
  public void close() {
    nobody.close();
  }
}
