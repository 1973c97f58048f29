package dev.weft.cli.remote;

import dev.weft.cli.reach.CommandFailure;
import dev.weft.cli.reach.Missing;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The service account as which a control plane reads a cluster. */
final class ReaderAccount {
  /** As Istio's. */
  static final String NAME = "istio-reader-service-account";

  private static final String TOKEN_TYPE = "kubernetes.io/service-account-token";
  private static final String OWNER = "kubernetes.io/service-account.name";
  private static final int TOKEN_SECONDS = 20;

  private static final List<String> READ = List.of("get", "list", "watch");

  private final KubernetesClient client;
  private final String namespace;

  ReaderAccount(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  boolean exists(String name) {
    return client.serviceAccounts().inNamespace(namespace).withName(name).get() != null;
  }

  /** Makes what is missing: the namespace, the account, and the right to read. */
  void create() {
    absent(new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build());
    absent(
        new ServiceAccountBuilder()
            .withNewMetadata()
            .withName(NAME)
            .withNamespace(namespace)
            .addToLabels("app", "istio-reader")
            .endMetadata()
            .build());
    String role = "istio-reader-clusterrole-" + namespace;
    absent(
        new ClusterRoleBuilder()
            .withNewMetadata()
            .withName(role)
            .addToLabels("app", "istio-reader")
            .endMetadata()
            .withRules(rules())
            .build());
    absent(
        new ClusterRoleBindingBuilder()
            .withNewMetadata()
            .withName(role)
            .addToLabels("app", "istio-reader")
            .endMetadata()
            .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
            .addNewSubject("", "ServiceAccount", NAME, namespace)
            .build());
  }

  /** What a remote secret allows: to read, and to have tokens and rights reviewed. */
  static List<PolicyRule> rules() {
    return List.of(
        rule(
            "",
            READ,
            "configmaps",
            "endpoints",
            "namespaces",
            "nodes",
            "pods",
            "replicationcontrollers",
            "secrets",
            "services"),
        rule("apps", READ, "replicasets"),
        rule("discovery.k8s.io", READ, "endpointslices"),
        rule("apiextensions.k8s.io", READ, "customresourcedefinitions"),
        rule("gateway.networking.k8s.io", READ, "*"),
        rule("networking.istio.io", READ, "*"),
        rule("security.istio.io", READ, "*"),
        rule("telemetry.istio.io", READ, "*"),
        rule("multicluster.x-k8s.io", READ, "serviceexports", "serviceimports"),
        rule("authentication.k8s.io", List.of("create"), "tokenreviews"),
        rule("authorization.k8s.io", List.of("create"), "subjectaccessreviews"));
  }

  private static PolicyRule rule(String group, List<String> verbs, String... resources) {
    return new PolicyRuleBuilder()
        .withApiGroups(group)
        .withVerbs(verbs)
        .withResources(resources)
        .build();
  }

  private void absent(HasMetadata object) {
    new Missing(client).create(object);
  }

  /**
   * A token that does not end, with the CA of the API server that issued it.
   *
   * @param ca PEM in base64
   * @param token a secret
   */
  record Credentials(String ca, String token) {
    @Override
    public String toString() {
      return "Credentials";
    }
  }

  /** Makes the Secret that Kubernetes puts a token into, unless it is there, and waits for it. */
  Credentials token(String account) {
    String name = account + "-istio-remote-secret-token";
    absent(
        new SecretBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(namespace)
            .withAnnotations(Map.of(OWNER, account))
            .endMetadata()
            .withType(TOKEN_TYPE)
            .build());
    try {
      return credentials(
          client
              .secrets()
              .inNamespace(namespace)
              .withName(name)
              .waitUntilCondition(ReaderAccount::filled, TOKEN_SECONDS, TimeUnit.SECONDS));
    } catch (KubernetesClientTimeoutException e) {
      throw new CommandFailure(
          CommandFailure.Kind.FAILED,
          "Secret "
              + namespace
              + "/"
              + name
              + " got no token within "
              + TOKEN_SECONDS
              + " s: does the cluster's controller manager run, and is there a service account "
              + account
              + "?",
          e);
    }
  }

  /** The token in a Secret that is there already. */
  Credentials tokenIn(String secretName) {
    Secret secret = client.secrets().inNamespace(namespace).withName(secretName).get();
    if (secret == null) {
      throw CommandFailure.failed(
          "no Secret " + namespace + "/" + secretName + ": leave --secret-name out to make one");
    }
    if (!filled(secret)) {
      throw CommandFailure.failed(
          "Secret "
              + namespace
              + "/"
              + secretName
              + " has no entry 'token': it is not one of type "
              + TOKEN_TYPE);
    }
    return credentials(secret);
  }

  private static boolean filled(Secret secret) {
    return secret != null && secret.getData() != null && secret.getData().containsKey("token");
  }

  private static Credentials credentials(Secret secret) {
    Map<String, String> data = secret.getData();
    String token =
        new String(Base64.getDecoder().decode(data.get("token")), StandardCharsets.UTF_8);
    return new Credentials(data.getOrDefault("ca.crt", ""), token);
  }
}
