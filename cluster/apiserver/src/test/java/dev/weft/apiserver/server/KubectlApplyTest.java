package dev.weft.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.Samples;
import org.junit.jupiter.api.Test;

/** Server-side apply beside writes of other kinds, by the real client. */
class KubectlApplyTest extends RealClient {
  private static Kubectl.Ran apply(String yaml, String... more) throws Exception {
    String[] arguments = new String[4 + more.length];
    arguments[0] = "apply";
    arguments[1] = "--server-side";
    arguments[2] = "-f";
    arguments[3] = "-";
    System.arraycopy(more, 0, arguments, 4, more.length);
    return run(yaml, arguments);
  }

  private static String map(String name, String data) {
    return """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: %s}
        data: %s
        """
        .formatted(name, data);
  }

  private static String owners(String type, String name) throws Exception {
    return kubectl(
        "get",
        type,
        name,
        "--show-managed-fields",
        "-o",
        "jsonpath={range .metadata.managedFields[*]}{.manager}/{.operation}/{.subresource} {end}");
  }

  @Test
  void what_another_wrote_is_taken_over_by_force_only() throws Exception {
    kubectl("create", "configmap", "made", "--from-literal=a=1", "--from-literal=b=1");
    assertThat(owners("configmap", "made")).isEqualTo("kubectl-create/Update/ ");
    assertThat(apply(map("made", "{a: \"2\"}")).err())
        .startsWith(
            "error: Apply failed with 1 conflict: conflict with \"kubectl-create\" using v1:"
                + " .data.a");
    assertThat(apply(map("made", "{a: \"2\"}"), "--force-conflicts").out())
        .isEqualTo("configmap/made serverside-applied\n");
    assertThat(kubectl("get", "configmap", "made", "-o", "jsonpath={.data}"))
        .isEqualTo("{\"a\":\"2\",\"b\":\"1\"}");
    assertThat(owners("configmap", "made")).isEqualTo("kubectl-create/Update/ kubectl/Apply/ ");
  }

  @Test
  void scaling_by_hand_conflicts_with_replicas_that_are_applied() throws Exception {
    String deployment =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 1
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: main, image: "web:1"}]}
        """;
    assertThat(apply(deployment).err()).isEmpty();
    kubectl("scale", "deployment", "web", "--replicas=3");
    assertThat(owners("deployment", "web")).isEqualTo("kubectl/Apply/ kubectl/Update/scale ");
    assertThat(apply(deployment).err())
        .startsWith(
            "error: Apply failed with 1 conflict: conflict with \"kubectl\" with subresource"
                + " \"scale\" using apps/v1: .spec.replicas");
    assertThat(apply(deployment.replace("  replicas: 1\n", "")).err()).isEmpty();
    assertThat(kubectl("get", "deployment", "web", "-o", "jsonpath={.spec.replicas}"))
        .isEqualTo("3");
  }

  @Test
  void who_applied_on_the_client_before_goes_on_without_a_conflict() throws Exception {
    assertThat(run(map("moved", "{a: \"1\", b: \"1\"}"), "apply", "-f", "-").err()).isEmpty();
    assertThat(owners("configmap", "moved")).isEqualTo("kubectl-client-side-apply/Update/ ");
    assertThat(apply(map("moved", "{a: \"2\", b: \"1\"}")).err()).isEmpty();
    // The first of them is kubectl's too: it keeps the annotation for a return to client-side
    // apply.
    assertThat(owners("configmap", "moved"))
        .isEqualTo("kubectl-last-applied/Apply/ kubectl/Apply/ ");
    assertThat(apply(map("moved", "{a: \"2\"}")).err()).isEmpty();
    assertThat(kubectl("get", "configmap", "moved", "-o", "jsonpath={.data}"))
        .isEqualTo("{\"a\":\"2\"}");
  }

  @Test
  void code_in_the_same_process_is_not_accounted_for() throws Exception {
    server.objects().create(Samples.CONFIG_MAPS, "default", Samples.configMap("inside", "x"));
    assertThat(owners("configmap", "inside")).isEmpty();
    assertThat(apply(map("inside", "{key: \"y\"}")).err()).isEmpty();
  }
}
