package dev.weft.control.status;

import static dev.weft.control.status.Schema.bool;
import static dev.weft.control.status.Schema.constants;
import static dev.weft.control.status.Schema.field;
import static dev.weft.control.status.Schema.integer;
import static dev.weft.control.status.Schema.labels;
import static dev.weft.control.status.Schema.list;
import static dev.weft.control.status.Schema.map;
import static dev.weft.control.status.Schema.number;
import static dev.weft.control.status.Schema.object;
import static dev.weft.control.status.Schema.port;
import static dev.weft.control.status.Schema.required;
import static dev.weft.control.status.Schema.string;
import static dev.weft.control.status.Schema.strings;

import dev.weft.control.status.Schema.Field;
import java.util.List;
import java.util.Map;

/** The schema of DestinationRules: the fields of the Istio API. */
final class DestinationRuleSchema {
  private DestinationRuleSchema() {}

  private static Map<String, Object> localities() {
    return object(
        field("enabled", bool()),
        field("distribute", list(object(field("from", string()), field("to", map(integer()))))),
        field("failover", list(object(field("from", string()), field("to", string())))),
        field("failoverPriority", strings()));
  }

  private static Map<String, Object> loadBalancer() {
    return object(
        field(
            "simple",
            constants(
                "UNSPECIFIED",
                "LEAST_CONN",
                "RANDOM",
                "PASSTHROUGH",
                "ROUND_ROBIN",
                "LEAST_REQUEST")),
        field(
            "consistentHash",
            object(
                field("httpHeaderName", string()),
                field(
                    "httpCookie",
                    object(
                        field("name", string()),
                        field("path", string()),
                        field("ttl", string()),
                        field(
                            "attributes",
                            list(object(field("name", string()), field("value", string())))))),
                field("useSourceIp", bool()),
                field("httpQueryParameterName", string()),
                field("minimumRingSize", integer()),
                field("ringHash", object(field("minimumRingSize", integer()))),
                field("maglev", object(field("tableSize", integer()))))),
        field("localityLbSetting", localities()),
        field(
            "zoneAwareLbSetting",
            object(
                field("enabled", bool()),
                field("failover", list(object(field("from", string()), field("to", string())))),
                field("failoverPriority", strings()),
                field("minClusterSize", integer()))),
        field("warmupDurationSecs", string()),
        field(
            "warmup",
            object(
                field("duration", string()),
                field("minimumPercent", number()),
                field("aggression", number()))));
  }

  private static Map<String, Object> connectionPool() {
    return object(
        field(
            "tcp",
            object(
                field("maxConnections", integer()),
                field("connectTimeout", string()),
                field("maxConnectionDuration", string()),
                field("idleTimeout", string()),
                field(
                    "tcpKeepalive",
                    object(
                        field("probes", integer()),
                        field("time", string()),
                        field("interval", string()))))),
        field(
            "http",
            object(
                field("http1MaxPendingRequests", integer()),
                field("http2MaxRequests", integer()),
                field("maxRequestsPerConnection", integer()),
                field("maxRetries", integer()),
                field("idleTimeout", string()),
                field("h2UpgradePolicy", constants("DEFAULT", "DO_NOT_UPGRADE", "UPGRADE")),
                field("useClientProtocol", bool()),
                field("maxConcurrentStreams", integer()),
                field(
                    "http2KeepAlive",
                    object(field("interval", string()), field("timeout", string()))))));
  }

  private static Map<String, Object> outlierDetection() {
    return object(
        field("splitExternalLocalOriginErrors", bool()),
        field("consecutiveLocalOriginFailures", integer()),
        field("consecutiveErrors", integer()),
        field("consecutiveGatewayErrors", integer()),
        field("consecutive5xxErrors", integer()),
        field("interval", string()),
        field("baseEjectionTime", string()),
        field("maxEjectionPercent", integer()),
        field("minHealthPercent", integer()),
        field("outlierDetectionHttpErrorCodes", list(integer())));
  }

  private static List<Field> policyParts() {
    return List.of(
        field("loadBalancer", loadBalancer()),
        field("connectionPool", connectionPool()),
        field("outlierDetection", outlierDetection()),
        field(
            "tls",
            object(
                field("mode", constants("DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL")),
                field("clientCertificate", string()),
                field("privateKey", string()),
                field("caCertificates", string()),
                field("caCrl", string()),
                field("credentialName", string()),
                field("subjectAltNames", strings()),
                field("sni", string()),
                field("insecureSkipVerify", bool()))));
  }

  private static Map<String, Object> trafficPolicy() {
    return object(
        policyParts(),
        field(
            "portLevelSettings",
            list(object(policyParts(), field("port", object(field("number", port())))))),
        field(
            "tunnel",
            object(
                field("protocol", string()),
                field("targetHost", string()),
                field("targetPort", port()))),
        field("proxyProtocol", object(field("version", constants("V1", "V2")))),
        field(
            "retryBudget",
            object(
                field("percent", number()),
                field("budgetInterval", string()),
                field("minRetryConcurrency", integer()))));
  }

  static Map<String, Object> destinationRule() {
    return required(
        object(
            field("host", string()),
            field("trafficPolicy", trafficPolicy()),
            field(
                "subsets",
                list(
                    required(
                        object(
                            field("name", string()),
                            field("labels", labels()),
                            field("trafficPolicy", trafficPolicy())),
                        "name"))),
            field("exportTo", strings()),
            field("workloadSelector", object(field("matchLabels", labels())))),
        "host");
  }
}
