package dev.weft.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.ApiServerOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rights and what is refused for the sake of security, as the real client shows them. */
class KubectlRightsTest {
  @TempDir static Path directory;
  private static ApiServer server;
  private static Kubectl client;

  @BeforeAll
  static void open() throws Exception {
    server =
        TestServer.open(
            directory.resolve("server"),
            ApiServerOptions.DEFAULTS.withAuthorization(ApiServerOptions.Authorization.RBAC));
    server.start();
    client = Kubectl.of(server, directory);
  }

  @AfterAll
  static void close() throws Exception {
    server.close();
  }

  @Test
  void can_i_answers_by_bindings() throws Exception {
    client.ok("create", "namespace", "team");
    client.ok("create", "rolebinding", "devs", "-n", "team", "--clusterrole=edit", "--user=jo");
    assertThat(client.ok("auth", "can-i", "create", "jobs.batch", "-n", "team", "--as=jo"))
        .isEqualTo("yes\n");
    assertThat(client.run("", "auth", "can-i", "create", "roles", "-n", "team", "--as=jo").out())
        .isEqualTo("no\n");
    assertThat(client.run("", "auth", "can-i", "get", "pods", "-A", "--as=jo").out())
        .isEqualTo("no\n");
    assertThat(client.ok("auth", "can-i", "--list", "-n", "team", "--as=jo"))
        .contains("selfsubjectaccessreviews.authorization.k8s.io", "cronjobs.batch", "/openapi/*");
    assertThat(client.ok("auth", "can-i", "*", "*")).isEqualTo("yes\n");
  }

  @Test
  void roles_that_aggregate_show_what_they_aggregate() throws Exception {
    client.ok("create", "clusterrole", "meshes", "--verb=get", "--resource=nodes");
    client.ok("label", "clusterrole", "meshes", "rbac.authorization.k8s.io/aggregate-to-view=true");
    for (String role : new String[] {"view", "edit", "admin"}) {
      assertThat(client.ok("get", "clusterrole", role, "-o", "jsonpath={.rules[*].resources}"))
          .contains("\"nodes\"");
    }
    client.ok("delete", "clusterrole", "meshes");
    assertThat(client.ok("get", "clusterrole", "admin", "-o", "jsonpath={.rules[*].resources}"))
        .doesNotContain("\"nodes\"");
  }

  @Test
  void nobody_gives_away_more_than_they_have() throws Exception {
    client.ok("create", "namespace", "own");
    client.ok("create", "rolebinding", "admins", "-n", "own", "--clusterrole=admin", "--user=mo");
    Kubectl.Ran more =
        client.run(
            "",
            "create",
            "role",
            "nodes",
            "-n",
            "own",
            "--verb=get,list",
            "--resource=nodes",
            "--as=mo");
    assertThat(more.err())
        .contains(
            "roles.rbac.authorization.k8s.io \"nodes\" is forbidden: user \"mo\""
                + " (groups=[\"system:authenticated\"]) is attempting to grant RBAC permissions"
                + " not currently held:\n"
                + "{APIGroups:[\"\"], Resources:[\"nodes\"], Verbs:[\"get\" \"list\"]}");
    client.ok("create", "role", "pods", "-n", "own", "--verb=get", "--resource=pods", "--as=mo");
    client.ok("create", "rolebinding", "a", "-n", "own", "--role=pods", "--user=x", "--as=mo");
    assertThat(
            client
                .run(
                    "",
                    "create",
                    "rolebinding",
                    "b",
                    "-n",
                    "own",
                    "--clusterrole=cluster-admin",
                    "--user=x",
                    "--as=mo")
                .err())
        .contains("is attempting to grant RBAC permissions not currently held");
    client.ok("create", "clusterrole", "binder", "--verb=bind", "--resource=clusterroles");
    client.ok("create", "clusterrolebinding", "binders", "--clusterrole=binder", "--user=mo");
    client.ok(
        "create",
        "rolebinding",
        "b",
        "-n",
        "own",
        "--clusterrole=cluster-admin",
        "--user=x",
        "--as=mo");
  }

  @Test
  void pods_are_held_to_the_level_of_their_namespace() throws Exception {
    client.ok("create", "namespace", "strict");
    client.ok("label", "ns", "strict", "pod-security.kubernetes.io/enforce=restricted");
    assertThat(client.run("", "run", "web", "--image=web:1", "-n", "strict").err())
        .isEqualTo(
            "Error from server (Forbidden): pods \"web\" is forbidden: violates PodSecurity"
                + " \"restricted:latest\": allowPrivilegeEscalation != false (container \"web\""
                + " must set securityContext.allowPrivilegeEscalation=false), unrestricted"
                + " capabilities (container \"web\" must set"
                + " securityContext.capabilities.drop=[\"ALL\"]), runAsNonRoot != true (pod or"
                + " container \"web\" must set securityContext.runAsNonRoot=true), seccompProfile"
                + " (pod or container \"web\" must set securityContext.seccompProfile.type to"
                + " \"RuntimeDefault\" or \"Localhost\")\n");
    assertThat(client.run("", "create", "deployment", "d", "--image=web:1", "-n", "strict").err())
        .startsWith("Warning: would violate PodSecurity \"restricted:latest\": ");
    client.ok(
        "label", "ns", "strict", "--overwrite", "pod-security.kubernetes.io/enforce=baseline");
    client.ok("run", "web", "--image=web:1", "-n", "strict");
    assertThat(client.run("", "label", "ns", "default", "pod-security.kubernetes.io/warn=no").err())
        .contains("must be one of privileged, baseline, restricted");
  }
}
