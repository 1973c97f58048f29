package dev.weft.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.apiserver.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecurityChecksTest {
  private static JsonNode spec(String yaml) {
    return Samples.yaml("{" + yaml + "}");
  }

  @Test
  void a_plain_pod_is_baseline_and_lacks_four_things_of_restricted() {
    JsonNode plain = spec("containers: [{name: main}]");
    assertThat(SecurityChecks.baseline(plain)).isEmpty();
    assertThat(SecurityChecks.restricted(plain))
        .containsExactly(
            "allowPrivilegeEscalation != false (container \"main\" must set"
                + " securityContext.allowPrivilegeEscalation=false)",
            "unrestricted capabilities (container \"main\" must set"
                + " securityContext.capabilities.drop=[\"ALL\"])",
            "runAsNonRoot != true (pod or container \"main\" must set"
                + " securityContext.runAsNonRoot=true)",
            "seccompProfile (pod or container \"main\" must set"
                + " securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")");
  }

  @Test
  void a_careful_pod_is_restricted() {
    assertThat(
            SecurityChecks.restricted(
                spec(
                    "securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}},"
                        + " volumes: [{name: a, emptyDir: {}}, {name: b, secret: {}}],"
                        + " containers: [{name: main, securityContext:"
                        + " {allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add:"
                        + " [NET_BIND_SERVICE]}}}]")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hostNetwork: true, hostPID: true, containers: []"
            + "|host namespaces (hostNetwork=true, hostPID=true)",
        "containers: [{name: a, securityContext: {privileged: true}}, {name: b, securityContext:"
            + " {privileged: true}}]"
            + "|privileged (containers \"a\", \"b\" must not set securityContext.privileged=true)",
        "initContainers: [{name: i, securityContext: {capabilities: {add: [NET_ADMIN, CHOWN]}}}]"
            + "|non-default capabilities (container \"i\" must not include \"NET_ADMIN\" in"
            + " securityContext.capabilities.add)",
        "volumes: [{name: disk, hostPath: {path: /}}]|hostPath volumes (volume \"disk\")",
        "containers: [{name: a, ports: [{hostPort: 80}, {hostPort: 81}]}]"
            + "|hostPort (container \"a\" uses hostPorts 80, 81)",
        "securityContext: {seccompProfile: {type: Unconfined}}, containers: [{name: a}]"
            + "|seccompProfile (pod must not set securityContext.seccompProfile.type to"
            + " \"Unconfined\")",
        "securityContext: {sysctls: [{name: kernel.msgmax}]}|forbidden sysctls (kernel.msgmax)",
        "containers: [{name: a, securityContext: {procMount: Unmasked}}]"
            + "|procMount (container \"a\" must not set securityContext.procMount to"
            + " \"Unmasked\")"
      })
  void baseline_objects_in_the_words_of_kubernetes(String pod, String objection) {
    assertThat(SecurityChecks.baseline(spec(pod))).containsExactly(objection);
  }

  @Test
  void root_is_refused_whoever_asks_for_it() {
    assertThat(
            SecurityChecks.restricted(
                spec(
                    "securityContext: {runAsNonRoot: false, runAsUser: 0}, volumes: [{name: disk,"
                        + " hostPath: {path: /}}], containers: [{name: a, securityContext:"
                        + " {runAsUser: 0}}]")))
        .contains(
            "runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)",
            "runAsUser=0 (pod and container \"a\" must not set runAsUser=0)",
            "restricted volume types (volume \"disk\" uses restricted volume type \"hostPath\")");
  }
}
