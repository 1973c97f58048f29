package dev.weft.config;

import static dev.weft.config.Shape.field;

import dev.weft.config.DestinationRule.Subset;
import dev.weft.config.TrafficPolicy.ClientTls;
import dev.weft.config.TrafficPolicy.OutlierDetection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code networking.istio.io DestinationRule}. */
final class DestinationRuleParser {
  private static final int MAX = Integer.MAX_VALUE;

  private static final String CREDENTIAL_OF_GATEWAYS = "credential-of-gateways";

  private static final Shape TUNNEL =
      Shape.Fields.of(
          field("protocol", Shape.TEXT),
          field("targetHost", Shape.TEXT),
          field("targetPort", Shape.Simple.PORT));
  private static final Shape PROXY_PROTOCOL =
      Shape.Fields.of(field("version", new Shape.Text(List.of("V1", "V2"))));
  private static final Shape RETRY_BUDGET =
      Shape.Fields.of(
          field("percent", Shape.Simple.NUMBER),
          field("budgetInterval", Shape.TEXT),
          field("minRetryConcurrency", Shape.Simple.WHOLE));

  private DestinationRuleParser() {}

  static DestinationRule read(ObjectMeta meta, TreeReader spec) {
    spec.required("host");
    String host = spec.string("host");
    if (host.isEmpty()) {
      spec.error("host", "a host is needed");
    } else {
      NameChecks.domain(spec, "host", host);
    }
    Map<String, String> selector =
        NameChecks.workloads(
            spec, "workloadSelector", "matchLabels", "the rule holds for all clients");
    TrafficPolicy policy = policyOf(spec);
    List<Subset> subsets = spec.objects("subsets", DestinationRuleParser::subset);
    boolean selects = !selector.isEmpty();
    secrets(spec, "trafficPolicy", policy, selects);
    for (int i = 0; i < subsets.size(); i++) {
      secrets(spec, "subsets[" + i + "].trafficPolicy", subsets.get(i).trafficPolicy(), selects);
    }
    Set<String> names = new HashSet<>();
    for (Subset subset : subsets) {
      if (!names.add(subset.name())) {
        spec.error("subsets", "two subsets have the name '" + subset.name() + "'; rename one");
      }
    }
    return new DestinationRule(
        meta,
        host,
        policy,
        subsets,
        NameChecks.exportTo(spec, meta.namespace(), !selector.isEmpty()),
        selector);
  }

  /**
   * Secrets that not all clients use.
   *
   * @param selects whether the rule names the sidecars that it holds for
   */
  private static void secrets(TreeReader spec, String path, TrafficPolicy policy, boolean selects) {
    secret(spec, path, policy.tls(), selects);
    int index = 0;
    for (TrafficPolicy port : policy.ports().values()) {
      secret(spec, path + ".portLevelSettings[" + index++ + "]", port.tls(), selects);
    }
  }

  /** Istio: pilot/pkg/networking/core/cluster_tls.go, {@code buildUpstreamClusterTLSContext}. */
  private static void secret(
      TreeReader spec, String path, @Nullable ClientTls tls, boolean selects) {
    if (tls == null || tls.credentialName().isEmpty()) {
      return;
    }
    String field = path + ".tls.credentialName";
    String rest =
        (tls.insecureSkipVerify() ? "" : ", and verify with the roots of the system")
            + " (Istio's send plain text there); a rule with a workloadSelector gives it to the"
            + " sidecars that it selects";
    switch (tls.mode()) {
      case MUTUAL -> {
        if (!selects) {
          // Half of what was asked for.
          spec.warning(
              CREDENTIAL_OF_GATEWAYS,
              field,
              "gateways use the Secret; sidecars show no certificate" + rest);
        }
      }
      case SIMPLE -> {
        if (!selects) {
          spec.note(
              CREDENTIAL_OF_GATEWAYS, field, "gateways use the Secret; sidecars do not" + rest);
        }
      }
      case DISABLE, ISTIO_MUTUAL ->
          spec.warning(
              "unsupported-field",
              field,
              "mode " + tls.mode() + " uses no Secret: write SIMPLE or MUTUAL, or take it away");
    }
  }

