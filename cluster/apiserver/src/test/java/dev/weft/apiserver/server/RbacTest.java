package dev.weft.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.ApiServerOptions;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Samples;
import dev.weft.apiserver.Selector;
import dev.weft.apiserver.auth.Authorizer;
import dev.weft.apiserver.auth.Identity;
import dev.weft.apiserver.auth.RbacAuthorizer;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.storage.ObjectKey;
import dev.weft.apiserver.storage.Store;
import dev.weft.apiserver.storage.TypeKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RbacTest {
  private static final ResourceType CLUSTER_ROLE_BINDINGS =
      new ResourceType(
          "rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", false);
  private static final ResourceType ROLE_BINDINGS =
      new ResourceType("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", true);

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "get, '', pods, '', web, true",
    "get, '', pods, log, web, true",
    "get, '', pods, exec, web, false",
    "delete, '', pods, '', web, false",
    "get, apps, pods, '', web, false",
    "update, '', configmaps, '', lock, true",
    "update, '', configmaps, '', other, false",
    "create, '', configmaps, '', '', false",
    "patch, apps, deployments, scale, web, true"
  })
  void rules_match_by_verb_group_resource_and_name(
      String verb, String group, String resource, String part, String name, boolean allowed) {
    var rules =
        Json.objects(
            Samples.yaml(
                    """
                    rules:
                    - {apiGroups: [""], resources: [pods, pods/log], verbs: [get, list]}
                    - {apiGroups: [""], resources: [configmaps], verbs: [update], resourceNames: [lock]}
                    - {apiGroups: ["*"], resources: ["*/scale"], verbs: ["*"]}
                    """)
                .get("rules"));
    Authorizer.Action action =
        new Authorizer.Action(verb, group, "v1", resource, part, "default", name, "");
    assertThat(rules.stream().anyMatch(rule -> RbacAuthorizer.matches(rule, action)))
        .isEqualTo(allowed);
  }

  @Test
  void accounts_may_do_what_is_bound_to_them_where_it_is_bound() throws Exception {
    try (ApiServer server = TestServer.open(directory.resolve("objects"));
        Store store = new Store("rbac", directory.resolve("rbac.db"))) {
      ObjectStore objects = server.objects();
      objects.create(
          ROLE_BINDINGS,
          "default",
          Samples.yaml(
              """
              metadata: {name: viewers}
              roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
              subjects: [{kind: ServiceAccount, namespace: default, name: robot}]
              """));
      for (String plural :
          List.of("roles", "clusterroles", "rolebindings", "clusterrolebindings")) {
        String kind =
            switch (plural) {
              case "roles" -> "Role";
              case "clusterroles" -> "ClusterRole";
              case "rolebindings" -> "RoleBinding";
              default -> "ClusterRoleBinding";
            };
        ResourceType type =
            new ResourceType(
                "rbac.authorization.k8s.io", "v1", plural, kind, !plural.startsWith("cluster"));
        for (var object : objects.list(type, "", Selector.ALL).items()) {
          store.put(
              TypeKey.of(type),
              new ObjectKey(
                  Json.text(object, "metadata", "namespace"),
                  Json.text(object, "metadata", "name")),
              java.util.Optional.empty(),
              object);
        }
      }
      RbacAuthorizer rbac = new RbacAuthorizer(store);
      Identity robot =
          new Identity(
              "system:serviceaccount:default:robot",
              "",
              List.of("system:serviceaccounts", "system:authenticated"),
              Map.of());
      assertThat(rbac.allows(robot, list("pods", "default"))).isTrue();
      assertThat(rbac.allows(robot, list("pods", "kube-system"))).isFalse();
      assertThat(rbac.allows(robot, list("secrets", "default"))).isFalse();
      assertThat(rbac.allows(robot, path("/apis/apps/v1"))).isTrue();
      assertThat(rbac.allows(robot, path("/metrics"))).isFalse();
      assertThat(rbac.allows(Identity.ADMIN, list("secrets", ""))).isTrue();
      assertThat(objects.get(CLUSTER_ROLE_BINDINGS, "", "cluster-admin")).isPresent();
    }
  }

  @Test
  void a_server_with_rbac_refuses_by_name_what_is_not_bound() throws Exception {
    ApiServerOptions options =
        ApiServerOptions.DEFAULTS.withAuthorization(ApiServerOptions.Authorization.RBAC);
    try (ApiServer server = TestServer.open(directory.resolve("server"), options);
        HttpClient client = client(server)) {
      server.start();
      String token =
          server.serviceAccountToken(
              "default", "default", List.of(), Duration.ofHours(1), Optional.empty());
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(
                      "https://127.0.0.1:" + server.port() + "/api/v1/namespaces/default/pods"))
              .header("Authorization", "Bearer " + token)
              .build();
      HttpResponse<String> refused = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body())
          .contains(
              "User \\\"system:serviceaccount:default:default\\\" cannot list resource"
                  + " \\\"pods\\\" in API group \\\"\\\" in the namespace \\\"default\\\"");
      server
          .objects()
          .create(
              ROLE_BINDINGS,
              "default",
              Samples.yaml(
                  """
                  metadata: {name: viewers}
                  roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
                  subjects: [{kind: ServiceAccount, namespace: default, name: default}]
                  """));
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void acting_as_somebody_else_has_their_rights_and_needs_the_right_to() throws Exception {
    ApiServerOptions options =
        ApiServerOptions.DEFAULTS.withAuthorization(ApiServerOptions.Authorization.RBAC);
    try (ApiServer server = TestServer.open(directory.resolve("server"), options);
        HttpClient client = client(server)) {
      server.start();
      String admin = server.adminToken();
      String account =
          server.serviceAccountToken(
              "default", "default", List.of(), Duration.ofHours(1), Optional.empty());
      String me = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
      assertThat(
              ask(client, server, admin, me, "Impersonate-User", "jo", "Impersonate-Group", "ops"))
          .contains("\"username\":\"jo\"", "\"groups\":[\"ops\",\"system:authenticated\"]");
      assertThat(ask(client, server, admin, me, "Impersonate-User", "system:serviceaccount:a:b"))
          .contains("\"system:serviceaccounts:a\"");
      assertThat(ask(client, server, admin, "/api/v1/secrets", "Impersonate-User", "jo"))
          .contains("User \\\"jo\\\" cannot create resource \\\"secrets\\\"");
      assertThat(ask(client, server, account, me, "Impersonate-User", "kubernetes-admin"))
          .contains(
              "users \\\"kubernetes-admin\\\" is forbidden: User"
                  + " \\\"system:serviceaccount:default:default\\\" cannot impersonate resource"
                  + " \\\"users\\\"");
      assertThat(ask(client, server, account, me, "Impersonate-Group", "system:masters"))
          .contains("without impersonating a user");
    }
  }

  /** Posts an empty review. */
  private static String ask(
      HttpClient client, ApiServer server, String token, String path, String... headers)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .headers(headers)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"apiVersion\": \"authentication.k8s.io/v1\", \"kind\":"
                        + " \"SelfSubjectReview\"}"))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private static HttpClient client(ApiServer server) throws Exception {
    return HttpClient.newBuilder().sslContext(TestServer.trust(server)).build();
  }

  private static Authorizer.Action list(String resource, String namespace) {
    return new Authorizer.Action("list", "", "v1", resource, "", namespace, "", "");
  }

  private static Authorizer.Action path(String path) {
    return new Authorizer.Action("get", "", "", "", "", "", "", path);
  }
}
