package dev.weft.snapshot;

import dev.weft.config.Credential;
import dev.weft.config.CredentialKey;
import dev.weft.config.Diagnostic;
import dev.weft.config.GatewayConfig;
import java.util.List;
import java.util.Map;

/** Gateways and clients whose certificates cannot be had. */
final class CredentialFindings {
  private CredentialFindings() {}

  static void add(MeshSnapshot snapshot, List<Diagnostic> findings) {
    clients(snapshot, findings);
    for (GatewayConfig gateway : snapshot.gateways()) {
      for (int i = 0; i < gateway.servers().size(); i++) {
        for (String name : Credentials.names(gateway.servers().get(i))) {
          for (Map.Entry<CredentialKey, Credential> each : snapshot.credentials().entrySet()) {
            if (each.getKey().name().equals(name)
                && !each.getValue().usable()
                && selected(gateway, each.getKey(), snapshot)) {
              findings.add(
                  Diagnostic.error(
                      FindingCode.INVALID_CREDENTIAL,
                      gateway.ref().toString(),
                      "spec.servers[" + i + "].tls.credentialName",
                      each.getValue().problem()));
            }
          }
        }
      }
    }
  }

  private static void clients(MeshSnapshot snapshot, List<Diagnostic> findings) {
    for (MergedDestinationRule rule : snapshot.destinationRules().all()) {
      List<String> names = Credentials.names(rule);
      snapshot
          .credentials()
          .forEach(
              (key, credential) -> {
                if (names.contains(key.name())
                    && !credential.usable()
                    && used(rule, key, snapshot)) {
                  findings.add(
                      Diagnostic.error(
                          FindingCode.INVALID_CREDENTIAL,
                          rule.sources().getFirst().toString(),
                          "spec.trafficPolicy.tls.credentialName",
                          credential.problem()));
                }
              });
    }
  }

  private static boolean used(
      MergedDestinationRule rule, CredentialKey key, MeshSnapshot snapshot) {
    return snapshot.workloads().values().stream()
        .filter(w -> w.key().cluster().equals(key.cluster()))
        .filter(w -> w.key().namespace().equals(key.namespace()))
        .anyMatch(w -> Credentials.uses(rule, w, snapshot));
  }

  private static boolean selected(GatewayConfig gateway, CredentialKey key, MeshSnapshot snapshot) {
    return snapshot.workloads().values().stream()
        .filter(w -> w.key().cluster().equals(key.cluster()))
        .filter(w -> w.key().namespace().equals(key.namespace()))
        .anyMatch(w -> w.labels().entrySet().containsAll(gateway.selector().entrySet()));
  }
}
