package dev.weft.snapshot;

import dev.weft.config.ConfigSet;
import dev.weft.config.DestinationRule;
import dev.weft.config.DestinationRule.Subset;
import dev.weft.config.Diagnostic;
import dev.weft.config.MtlsMode;
import dev.weft.config.TrafficPolicy;
import dev.weft.config.TrafficPolicy.ClientTls;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Clients that are told to speak what servers are told to refuse. */
final class MtlsFindings {
  private MtlsFindings() {}

  static void add(ConfigSet config, MeshSnapshot snapshot, List<Diagnostic> findings) {
    for (DestinationRule rule : config.all(DestinationRule.class)) {
      Optional<MeshService> service =
          snapshot.serviceByHostname(
              HostNames.full(
                  rule.host(), rule.meta().namespace(), snapshot.settings().domainSuffix()));
      if (service.isEmpty()) {
        continue;
      }
      Check check = new Check(rule, service.get(), snapshot, findings);
      check.policy("spec.trafficPolicy", rule.trafficPolicy(), Map.of());
      for (int i = 0; i < rule.subsets().size(); i++) {
        Subset subset = rule.subsets().get(i);
        check.policy(
            "spec.subsets[" + i + "].trafficPolicy", subset.trafficPolicy(), subset.labels());
      }
    }
  }

  /** One rule, and the service that it is for. */
  private record Check(
      DestinationRule rule, MeshService service, MeshSnapshot snapshot, List<Diagnostic> findings) {

    void policy(String path, TrafficPolicy policy, Map<String, String> labels) {
      for (ServicePort port : service.ports()) {
        @Nullable ClientTls tls = policy.forPort(port.number()).tls();
        if (tls != null) {
          port(path, tls.mode(), port, labels);
        }
      }
    }

    private void port(
        String path, ClientTls.Mode mode, ServicePort port, Map<String, String> labels) {
      boolean mutual = mode == ClientTls.Mode.ISTIO_MUTUAL;
      for (ServiceEndpoint endpoint : service.endpoints()) {
        Workload pod = endpoint.workload();
        if (pod == null || !endpoint.labels().entrySet().containsAll(labels.entrySet())) {
          continue;
        }
        MtlsMode demanded = demanded(endpoint, pod, port);
        if (pod.mtls() && !mutual && demanded == MtlsMode.STRICT) {
          add(
              path,
              "it turns mutual TLS off ("
                  + mode
                  + ") for port "
                  + port.number()
                  + ", but pods such as "
                  + endpoint.name()
                  + " refuse everything else by their PeerAuthentication (STRICT): leave tls out,"
                  + " or make that PERMISSIVE");
          return;
        }
        if (mutual && (!pod.mtls() || demanded == MtlsMode.DISABLE)) {
          add(
              path,
              "it demands mutual TLS of the mesh (ISTIO_MUTUAL) for port "
                  + port.number()
                  + ", which pods such as "
                  + endpoint.name()
                  + " do not speak ("
                  + (pod.mtls() ? "PeerAuthentication DISABLE" : "no sidecar")
                  + "): leave tls out, and each pod gets what it speaks");
          return;
        }
      }
    }

    private MtlsMode demanded(ServiceEndpoint endpoint, Workload pod, ServicePort port) {
      return snapshot
          .peerAuthentications()
          .mode(
              pod.key().namespace(),
              pod.labels(),
              endpoint.ports().getOrDefault(port.name(), port.number()));
    }

    private void add(String path, String message) {
      findings.add(
          Diagnostic.error(
              FindingCode.MTLS_CONFLICT, rule.ref().toString(), path + ".tls", message));
    }
  }
}
