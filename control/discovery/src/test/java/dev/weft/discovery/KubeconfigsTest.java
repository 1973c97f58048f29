package dev.weft.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeconfigsTest {
  private static String kubeconfig(String cluster, String user) {
    return """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: 'https://127.0.0.1:6443'%s}}]
        users: [{name: u, user: {%s}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """
        .formatted(cluster, user);
  }

  @Test
  void a_token_and_inline_certificates_are_fine() {
    assertThat(
            Kubeconfigs.objection(
                kubeconfig(", certificate-authority-data: Zm9v", "token: secret")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "|exec: {command: /bin/sh}|exec",
        "|auth-provider: {name: gcp}|auth-provider",
        "|tokenFile: /etc/passwd|tokenFile",
        "|client-key: /etc/ssl/key|client-key",
        "|client-certificate: /etc/ssl/crt|client-certificate",
        "', certificate-authority: /etc/ssl/ca'|token: x|certificate-authority",
      })
  void what_runs_programs_or_reads_files_here_is_refused_by_name(
      String cluster, String user, String named) {
    String text = kubeconfig(cluster == null ? "" : cluster, user);
    assertThat(Kubeconfigs.objection(text)).hasValueSatisfying(o -> assertThat(o).contains(named));
  }

  @ParameterizedTest
  @CsvSource({"just text", "'a: [b'", "'clusters: []'", "'clusters: &a [*a]'"})
  void what_is_no_kubeconfig_is_refused(String text) {
    assertThat(Kubeconfigs.objection(text)).isPresent();
  }
}
