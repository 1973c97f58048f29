package dev.weft.cli.console;

import dev.weft.cli.reach.CommandFailure;
import dev.weft.cli.reach.Missing;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;

/**
 * The service account as which somebody looks at the mesh in the console, with the rights of {@code
 * docs/roles/console-reader.yaml} or {@code console-admin.yaml}, and short-lived tokens for it.
 */
final class ConsoleAccount {
  private static final Duration LIFE = Duration.ofHours(1);

  private static final List<String> GROUPS =
      List.of(
          "mesh.weft.dev",
          "istio.alibabacloud.com",
          "networking.istio.io",
          "security.istio.io",
          "telemetry.istio.io",
          "extensions.istio.io");

  private static final List<String> READ = List.of("get", "list", "watch");
  private static final List<String> WRITE =
      List.of("get", "list", "watch", "create", "update", "patch", "delete");

  private final KubernetesClient client;
  private final String namespace;
  private final boolean admin;

  /**
   * @param client of the mesh's own API server
   * @param namespace of the control plane
   */
  ConsoleAccount(KubernetesClient client, String namespace, boolean admin) {
    this.client = client;
    this.namespace = namespace;
    this.admin = admin;
  }

  private String name() {
    return admin ? "weft-console-admin" : "weft-console-reader";
  }

  /** Makes what is missing of the account and its rights; what is there stays as it is. */
  void create() {
    Missing missing = new Missing(client);
    missing.create(
        new ServiceAccountBuilder()
            .withNewMetadata()
            .withName(name())
            .withNamespace(namespace)
            .addToLabels("app", "weft-console")
            .endMetadata()
            .build());
    String role = name() + "-" + namespace;
    missing.create(
        new ClusterRoleBuilder()
            .withNewMetadata()
            .withName(role)
            .addToLabels("app", "weft-console")
            .endMetadata()
            .withRules(
                new PolicyRuleBuilder()
                    .withApiGroups(GROUPS)
                    .withResources("*")
                    .withVerbs(admin ? WRITE : READ)
                    .build())
            .build());
    missing.create(
        new ClusterRoleBindingBuilder()
            .withNewMetadata()
            .withName(role)
            .addToLabels("app", "weft-console")
            .endMetadata()
            .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
            .addNewSubject("", "ServiceAccount", name(), namespace)
            .build());
  }

  /** A token that ends by itself. */
  String token() {
    TokenRequest made =
        client
            .serviceAccounts()
            .inNamespace(namespace)
            .withName(name())
            .tokenRequest(
                new TokenRequestBuilder()
                    .withNewSpec()
                    .withExpirationSeconds(LIFE.toSeconds())
                    .endSpec()
                    .build());
    if (made == null || made.getStatus() == null || made.getStatus().getToken() == null) {
      throw CommandFailure.failed(
          "the API server gave no token for service account " + namespace + "/" + name());
    }
    return made.getStatus().getToken();
  }
}