  private static Subset subset(TreeReader r) {
    r.required("name");
    String name = r.string("name");
    if (name.isEmpty()) {
      r.error("name", "a subset needs a name");
    } else {
      NameChecks.subset(r, "name", name);
    }
    return new Subset(name, NameChecks.labels(r, "labels"), policyOf(r));
  }

  private static TrafficPolicy policyOf(TreeReader r) {
    TrafficPolicy policy = r.object("trafficPolicy", DestinationRuleParser::policy);
    return policy == null ? TrafficPolicy.NONE : policy;
  }

  private static TrafficPolicy policy(TreeReader r) {
    Map<Integer, TrafficPolicy> ports = new LinkedHashMap<>();
    r.objects(
        "portLevelSettings",
        p -> {
          Integer number = p.object("port", n -> n.integer("number", 0, 1, 65535));
          RouteChecks.oneOf(p, "loadBalancer", "connectionPool", "outlierDetection", "tls");
          TrafficPolicy policy = parts(p, Map.of());
          if (number == null || number == 0) {
            p.error("port", "a port number is needed");
          } else {
            ports.put(number, policy);
          }
          return policy;
        });
    RouteChecks.oneOf(
        r,
        "loadBalancer",
        "connectionPool",
        "outlierDetection",
        "tls",
        "portLevelSettings",
        "tunnel",
        "proxyProtocol",
        "retryBudget");
    r.unsupported("tunnel", TUNNEL, "connections are not tunnelled");
    r.unsupported("proxyProtocol", PROXY_PROTOCOL, "no PROXY header is sent");
    r.unsupported(
        "retryBudget", RETRY_BUDGET, "retries are only limited by connectionPool.http.maxRetries");
    return parts(r, ports);
  }

  private static TrafficPolicy parts(TreeReader r, Map<Integer, TrafficPolicy> ports) {
    return new TrafficPolicy(
        r.object("loadBalancer", LoadBalancerParser::read),
        r.object("connectionPool", ConnectionPoolParser::read),
        r.object("outlierDetection", DestinationRuleParser::outlierDetection),
        r.object("tls", DestinationRuleParser::tls),
        ports);
  }

  private static OutlierDetection outlierDetection(TreeReader r) {
    Integer deprecated = r.optionalInteger("consecutiveErrors", 0, MAX);
    Integer gateway = r.optionalInteger("consecutiveGatewayErrors", 0, MAX);
    boolean split = r.bool("splitExternalLocalOriginErrors", false);
    if (!split && r.integer("consecutiveLocalOriginFailures", 0, 0, MAX) > 0) {
      r.error(
          "consecutiveLocalOriginFailures",
          "failures are not told apart by their origin: set splitExternalLocalOriginErrors");
    }
    r.unsupported(
        "outlierDetectionHttpErrorCodes",
        new Shape.ListOf(Shape.Simple.WHOLE),
        "answers from 500 to 599 are what counts as an error");
    return new OutlierDetection(
        r.optionalInteger("consecutive5xxErrors", 0, MAX),
        gateway != null ? gateway : deprecated,
        r.optionalInteger("consecutiveLocalOriginFailures", 0, MAX),
        split,
        RouteChecks.length(r, "interval"),
        RouteChecks.length(r, "baseEjectionTime"),
        r.optionalInteger("maxEjectionPercent", 0, 100),
        r.optionalInteger("minHealthPercent", 0, 100));
  }

  private static @Nullable ClientTls tls(TreeReader r) {
    ClientTls.Mode mode = r.constant("mode", ClientTls.Mode.class);
    r.unsupported("caCrl", Shape.TEXT, "revocation is not checked");
    ClientTlsChecks.check(r, mode);
    ClientTls tls =
        new ClientTls(
            mode == null ? ClientTls.Mode.DISABLE : mode,
            r.string("sni"),
            List.copyOf(r.strings("subjectAltNames")),
            r.string("credentialName"),
            r.string("clientCertificate"),
            r.string("privateKey"),
            r.string("caCertificates"),
            r.bool("insecureSkipVerify", false));
    return tls;
  }
}
